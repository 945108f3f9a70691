"""Running numbers (流水号) that stay without gaps and without doubles, however many people write at once."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Connection, Integer, String
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base


class NumberSeries(Base):
    """The last number given in one series of one year.

    The table has no row rule: a clerk who sees one town must still draw the county's next number.
    """

    __tablename__ = "number_series"

    prefix: Mapped[str] = mapped_column(String(10), primary_key=True, info={"label": _("Series")})
    year: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False, info={"label": _("Year")})
    last: Mapped[int] = mapped_column(Integer, info={"label": _("Last number")})


def next_number(connection: Connection, prefix: str, year: int) -> str:
    """Draw the next number, like DC-2026-0001; others wait until this transaction ends."""
    table: Any = NumberSeries.__table__
    first = insert(table).values(prefix=prefix, year=year, last=1)
    drawn = first.on_conflict_do_update(
        index_elements=[table.c.prefix, table.c.year], set_={"last": table.c.last + 1}
    ).returning(table.c.last)
    return f"{prefix}-{year}-{connection.scalar(drawn):04d}"
