"""Sums below a list (合计): of the whole query, never of the page alone."""
from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import func, select

from app.core.register import Register
from app.database import db
from app.web.cells import shown
from app.web.lists import query_for


def totals(register: Register, args: Mapping[str, str], names: Iterable[str], *, capped: bool) -> dict[str, str]:
    """The sum of each column that is declared to have one, in words; a dash where there are too many rows to add up."""
    wanted = [name for name in names if name in register.summed]
    if not wanted or capped:
        return dict.fromkeys(wanted, "—")
    sums = (func.sum(getattr(register.model, name)) for name in wanted)
    row: Any = db.session.execute(query_for(register, args).with_only_columns(*sums).order_by(None)).one()
    return {name: _said(register, name, value) for name, value in zip(wanted, row, strict=True)}


def _said(register: Register, name: str, value: Any) -> str:
    info = register.columns[name].info
    words = shown(Decimal(value or 0), info["kind"])
    return f"{words} {info['unit']}" if info.get("unit") else words


def culprits(register: Register, args: Mapping[str, str], active: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the conditions on an empty list, those without which there would be rows; by one statement."""
    known = list(active)
    if not known:
        return []
    without = ({n: v for n, v in args.items() if n not in each["names"]} for each in known)
    parts = (select(query_for(register, rest).with_only_columns(register.model.id).order_by(None).exists()).scalar_subquery() for rest in without)
    answers: Any = db.session.execute(select(*parts)).one()
    return [each for each, found in zip(known, answers, strict=True) if found]
