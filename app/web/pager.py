"""The parts of a list page beside its rows: columns, query form, tabs and page numbers."""
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from app.core.register import Register
from app.web.cells import Names, title_of
from app.web.lists import SIZES, Slice, filtered_columns, state_counts

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
    for name in register.listed:
        column = register.columns.get(name)
        label = column.info["label"] if column is not None else getattr(register.model, name).info.get("label", name)
        kind = column.info["kind"] if column is not None else "text"
        sortable = column is not None and kind != "sealed"
        direction = {name: "asc", f"-{name}": "desc"}.get(asked, "")
        made.append({
            "name": name, "label": label, "kind": kind, "numeric": kind in NUMERIC, "sorted": direction,
            "sort_url": address(sort=f"-{name}" if direction == "asc" else name, page=None) if sortable else None,
        })
    return made


def filters(register: Register, args: Mapping[str, str], names: Names) -> list[dict[str, Any]]:
    """The fields of the query form with what was asked."""
    return [_filter(name, column, args) for name, column in filtered_columns(register).items()
            if name != register.states]


def _filter(name: str, column: Any, args: Mapping[str, str]) -> dict[str, Any]:
    kind = column.info["kind"]
    made = {"name": name, "label": column.info["label"], "kind": kind, "value": args.get(name, ""), "options": [],
            "low": args.get(f"{name}_from", ""), "high": args.get(f"{name}_to", ""), "shown": "", "remote": None}
    if kind == "choice":
        made["options"] = [(member.value, member.label) for member in column.info["choice"]]
    if kind in ("link", "division"):
        target = column.info.get("register", "divisions")
        made["remote"] = url_for("LookupPage.find", name=target)
        made["shown"] = _shown(target, made["value"])
    made["kind"] = {"number": "text", "phone": "text", "month": "day"}.get(kind, "number" if kind in NUMERIC else kind)
    return made


def _shown(target: str, value: str) -> str:
    """The name of the chosen row, so that the query form still says it after the search."""
    from wtforms import Form

    from app.core.register import find
    from app.web.fields import RemoteOne

    if not value:
        return ""
    field = RemoteOne(target=target).bind(Form(), "chosen")
    field.process_formdata([value])
    row = field.row()
    if row is None:
        return value
    names = Names()
    names.learn(find(target), [row], find(target).title)
    return title_of(find(target), row, names)


def tabs(register: Register, args: Mapping[str, str], address: Address) -> list[dict[str, Any]]:
    """All, and each state, with how many rows there are."""
    if not register.states:
        return []
    counts, asked = state_counts(register, args), args.get("state", "")
    made = [{"label": _("All"), "count": sum(counts.values()), "url": address(state=None, page=None), "active": not asked}]
    for state in register.columns[register.states].info["choice"]:
        made.append({"label": state.label, "count": counts.get(state, 0), "active": asked == state.value,
                     "url": address(state=state.value, page=None)})
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
