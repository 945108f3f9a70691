"""Centres on the first page: how much of the six is in place."""
from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import desc, func, select

from app.areas.centres.assessments import CentreAssessment
from app.core.addresses import listing
from app.core.home import Block, Card
from app.database import db

SIX = 6


def cards() -> list[Card]:
    """The share in place in the newest quarter that has assessments."""
    newest = db.session.execute(
        select(CentreAssessment.year, CentreAssessment.quarter, func.sum(CentreAssessment.in_place), func.count())
        .group_by(CentreAssessment.year, CentreAssessment.quarter)
        .order_by(desc(CentreAssessment.year), desc(CentreAssessment.quarter)).limit(1)).first()
    if newest is None:
        return []
    year, quarter, in_place, centres = newest
    rate = 100 * in_place / (centres * SIX)
    return [Card(label=_("Six in place"), value=f"{rate:.1f}", unit="%", tone="cyan", icon="building-community",
                 note=_("%(done)s of %(all)s, %(year)s %(quarter)s", done=in_place, all=centres * SIX, year=year, quarter=quarter.label),
                 url=listing("centre_assessments", year_from=str(year), year_to=str(year), quarter=quarter.value))]


home = Block(register="centre_assessments", cards=cards)
