"""The six-in-place matrix: what it counts, whom it shows it, and what a click on it changes."""
from __future__ import annotations

import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select

from app.areas.centres import six
from app.areas.centres.assessments import SIX, CentreAssessment
from app.audit import AuditEntry
from tests.conftest import TOWN

OTHER_TOWN = "371625102"


@pytest.fixture
def newest(db_session) -> six.When:
    return six.quarters()[0]


def assessment(session, when: six.When, town: str = TOWN) -> CentreAssessment:
    """Some assessment of the quarter in that town."""
    below = CentreAssessment.division_code.startswith(town)
    return session.scalars(select(CentreAssessment).where(
        below, CentreAssessment.year == when[0], CentreAssessment.quarter == when[1]).order_by(CentreAssessment.id)).first()


def test_the_county_sees_itself_and_its_towns_with_the_sums_of_the_rows(db_session, newest, division_tree):
    rows = six.towns(newest)
    assert {row.code for row in rows} >= {division_tree.county, *division_tree.towns}
    counted = db_session.execute(select(*(func.count().filter(getattr(CentreAssessment, part)) for part in SIX), func.count())
                                 .where(CentreAssessment.year == newest[0], CentreAssessment.quarter == newest[1])).one()
    together = six.added(rows)
    assert [share.held for share in together.shares] == list(counted[:6])
    assert together.assessed == counted[6]
    assert 0 < together.total.held < together.total.of


def test_a_matrix_of_the_whole_county_is_read_by_two_statements(officer, statements):
    officer.get("/six/")
    with statements() as seen:
        assert officer.get("/six/").status_code == 200
    assert len([each for each in seen if "centre_assessment" in each]) == 2


def test_a_figure_leads_to_the_assessments_behind_it(officer, db_session, newest):
    row = next(row for row in six.towns(newest) if row.code == TOWN)
    share = next(share for share in row.shares if share.held < share.of)
    answer = officer.get(six.rows_url(newest, share.part, TOWN))
    assert answer.status_code == 200
    assert len(set(re.findall(r"/centre_assessments/show/(\d+)", answer.text))) == share.of - share.held


def test_a_town_sees_its_own_centres_and_no_other(clerk, officer):
    assert clerk.get("/six/").text.count("/centre_assessments/show/") > 0
    assert OTHER_TOWN not in clerk.get("/six/").text
    assert clerk.get(f"/six/?town={OTHER_TOWN}").status_code == 404
    assert officer.get(f"/six/?town={OTHER_TOWN}").status_code == 200


@pytest.mark.parametrize("asked", ["quarter=2026-5", "quarter=x", "quarter=-1", "quarter=20261-1"])
def test_nonsense_in_the_address_is_a_bad_request(officer, asked):
    assert officer.get(f"/six/?{asked}").status_code == 400


def test_a_quarter_that_nobody_assessed_says_so(officer):
    page = officer.get("/six/?quarter=2001-1")
    assert page.status_code == 200
    assert "未考核" in page.text


def test_a_click_switches_a_part_and_the_trail_keeps_it(officer, db_session, newest):
    row = assessment(db_session, newest)
    was, pk, count = row.funding, row.id, row.in_place
    db_session.rollback()
    answer = officer.send(f"/six/switch/{pk}/funding", to="0" if was else "1", town=TOWN)
    assert answer.status_code == 302
    assert answer.location.endswith(f"town={TOWN}#a{pk}")
    row = db_session.get(CentreAssessment, pk)
    assert row.funding is not was
    assert row.in_place == count + (-1 if was else 1)
    entry = db_session.scalars(select(AuditEntry).where(AuditEntry.table_name == "centre_assessment", AuditEntry.row_id == pk)
                               .order_by(AuditEntry.id.desc())).first()
    assert entry.changes["funding"] == [was, not was]


def test_whoever_may_not_write_or_stands_elsewhere_switches_nothing(leader, clerk, db_session, newest):
    other = assessment(db_session, newest, OTHER_TOWN)
    pk, was = other.id, other.rules
    db_session.rollback()
    assert leader.send(f"/six/switch/{pk}/rules", to="0" if was else "1").status_code == 403
    assert "<button type=\"submit\" class=\"six-cell" not in leader.get(f"/six/?town={OTHER_TOWN}").text
    assert clerk.send(f"/six/switch/{pk}/rules", to="0" if was else "1").status_code == 404
    assert db_session.get(CentreAssessment, pk).rules is was


@pytest.mark.parametrize("part", ["in_place", "division_code", "nothing"])
def test_only_the_six_can_be_switched(officer, db_session, newest, part):
    assert officer.send(f"/six/switch/{assessment(db_session, newest).id}/{part}", to="1").status_code == 404


def _sheets(content: bytes) -> list[list[list[object]]]:
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(place).to_python() for place in (0, 1)]


def test_the_matrix_is_exported_as_shown_as_text_alone_and_the_trail_knows(officer, clerk, db_session):
    when = six.quarters()[0]
    row = six.centres(when, TOWN)[0][0]
    name, row.name = row.name, "=1+1"
    db_session.commit()
    try:
        (county, about), (town, _about) = (_sheets(officer.get(f"/six/export{query}").data) for query in ("", f"?town={TOWN}"))
    finally:
        row.name = name
        db_session.commit()
    shown = six.towns(when)
    assert [line[0] for line in county[1:-1]] == [each.name for each in shown]
    first = six.added(shown).shares[0]
    assert county[-1][2] == f"{first.percent} ({first.held}/{first.of})"
    # A formula would be read as its result.
    assert "=1+1" in [line[0] for line in town]
    assert str(when[0]) in str(about)
    assert db_session.scalar(select(AuditEntry.action).where(AuditEntry.action == "export", AuditEntry.table_name == "centre_assessment").limit(1))
    assert clerk.get(f"/six/export?town={OTHER_TOWN}").status_code == 404
