"""The annual box of the first page: the newest year's published figures with their source."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.areas.indicators.years import AnnualIndicator
from app.core.home import Block
from app.database import db


def box() -> dict[str, Any]:
    """The figures of the newest year that has any."""
    newest = select(func.max(AnnualIndicator.year)).scalar_subquery()
    rows = list(db.session.scalars(select(AnnualIndicator).where(AnnualIndicator.year == newest).order_by(AnnualIndicator.sort)))
    if not rows:
        return {"annual": None}
    figures = [(row.name, f"{row.value.normalize():,f} {row.unit}") for row in rows]
    sources = "；".join(dict.fromkeys(row.source for row in rows))
    return {"annual": {"title": _("Figures of the year %(year)s", year=rows[0].year), "source": sources, "rows": figures}}


home = Block(register="annual_indicators", extra=box)
