"""The parts of a list page beside its rows: columns, query form, tabs and page numbers."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.deadline import LATE, SOON
from app.core.register import Register
from app.web.cells import Names
from app.web.criteria import MOST_GROUPS, MOST_IN_GROUP, offered, operator_words, parse
from app.web.lists import SIZES, TAB_CAP, Slice, filtered_columns, state_counts
from app.web.shown import choosable, label, visible
from app.web.table import opening

NUMERIC = ("money", "count", "decimal")
RANGES = ("day", "month", *NUMERIC)
Address = Callable[..., str]


def address_of(base: str, args: Mapping[str, str]) -> Address:
    """A maker of addresses of this same list with some of its words changed; None takes a word away."""

    def made(**changes: Any) -> str:
        from urllib.parse import urlencode

        words = {**args, **dict(changes.items())}
        kept = {k: v for k, v in words.items() if v not in (None, "")}
        return f"{base}?{urlencode(kept)}" if kept else base

    return made


def columns(register: Register, args: Mapping[str, str], address: Address) -> list[dict[str, Any]]:
    """The listed columns, with the address that sorts by each."""
    asked, made = args.get("sort", ""), []
    for name in visible(register, args):
        column = register.columns.get(name)
        kind = column.info["kind"] if column is not None else "text"
        sortable = column is not None and kind != "sealed"
        direction, words = {name: "asc", f"-{name}": "desc"}.get(asked, ""), str(label(register, name))
        made.append({
            "name": name, "label": words, "kind": kind, "numeric": kind in NUMERIC, "sorted": direction,
            "opening": opening(name, words, kind in NUMERIC),
            "sort_url": address(sort=f"-{name}" if direction == "asc" else name, page=None) if sortable else None,
        })
    return made


def choices(register: Register, args: Mapping[str, str]) -> list[dict[str, Any]]:
    """Every column of the settings menu, those shown first and in their order."""
    now = visible(register, args)
    rest = [name for name in choosable(register) if name not in now]
    return [{"name": name, "label": label(register, name), "shown": name in now} for name in (*now, *rest)]


def filters(register: Register, args: Mapping[str, str], names: Names) -> list[dict[str, Any]]:
    """The fields of the query form with what was asked."""
    return [_filter(name, column, args, names) for name, column in filtered_columns(register).items() if name != register.states]


def pointed(register: Register, args: Mapping[str, str]) -> dict[str, set[Any]]:
    """The rows of other registers that the query form or a condition names, so that their names are read with those of the list."""
    wanted: dict[str, set[Any]] = {}
    asked = [(name, value) for name in filtered_columns(register) for value in args.get(name, "").split(",")]
    asked += [(name, value) for group in parse(register, args.get("where"))[1:] for name, _operator, *values in group[1:] for value in values]
    for name, value in asked:
        kind = register.columns[name].info["kind"]
        if value and kind == "division":
            wanted.setdefault("divisions", set()).add(value[:40])
        elif kind == "link" and value.isascii() and value.isdecimal() and len(value) < 19:
            wanted.setdefault(register.columns[name].info["register"], set()).add(int(value))
    return wanted


def _filter(name: str, column: Any, args: Mapping[str, str], names: Names) -> dict[str, Any]:
    kind, value = column.info["kind"], args.get(name, "")
    made = {"name": name, "label": column.info["label"], "kind": kind, "state": args.get(f"{name}_is", ""), "value": value,
            "options": [], "picked": value.split(","), "low": args.get(f"{name}_from", ""), "high": args.get(f"{name}_to", ""),
            "chosen": [], "remote": None}
    if kind == "choice":
        made["options"] = [(member.value, member.label) for member in column.info["choice"]]
    if kind in ("link", "division"):
        target = column.info.get("register", "divisions")
        made["remote"] = url_for("LookupPage.find", name=target)
        made["chosen"] = [(one, names.of(target, one)) for one in value.split(",") if one]
    made["kind"] = {"number": "text", "phone": "text", "month": "day"}.get(kind, "number" if kind in NUMERIC else kind)
    return made


def active(register: Register, args: Mapping[str, str], address: Address) -> list[dict[str, Any]]:
    """What narrows the list now, each with the address that takes it away."""
    made = [(_("Keyword"), ("q",)), (_("Status"), ("state",)), (_("Time limits"), ("due",)), (_("Conditions"), ("where",))]
    made.append((_("Chosen rows"), ("ids",)))
    made += [(column.info["label"], (name, f"{name}_from", f"{name}_to", f"{name}_is")) for name, column in filtered_columns(register).items()]
    return [{"label": label, "names": names, "url": address(**dict.fromkeys((*names, "page")))}
            for label, names in made if any(args.get(name) for name in names)]


def builder(register: Register, args: Mapping[str, str], names: Names) -> dict[str, Any]:
    """What the condition builder needs: the columns with their operators, and the groups asked now."""
    columns = []
    for name, column in offered(register).items():
        kind, target = column.info["kind"], column.info.get("register", "divisions")
        flag = [["1", _("Yes")], ["0", _("No")]] if kind == "flag" else []
        choices = [[member.value, str(member.label)] for member in column.info["choice"]] if kind == "choice" else flag
        columns.append({
            "name": name, "label": str(column.info["label"]), "operators": operator_words(kind), "choices": choices,
            "remote": url_for("LookupPage.find", name=target) if kind in ("link", "division") else "",
            "type": {"day": "date", "month": "month"}.get(kind, "number" if kind in NUMERIC else "text")})
    asked = parse(register, args.get("where"))
    known = {value: names.of(target, value) for target, keys in pointed(register, args).items() for value in map(str, keys)}
    return {"columns": columns, "asked": asked, "names": known, "groups": MOST_GROUPS, "conditions": MOST_IN_GROUP}


def _many(count: int) -> str:
    return str(count) if count <= TAB_CAP else f"{TAB_CAP}+"


def tabs(register: Register, args: Mapping[str, str], address: Address) -> list[dict[str, Any]]:
    """All, and each state, with how many rows there are."""
    if not register.states:
        return []
    counts, asked, due = state_counts(register, args), args.get("state", ""), args.get("due", "")
    states = list(register.columns[register.states].info["choice"])
    made = [{"label": _("All"), "count": _many(sum(counts[state] for state in states)), "url": address(state=None, due=None, page=None),
             "active": not (asked or due)}]
    made += [{"label": state.label, "count": _many(counts[state]), "active": asked == state.value and not due,
              "url": address(state=state.value, due=None, page=None)} for state in states]
    if register.deadline:
        soon = _("Within %(days)s days", days=register.deadline.soon)
        made += [{"label": label, "help": help_, "count": _many(counts[which]), "active": due == which, "tone": which,
                  "url": address(due=which, state=None, page=None)}
                 for which, label, help_ in ((SOON, _("Falling due"), soon), (LATE, _("Past due"), ""))]
    return made


def pages(part: Slice, address: Address) -> list[tuple[int | None, str, bool]]:
    """Page numbers around the present one; None stands for a gap."""
    wanted = sorted({1, part.last, *range(max(1, part.page - 2), min(part.last, part.page + 2) + 1)})
    made: list[tuple[int | None, str, bool]] = []
    for number in wanted:
        if made and made[-1][0] is not None and number - made[-1][0] > 1:
            made.append((None, "", False))
        made.append((number, address(page=number), number == part.page))
    return made


def sizes(address: Address) -> list[tuple[int, str]]:
    """The page sizes on offer."""
    return [(size, address(size=size, page=None)) for size in SIZES]
