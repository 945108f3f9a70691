"""Centres on the first page: how much of the six is in place."""
from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import desc, func, select

from app.areas.centres.assessments import SIX, CentreAssessment
from app.core.addresses import listing
from app.core.home import Behind, Block, Card, Chart, Part
from app.database import db

REGISTER = "centre_assessments"


def part() -> Part:
    """The newest quarter that has assessments: the share in place, and each of the six."""
    counts = [func.count().filter(getattr(CentreAssessment, each)) for each in SIX]
    newest = db.session.execute(
        select(CentreAssessment.year, CentreAssessment.quarter, func.count(), *counts)
        .group_by(CentreAssessment.year, CentreAssessment.quarter)
        .order_by(desc(CentreAssessment.year), desc(CentreAssessment.quarter)).limit(1)).first()
    if newest is None:
        return Part()
    year, quarter, centres, *in_place = newest
    when = {"year_from": str(year), "year_to": str(year), "quarter": quarter.value}
    every = Behind(label=_("Centres assessed, %(year)s %(quarter)s", year=year, quarter=quarter.label), rows=centres,
                   url=listing(REGISTER, **when))
    points = [Behind(rows=rows, url=listing(REGISTER, [each, "is", "1"], **when)) for each, rows in zip(SIX, in_place, strict=True)]
    labels = [str(CentreAssessment.__table__.c[each].info["label"]) for each in SIX]
    return Part(
        cards=[Card(label=_("Six in place"), value=f"{100 * sum(in_place) / (centres * len(SIX)):.1f}", unit="%", rows=centres, url=every.url,
                    also=(every,), tone="cyan", icon="building-community")],
        charts=[Chart(name="six", title=_("Six in place"), kind="bars", labels=labels, series=[(_("Centres"), points)], of=every)])


home = Block(REGISTER, part)
