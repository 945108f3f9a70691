"""Annual indicators (年度指标): figures published for a whole year, each with its source."""
from __future__ import annotations

import csv
import random
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.divisions.divisions import Division, DivisionKind
from app.core import columns as col
from app.core.base import Scoped
from app.core.register import Register

GAZETTE = Path(__file__).parent / "gazette-2017.csv"


class AnnualIndicator(Scoped):
    """One figure of one year. Figures are records, never part of the program."""

    __tablename__ = "annual_indicator"
    __table_args__ = (
        UniqueConstraint("division_code", "year", "name", name="uq_annual_indicator_name_once"),
        CheckConstraint(
            "year BETWEEN 1949 AND 2100", name="year_plausible",
            info={"words": _("The year must lie between 1949 and 2100.")},
        ),
    )

    year: Mapped[int] = col.count(_("Year"), minimum=1949)
    name: Mapped[str] = col.text(_("Indicator"), 60)
    value: Mapped[Decimal] = col.decimal(_("Value"), 16, 2)
    unit: Mapped[str] = col.text(_("Unit of measure"), 20)
    source: Mapped[str] = col.text(_("Source"), 120, help=_("Where the figure was published."))
    sort: Mapped[int] = col.count(_("Sort order"), default=0, server_default="0", help=_("Smaller numbers come first."))
    note: Mapped[str | None] = col.note(_("Note"))

    def __str__(self) -> str:
        return f"{self.year} {self.name}"


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[AnnualIndicator]:
    """The county's own published figures: these are true."""
    county = next(division for division in divisions if division.kind is DivisionKind.county)
    with GAZETTE.open(encoding="utf-8", newline="") as stream:
        for place, row in enumerate(csv.DictReader(stream), start=1):
            yield AnnualIndicator(
                division_code=county.code, year=int(row["year"]), name=row["name"], value=Decimal(row["value"]),
                unit=row["unit"], source=row["source"], note=row["note"] or None, sort=place,
            )


register = Register(
    model=AnnualIndicator, name="annual_indicators", label=_("Annual indicators"), area="indicators", icon="chart-bar",
    intro=_("Published figures of whole years, with their source."),
    listed=("division_code", "year", "name", "value", "unit", "source"), searched=("name", "source"),
    key=("division_code", "year", "name"), title=("year", "name"), order=("-year", "sort"), demo=demo_rows,
)
