"""Assessments of a centre for one quarter (六个到位考核): which of the six are in place."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Computed, Integer, UniqueConstraint, select
from sqlalchemy.orm import Mapped, mapped_column

from app.areas.centres.centres import GovernanceCentre
from app.areas.centres.templates import ChecklistTemplate
from app.areas.divisions.calendar import today
from app.core import columns as col
from app.core.addresses import PageLink
from app.core.base import Choice, Scoped
from app.core.register import Part, Register


class Quarter(Choice):
    """A quarter of the year."""

    first = "1", _("First quarter"), "grey"
    second = "2", _("Second quarter"), "grey"
    third = "3", _("Third quarter"), "grey"
    fourth = "4", _("Fourth quarter"), "grey"


SIX = ("organisation", "personnel", "rules", "premises", "funding", "facilities")


class CentreAssessment(Scoped):
    """One centre, one quarter, six answers. A box left empty means: not in place."""

    __tablename__ = "centre_assessment"
    __table_args__ = (
        UniqueConstraint("centre_id", "template_id", "year", "quarter", name="uq_centre_assessment_quarter_once"),
        CheckConstraint(
            "year BETWEEN 2000 AND 2100", name="year_plausible",
            info={"words": _("The year must lie between 2000 and 2100.")},
        ),
        col.choice_check("quarter", Quarter),
    )

    centre_id: Mapped[int] = col.link(_("Centre"), "governance_centre.id", register="governance_centres", ondelete="CASCADE")
    template_id: Mapped[int] = col.link(_("Checklist"), "checklist_template.id", register="checklist_templates")
    year: Mapped[int] = col.count(_("Year"), minimum=2000)
    quarter: Mapped[Quarter] = col.choice(_("Quarter"), Quarter)
    assessed_on: Mapped[date] = col.day(_("Assessed on"))
    assessor: Mapped[str] = col.text(_("Assessor"), 50)
    organisation: Mapped[bool] = col.flag(_("Organisation in place"), group=_("Six in place"))
    personnel: Mapped[bool] = col.flag(_("Personnel in place"), group=_("Six in place"))
    rules: Mapped[bool] = col.flag(_("Rules in place"), group=_("Six in place"))
    premises: Mapped[bool] = col.flag(_("Premises in place"), group=_("Six in place"))
    funding: Mapped[bool] = col.flag(_("Funding in place"), group=_("Six in place"))
    facilities: Mapped[bool] = col.flag(_("Facilities in place"), group=_("Six in place"))
    in_place: Mapped[int] = mapped_column(
        Integer, Computed(" + ".join(f"{part}::integer" for part in SIX), persisted=True),
        info={"label": _("In place (of 6)"), "kind": "count", "fixed": True, "minimum": 0},
    )
    findings: Mapped[str | None] = col.note(_("What is missing"))

    @property
    def own_pages(self) -> tuple[PageLink, ...]:
        """Where the lines of the checklist are answered."""
        return (PageLink(_("Answer line by line"), f"/six/answers/{self.id}", "list-check", "write"),)


def past_quarters(day: date, how_many: int) -> list[tuple[int, int]]:
    """The last full quarters before a day, oldest first, as year and quarter."""
    present = day.year * 4 + (day.month - 1) // 3
    return [divmod(place, 4) for place in range(present - how_many, present)]


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[CentreAssessment]:
    """Three quarters of every centre, better each time."""
    template = session.scalars(select(ChecklistTemplate).order_by(ChecklistTemplate.id)).first()
    centres = session.scalars(select(GovernanceCentre).order_by(GovernanceCentre.id)).all()
    for step, (year, place) in enumerate(past_quarters(today(), 3)):
        for centre in centres:
            yield CentreAssessment(
                division_code=centre.division_code, centre_id=centre.id, template_id=template.id, year=year,
                quarter=list(Quarter)[place], assessed_on=date(year, place * 3 + 3, rng.randint(20, 28)),
                assessor=rng.choice("魏陶姜谢邹喻") + "某某", **{part: rng.random() < 0.6 + step * 0.15 for part in SIX},
            )


register = Register(
    model=CentreAssessment, name="centre_assessments", label=_("Six-in-place assessments"), area="centres",
    icon="clipboard-check", intro=_("Each centre each quarter: which of the six are in place."),
    listed=("division_code", "centre_id", "year", "quarter", "in_place", "assessed_on"), searched=("assessor",),
    filtered=("template_id",), key=("division_code", "centre_id", "template_id", "year", "quarter"),
    title=("year", "quarter"), parts=(Part("assessment_answers", "assessment_id"),), demo=demo_rows,
)
