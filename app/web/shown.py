"""Which columns of a register a list shows, and in which order (列设置)."""
from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flask_babel import gettext as _

from app.core.register import Register, Shape
from app.web.criteria import refuse


def choosable(register: Register) -> tuple[str, ...]:
    """Every column a list can show: those it lists at first, then the others that are not sealed."""
    return choosable_of(register, register.shape)


def choosable_of(register: Register, shape: Shape) -> tuple[str, ...]:
    """The same of these columns."""
    rest = (name for name, column in shape.columns.items() if column.info["kind"] not in ("sealed", "note"))
    return tuple(dict.fromkeys((*register.listed, *rest)))


def visible(register: Register, args: Mapping[str, str]) -> tuple[str, ...]:
    """The columns that the address names, in its order; the register's own choice if it names none."""
    asked = tuple(dict.fromkeys(filter(None, (args.get("columns") or "").split(","))))
    if unknown := set(asked) - set(choosable(register)):
        raise refuse(_("There is no column “%(name)s” in this list.", name=min(unknown)[:40]))
    known = choosable(register)
    return asked or tuple(name for name in register.shape.listed if name in known) or register.listed


def label(register: Register, name: str) -> Any:
    """The words of a column, also of one that is computed."""
    column = register.columns.get(name)
    return column.info["label"] if column is not None else getattr(register.model, name).info.get("label", name)
