"""Form layouts (表单布局): group, order, help and stricter rules per register, and which columns a list opens with, for all or for a role."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import func, select

from app.core.register import Register, Shape
from app.database import db
from app.web.custom.models import FormLayout
from app.web.custom.never import Refused, refuse

EVERYBODY = ""
Said = dict[str, Any]
"""``{"columns": {name: {"place", "group", "required", "help"}}, "lists": {role or "": [names]}}``; what is not said stays as declared."""


class Laid:
    """A column as a layout shows it; what the layout does not say is the column's own."""

    def __init__(self, column: Any, said: dict[str, Any]) -> None:
        self.column = column
        self.info = {**column.info, **{name: said[name] for name in ("group", "help") if said.get(name)}}
        self.nullable = column.nullable and not said.get("required")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.column, name)


def laid(shape: Shape, said: Said, roles: set[str] | None) -> Shape:
    """The columns in the layout's order and dress, and the list's columns for these roles."""
    known, order = said.get("columns", {}), list(shape.columns)
    order.sort(key=lambda name: known[name]["place"] if name in known and known[name].get("place") is not None else 10_000)
    columns = {name: Laid(shape.columns[name], known[name]) if _dressed(known.get(name)) else shape.columns[name] for name in order}
    writable = {name: columns[name] for name in order if name in shape.writable}
    return replace(shape, columns=columns, writable=writable, listed=_listed(said, roles), made={})


def _dressed(said: dict[str, Any] | None) -> bool:
    return said is not None and any(said.get(name) for name in ("group", "help", "required"))


def _listed(said: Said, roles: set[str] | None) -> tuple[str, ...]:
    lists = said.get("lists", {})
    mine = next((lists[role] for role in sorted(lists) if role and roles is not None and role in roles), None)
    return tuple(mine or lists.get(EVERYBODY, ()))


def strictable(column: Any) -> bool:
    """Whether a layout can make the column required: it is not yet, and can be left empty."""
    free = column.nullable and column.default is None and column.server_default is None
    return bool(free and column.info["kind"] != "flag" and "shown_when" not in column.info)


def faults(register: Register, said: Any, known: set[str]) -> list[str]:
    """What is wrong with a layout, in words; ``known`` are the names that columns have or are about to have."""
    if not isinstance(said, dict) or not all(isinstance(said.get(part, {}), dict) for part in ("columns", "lists")):
        return [gettext("The layout cannot be read.")]
    found = []
    named = {*said.get("columns", {}), *(name for names in said.get("lists", {}).values() if isinstance(names, list) for name in names)}
    for name in sorted(named - known - set(register.listed)):
        found.append(gettext("There is no column “%(name)s” in this register.", name=str(name)[:40]))
    for name, words in said.get("columns", {}).items():
        found += _column_faults(register, name, words)
    return found


def _column_faults(register: Register, name: str, words: Any) -> list[str]:
    shape = {"place": int, "group": str, "required": bool, "help": str}
    if not isinstance(words, dict) or not all(key in shape and isinstance(value, shape[key]) for key, value in words.items()):
        return [gettext("The layout of the column “%(name)s” cannot be read.", name=name[:40])]
    if len(words.get("group", "")) > 40 or len(words.get("help", "")) > 200:
        return [gettext("The group has at most 40 characters and the help at most 200: “%(name)s”.", name=name[:40])]
    declared = register.declared.columns.get(name)
    if words.get("required") and declared is not None and not strictable(declared):
        return [gettext("“%(name)s” cannot be made required.", name=str(declared.info["label"]))]
    try:
        refuse(words.get("group", ""), words.get("help", ""), sensitive=register.sensitive)
    except Refused as refusal:
        return [str(refusal)]
    return []


def versions(register: Register, most: int = 20) -> list[FormLayout]:
    """The layouts of a register, the present one first."""
    return list(db.session.scalars(select(FormLayout).where(FormLayout.register == register.name).order_by(FormLayout.number.desc()).limit(most)))


def put(register: Register, said: Said, note: str = "") -> FormLayout:
    """Write a new version down; the former ones stay. The caller commits."""
    last = db.session.scalar(select(func.max(FormLayout.number)).where(FormLayout.register == register.name)) or 0
    made = FormLayout(register=register.name, number=last + 1, said=said, actor=current_user.full_name if current_user else "", note=note)
    db.session.add(made)
    return made
