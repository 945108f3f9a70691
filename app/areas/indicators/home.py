"""The annual box of the first page: the newest year's published figures with their source."""
from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.areas.indicators.years import AnnualIndicator
from app.core.addresses import listing
from app.core.home import Annual, Block, Part
from app.database import db

REGISTER = "annual_indicators"


def part() -> Part:
    """The figures of the newest year that has any."""
    newest = select(func.max(AnnualIndicator.year)).scalar_subquery()
    rows = list(db.session.scalars(select(AnnualIndicator).where(AnnualIndicator.year == newest).order_by(AnnualIndicator.sort)))
    if not rows:
        return Part()
    year = rows[0].year
    return Part(annual=Annual(
        title=_("Figures of the year %(year)s", year=year), url=listing(REGISTER, year_from=str(year), year_to=str(year)),
        source="；".join(dict.fromkeys(row.source for row in rows)),
        rows=[(row.name, f"{row.value.normalize():,f} {row.unit}") for row in rows]))


home = Block(REGISTER, part)
