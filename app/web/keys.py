"""The row that a key names (主键查重): asked by workbooks and by the interface, among the rows that one may change."""
from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.core.register import Register
from app.core.sealed import sealer
from app.database import db
from app.database.scope import current_scope


def key_of(register: Register, form: Any) -> tuple[str, ...] | None:
    """The key as the form has it; None when a part of it is missing."""
    values = tuple(str(form[name].data) if form[name].data is not None else "" for name in register.key)
    return values if values and all(values) else None


def existing(register: Register, form: Any) -> Any:
    """The row that the key names, if it is there and may be changed."""
    conditions = []
    for name in register.key:
        column, value = register.columns[name], form[name].data
        if column.info["kind"] == "sealed":
            index = next(c.key for c in register.table.columns if c.info.get("of") == name)
            conditions.append(getattr(register.model, index) == sealer().index(value, register.table.name, name))
        else:
            conditions.append(getattr(register.model, name) == value)
    row = db.session.scalar(select(register.model).where(*conditions))
    return row if row is not None and current_scope().holds(getattr(row, register.scope_column)) else None
