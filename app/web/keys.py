"""The row that a key names (主键查重): asked by workbooks and by the interface, among the rows that one may change."""
from __future__ import annotations

from typing import Any

from sqlalchemy import select, tuple_

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


def existing_many(register: Register, asked: list[dict[str, Any]]) -> dict[int, int]:
    """For many rows by one statement: place in ``asked`` to the number of the row that the key names there, if it may be changed."""
    parts = [_key_column(register, name) for name in register.key]
    keys = [tuple(_stored(register, name, values.get(name)) for name in register.key) for values in asked]
    whole = {key for key in keys if all(part not in (None, "") for part in key)}
    if not whole:
        return {}
    code = getattr(register.model, register.scope_column)
    found = db.session.execute(select(register.model.id, code, *parts).where(tuple_(*parts).in_(whole)).order_by(register.model.id.desc()))
    known = {tuple(key): row_id for row_id, division, *key in found if current_scope().holds(division)}
    return {place: known[key] for place, key in enumerate(keys) if key in known}


def _key_column(register: Register, name: str) -> Any:
    """The column that is compared: of a sealed one its keyed digest."""
    if register.columns[name].info["kind"] != "sealed":
        return getattr(register.model, name)
    return getattr(register.model, next(c.key for c in register.table.columns if c.info.get("of") == name))


def _stored(register: Register, name: str, value: Any) -> Any:
    if value in (None, "") or register.columns[name].info["kind"] != "sealed":
        return value
    return sealer().index(value, register.table.name, name)
