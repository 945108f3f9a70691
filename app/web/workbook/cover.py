"""The cover of an export (封面): what was asked, in words, by whom, within which divisions and when."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.core.base import now
from app.core.register import Register, find
from app.database import db
from app.database.scope import current_scope
from app.web import criteria
from app.web.cells import Names, shown
from app.web.lists import filtered_columns
from app.web.pager import pointed


@dataclass(frozen=True)
class Cover:
    """What stands on it."""

    title: str
    heading: str
    asked: str
    within: str
    at: str
    who: str
    reason: str

    def lines(self, rows: int) -> list[tuple[str, str]]:
        """Label and text of every line; the rows are known only when all are written."""
        made = [(_("Register"), self.title), (_("What was asked"), self.asked), (_("Rows"), str(rows)), (_("Within the divisions"), self.within),
                (_("Exported at"), self.at), (_("Exported by"), self.who), (_("Why it was exported"), self.reason)]
        return [(label, text) for label, text in made if text]


def make_cover(register: Register, args: Mapping[str, str], reason: str) -> Cover:
    """The cover of this query as it is asked now."""
    who, at = current_scope().actor, shown(now(), "time")
    return Cover(str(register.label), _("About this file"), asked_words(register, args), _within(), at, who, reason)


def _within() -> str:
    """The divisions of the person's posts, by name."""
    ranges = current_scope().ranges
    model = find("divisions").model
    names = dict(db.session.execute(select(model.code, model.path_name).where(model.code.in_([each.low for each in ranges]))).tuples().all())
    return "、".join(names.get(each.low) or each.low for each in ranges)


def asked_words(register: Register, args: Mapping[str, str]) -> str:
    """The query in words."""
    names = Names()
    names.learn(register, (), (), pointed(register, args))
    said = [_("Keyword: %(words)s", words=args["q"])] if args.get("q") else []
    if register.states and args.get("state"):
        said.append(f"{register.columns[register.states].info['label']}：{_value(register.columns[register.states], args['state'], names)}")
    for name, column in filtered_columns(register).items():
        said += [f"{column.info['label']}：{words}" for words in _plain(name, column, args, names)]
    said += _groups(register, args, names)
    if ids := criteria.chosen(args.get("ids")):
        said.append(_("%(count)s chosen rows", count=len(ids)))
    return "；".join(said) or _("All rows")


def _plain(name: str, column: Any, args: Mapping[str, str], names: Names) -> list[str]:
    made = ["、".join(_value(column, value, names) for value in args[name].split(","))] if args.get(name) else []
    low, high = args.get(f"{name}_from", ""), args.get(f"{name}_to", "")
    return [*made, f"{low} – {high}"] if low or high else made


def _groups(register: Register, args: Mapping[str, str], names: Names) -> list[str]:
    said = []
    joined = {"and": _("; and "), "or": _("; or ")}
    parsed = criteria.parse(register, args.get("where"))
    for how, *conditions in parsed[1:]:
        said.append("（" + joined[how].join(_condition(register, each, names) for each in conditions) + "）")
    return [joined[parsed[0]].join(said)] if said else []


def _condition(register: Register, condition: list[str], names: Names) -> str:
    name, operator, *values = condition
    column = register.columns[name]
    word = dict(criteria.operator_words(column.info["kind"]))[operator]
    return f"{column.info['label']} {word} {'、'.join(_value(column, value, names) for value in values)}".strip()


def _value(column: Any, value: str, names: Names) -> str:
    kind = column.info["kind"]
    if kind == "choice":
        return next((str(member.label) for member in column.info["choice"] if member.value == value), value)
    if kind in ("link", "division"):
        return names.of("divisions" if kind == "division" else column.info["register"], value)
    return (_("Yes") if value == "1" else _("No")) if kind == "flag" else value
