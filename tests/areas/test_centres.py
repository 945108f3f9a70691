"""Six-in-place assessments: what is not ticked is saved as not in place, and the database counts."""
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import inspect, select
from sqlalchemy.exc import IntegrityError

from app.areas.centres.assessments import SIX, CentreAssessment, Quarter, past_quarters
from app.areas.centres.centres import GovernanceCentre
from app.areas.centres.checklist_items import ChecklistPart
from app.areas.centres.templates import ChecklistTemplate


def made(session, **given) -> CentreAssessment:
    """An assessment of some centre for a quarter that the demo does not use."""
    centre = session.scalars(select(GovernanceCentre).order_by(GovernanceCentre.id)).first()
    template = session.scalars(select(ChecklistTemplate).order_by(ChecklistTemplate.id)).first()
    row = CentreAssessment(
        division_code=centre.division_code, centre_id=centre.id, template_id=template.id, year=2017,
        quarter=Quarter.first, assessed_on=date(2017, 3, 20), assessor="测试", **given,
    )
    session.add(row)
    session.flush()
    return row


def test_boxes_left_empty_are_saved_as_not_in_place(db_session):
    row = made(db_session)
    assert [getattr(row, part) for part in SIX] == [False] * 6
    assert row.in_place == 0


@pytest.mark.parametrize("ticked", range(7))
def test_the_database_counts_what_is_in_place(db_session, ticked):
    assert made(db_session, **dict.fromkeys(SIX[:ticked], True)).in_place == ticked


def test_unticking_a_box_is_counted_too(db_session):
    row = made(db_session, **dict.fromkeys(SIX, True))
    row.funding = False
    db_session.flush()
    assert row.in_place == 5


def test_a_centre_has_one_assessment_a_quarter(db_session):
    made(db_session)
    with pytest.raises(IntegrityError, match="quarter_once"):
        made(db_session)
    db_session.rollback()


def test_the_six_parts_of_the_list_are_the_six_of_the_assessment():
    assert {part.value for part in ChecklistPart} == set(SIX) <= {column.key for column in inspect(CentreAssessment).columns}


def test_past_quarters_end_before_the_day():
    assert past_quarters(date(2026, 2, 1), 3) == [(2025, 1), (2025, 2), (2025, 3)]
    assert past_quarters(date(2026, 11, 22), 1) == [(2026, 2)]
