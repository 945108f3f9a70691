"""Answers of an assessment (逐项核查): each line of the checklist, in place or not, with what shows it.

The lines and the six flags of the assessment say the same at all times. Triggers of migration 0014 hold that, whichever way a change
comes: a part is in place when all its lines are; a part set as a whole sets its lines; a new assessment gets its lines at once.
"""
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.centres.assessments import CentreAssessment
from app.areas.centres.checklist_items import ChecklistItem
from app.core import columns as col
from app.core.base import Scoped
from app.core.register import Register


class AssessmentAnswer(Scoped):
    """One line of one assessment."""

    __tablename__ = "assessment_answer"
    __table_args__ = (UniqueConstraint("assessment_id", "item_id", name="uq_assessment_answer_item_once"),)

    assessment_id: Mapped[int] = col.link(_("Assessment"), "centre_assessment.id", register="centre_assessments", ondelete="CASCADE")
    item_id: Mapped[int] = col.link(_("Line of the checklist"), "checklist_item.id", register="checklist_items")
    in_place: Mapped[bool] = col.flag(_("In place"))
    remark: Mapped[str | None] = col.text(_("Evidence or remark"), 300)


LACKS = ("材料未归档，限期补齐", "现场核查未见，待整改", "文件已报批，尚未印发")


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[AssessmentAnswer]:
    """Lines that agree with the flags: where a part is missing, its last line is what it lacks."""
    items = session.scalars(select(ChecklistItem).order_by(ChecklistItem.part, ChecklistItem.number)).all()
    last = {(item.template_id, item.part): item.id for item in items}
    for found in session.scalars(select(CentreAssessment).order_by(CentreAssessment.id)).all():
        for item in (item for item in items if item.template_id == found.template_id):
            held = getattr(found, item.part.value) or item.id != last[item.template_id, item.part]
            yield AssessmentAnswer(division_code=found.division_code, assessment_id=found.id, item_id=item.id, in_place=held,
                                   remark=None if held else rng.choice(LACKS))


register = Register(
    model=AssessmentAnswer, name="assessment_answers", label=_("Answers by line"), area="centres", icon="checkbox",
    intro=_("Every line of every assessment, to look at and to export; they are answered on the assessment's own page."),
    listed=("assessment_id", "item_id", "in_place", "remark"), searched=("remark",), filtered=("division_code",),
    key=("division_code", "assessment_id", "item_id"), title=("item_id",), order=("assessment_id", "item_id"), frozen=True, demo=demo_rows,
)
