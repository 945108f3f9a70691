"""The six-in-place matrix (六个到位矩阵): towns, or the centres of one town, against the six parts; each by one statement."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, func, select

from app.areas.centres.assessments import SIX, CentreAssessment, Quarter
from app.areas.centres.centres import GovernanceCentre
from app.areas.divisions.divisions import Division, DivisionKind
from app.core.addresses import listing
from app.database import db
from app.database.scope import current_scope

TOWN = 9
"""Length of a town's code; the county's own centre stands under the county's shorter one."""
ROWS = (DivisionKind.county, DivisionKind.zone, DivisionKind.town, DivisionKind.subdistrict, DivisionKind.township)
HALF = 0.5
QUARTERS = 12
"""How many quarters the chooser offers."""

When = tuple[int, Quarter]


@dataclass(frozen=True)
class Share:
    """How many of the assessed centres have a part in place."""

    part: str
    held: int
    of: int

    @property
    def tone(self) -> str:
        """All, at least half, fewer, or nothing assessed; said in words beside the colour."""
        if not self.of:
            return "none"
        return "whole" if self.held == self.of else "half" if self.held >= self.of * HALF else "few"

    @property
    def percent(self) -> str:
        """The share as it is printed."""
        return f"{100 * self.held / self.of:.0f}%" if self.of else "—"


@dataclass(frozen=True)
class Town:
    """One row of the county's matrix."""

    code: str
    name: str
    centres: int
    assessed: int
    shares: tuple[Share, ...]

    @property
    def total(self) -> Share:
        """All six together."""
        return Share("all", sum(share.held for share in self.shares), self.assessed * len(SIX))


def quarters() -> list[When]:
    """The quarters that have assessments, the newest first."""
    year, quarter = CentreAssessment.year, CentreAssessment.quarter
    found = db.session.execute(select(year, quarter).distinct().order_by(year.desc(), quarter.desc()).limit(QUARTERS))
    return [(y, q) for y, q in found]


def _in(when: When) -> Any:
    return and_(CentreAssessment.centre_id == GovernanceCentre.id, CentreAssessment.year == when[0], CentreAssessment.quarter == when[1])


def towns(when: When) -> list[Town]:
    """The divisions of the reader's own range that carry centres, each with its six shares."""
    held = [func.count().filter(getattr(CentreAssessment, part)) for part in SIX]
    rows = db.session.execute(
        select(Division.code, Division.name, func.count(GovernanceCentre.id.distinct()), func.count(CentreAssessment.id), *held)
        .outerjoin(GovernanceCentre, func.substring(GovernanceCentre.division_code, 1, TOWN) == Division.code)
        .outerjoin(CentreAssessment, _in(when)).where(Division.kind.in_(ROWS))
        .group_by(Division.code, Division.name, Division.sort).order_by(func.length(Division.code), Division.sort, Division.code))
    scope = current_scope()
    made = [Town(code, name, centres, assessed, tuple(Share(part, n, assessed) for part, n in zip(SIX, parts, strict=True)))
            for code, name, centres, assessed, *parts in rows if scope.holds(code)]
    return [town for town in made if town.centres or len(town.code) == TOWN]


def added(rows: list[Town]) -> Town:
    """The foot of the matrix: every row together."""
    shares = tuple(Share(part, sum(row.shares[i].held for row in rows), sum(row.assessed for row in rows)) for i, part in enumerate(SIX))
    return Town("", "", sum(row.centres for row in rows), sum(row.assessed for row in rows), shares)


def centres(when: When, town: str | None) -> list[tuple[GovernanceCentre, CentreAssessment | None]]:
    """The centres of a town, or all that the reader has, each with its assessment of the quarter."""
    query = select(GovernanceCentre, CentreAssessment).outerjoin(CentreAssessment, _in(when))
    if town:
        below = and_(GovernanceCentre.division_code >= town, GovernanceCentre.division_code < town + "~")
        query = query.where(below if len(town) >= TOWN else GovernanceCentre.division_code == town)
    return [(centre, found) for centre, found in db.session.execute(
        query.order_by(GovernanceCentre.division_code, GovernanceCentre.id, CentreAssessment.id))]


def rows_url(when: When, part: str = "", town: str = "") -> str:
    """The address of the assessments behind a figure; with a part, of those that lack it."""
    asked = [["year", "is", str(when[0])], ["quarter", "in", when[1].value], *([[part, "is", "0"]] if part else [])]
    return listing("centre_assessments", *asked, **({"division_code": town} if town else {}))
