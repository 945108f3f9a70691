"""The demo county: real divisions, published figures, and otherwise rows that are clearly invented (演示数据)."""
from __future__ import annotations

import random
from typing import Any

from sqlalchemy import exists, select

from app.areas.divisions.divisions import Division
from app.areas.divisions.import_codes import import_codes
from app.core.base import Base
from app.core.register import Register, registers

GROUND = "divisions"


def _in_order() -> list[Register]:
    """The registers, each after those it points to."""
    known = registers()  # reading them is what brings their tables into the metadata
    place = {table.name: rank for rank, table in enumerate(Base.metadata.sorted_tables)}
    return sorted(known, key=lambda register: (register.name != GROUND, place[register.table.name]))


def _empty(session: Any, register: Register) -> bool:
    return not session.scalar(select(exists().select_from(register.model)))


def fill(session: Any) -> dict[str, int]:
    """Fill every register that is still empty, and answer how many rows each got; a second call adds none.

    The caller acts everywhere and commits.
    """
    import_codes(session)
    added: dict[str, int] = {}
    for register in _in_order():
        if register.demo is None or not (register.name == GROUND or _empty(session, register)):
            continue
        divisions = list(session.scalars(select(Division).order_by(Division.code)))
        # The register's name is the seed, so that every demo county is the same.
        rows = list(register.demo(session, divisions, random.Random(register.name)))  # noqa: S311
        session.add_all(rows)
        session.flush()
        added[register.name] = len(rows)
    return added
