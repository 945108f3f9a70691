"""Answers by line: they and the six flags say the same, whichever of them is changed and by whatever path."""
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import func, select

from app.areas.centres.answers import AssessmentAnswer
from app.areas.centres.answers_page import lines_of, version_of
from app.areas.centres.assessments import SIX, CentreAssessment, Quarter
from app.areas.centres.centres import GovernanceCentre
from app.areas.centres.checklist_items import ChecklistItem
from app.areas.centres.templates import ChecklistTemplate
from tests.conftest import TOWN


@pytest.fixture
def row(db_session) -> CentreAssessment:
    """A new assessment of a centre of the town, with the rules in place."""
    centre = db_session.scalars(select(GovernanceCentre).where(GovernanceCentre.division_code == TOWN)).first()
    template = db_session.scalars(select(ChecklistTemplate).order_by(ChecklistTemplate.id)).first()
    made = CentreAssessment(division_code=centre.division_code, centre_id=centre.id, template_id=template.id, year=2016,
                            quarter=Quarter.second, assessed_on=date(2016, 6, 20), assessor="测试", rules=True)
    db_session.add(made)
    db_session.flush()
    return made


@pytest.fixture
def kept(db_session, row):
    """The same, saved, and taken away after the test."""
    db_session.commit()
    yield row.id
    db_session.rollback()
    db_session.delete(db_session.get(CentreAssessment, row.id))
    db_session.commit()


def flags(session, row) -> dict[str, bool]:
    session.flush()
    session.refresh(row)
    return {part: getattr(row, part) for part in SIX}


def fields(session, pk: int, ticked: set[int], **more) -> dict:
    """What the form of that assessment sends."""
    lines = lines_of(session.get(CentreAssessment, pk))
    sent = {"version": version_of(lines), "place": [str(n) for n in ticked], **more}
    session.rollback()
    return sent


def test_a_new_assessment_has_its_lines_at_once_and_they_say_what_it_says(db_session, row):
    lines = lines_of(row)
    assert lines
    assert all(answer is not None and answer.in_place is (item.part.value == "rules") for item, answer in lines)


def test_a_part_is_in_place_only_when_all_its_lines_are(db_session, row):
    lines = [(item, answer) for item, answer in lines_of(row) if item.part.value == "funding"]
    for number, (_item, answer) in enumerate(lines, start=1):
        answer.in_place = True
        assert flags(db_session, row)["funding"] is (number == len(lines))
    lines[0][1].in_place = False
    assert flags(db_session, row) == {**dict.fromkeys(SIX, False), "rules": True}


def test_a_part_set_as_a_whole_sets_its_lines(db_session, row):
    row.premises, row.rules = True, False
    db_session.flush()
    db_session.expire_all()
    assert {item.part.value for item, answer in lines_of(row) if answer.in_place} == {"premises"}
    assert flags(db_session, row)["rules"] is False


def test_lines_and_flags_of_the_whole_demo_agree(db_session):
    said = select(AssessmentAnswer.assessment_id, ChecklistItem.part, func.bool_and(AssessmentAnswer.in_place)).join(
        ChecklistItem, ChecklistItem.id == AssessmentAnswer.item_id).group_by(AssessmentAnswer.assessment_id, ChecklistItem.part)
    known = {row.id: row for row in db_session.scalars(select(CentreAssessment))}
    found = db_session.execute(said).all()
    assert len(found) >= 6 * 100
    assert [one for one in found if getattr(known[one[0]], one[1].value) is not one[2]] == []


def test_the_form_saves_what_is_ticked_and_what_is_not(db_session, kept, clerk):
    funding = {item.id for item, _answer in lines_of(db_session.get(CentreAssessment, kept)) if item.part.value == "funding"}
    one = min(funding)
    answer = clerk.send(f"/six/answers/{kept}", **fields(db_session, kept, funding, **{f"remark-{one}": "预算批复〔2016〕3号"}))
    assert answer.status_code == 302
    row = db_session.get(CentreAssessment, kept)
    assert [part for part in SIX if getattr(row, part)] == ["funding"], "the rules were unticked, and that was saved"
    assert {item.id: answer.remark for item, answer in lines_of(row)}[one] == "预算批复〔2016〕3号"
    assert "逐项核查" in clerk.get(f"/centre_assessments/show/{kept}").text


def test_two_at_once_lose_nothing_that_was_entered(db_session, kept, clerk, officer):
    item = lines_of(db_session.get(CentreAssessment, kept))[0][0].id
    first = fields(db_session, kept, {item})
    second = fields(db_session, kept, set(), **{f"remark-{item}": "第二人的说明"})
    assert clerk.send(f"/six/answers/{kept}", **first).status_code == 302
    late = officer.send(f"/six/answers/{kept}", **second)
    assert late.status_code == 409
    assert "第二人的说明" in late.text


def test_a_remark_too_long_is_told_and_stays(db_session, kept, clerk):
    item = lines_of(db_session.get(CentreAssessment, kept))[0][0].id
    answer = clerk.send(f"/six/answers/{kept}", **fields(db_session, kept, {item}, **{f"remark-{item}": "长" * 301}))
    assert answer.status_code == 422
    assert "长" * 301 in answer.text


def test_whoever_only_reads_or_stands_elsewhere_answers_nothing(kept, leader, make_user):
    assert leader.get(f"/six/answers/{kept}").status_code == 403
    assert make_user("镇街录入员", "371625102").get(f"/six/answers/{kept}").status_code == 404


def test_the_matrix_switches_the_lines_too(db_session, kept, clerk):
    assert clerk.send(f"/six/switch/{kept}/facilities", to="1").status_code == 302
    assert all(answer.in_place for item, answer in lines_of(db_session.get(CentreAssessment, kept)) if item.part.value == "facilities")
