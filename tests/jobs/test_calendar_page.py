"""The work calendar's page: a click changes a day, a pasted notice is read rightly or refused by line."""
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from app.jobs.calendar import DayKind, WorkDay, is_workday
from app.jobs.notice import read

YEAR = 2031


@pytest.fixture(autouse=True)
def clean(session):
    """A year without a notice, before and after."""
    def sweep():
        session.execute(WorkDay.__table__.delete().where(WorkDay.day >= date(YEAR, 1, 1)))
        session.commit()
    sweep()
    yield
    session.rollback()
    sweep()


@pytest.mark.parametrize(("line", "days", "kind"), [
    ("2031-02-06至2031-02-12 休 春节", 7, DayKind.rest), ("2031年2月20日 班", 1, DayKind.work), ("2031.10.1 放假 国庆节", 1, DayKind.rest),
    ("2031/1/4，上班，元旦调休", 1, DayKind.work), ("2031-05-01~2031-05-05：休", 5, DayKind.rest),
])
def test_a_line_is_read_as_people_write_it(line, days, kind):
    found, mistakes = read(line)
    assert (len(found), {each.kind for each in found}, mistakes) == (days, {kind}, [])


@pytest.mark.parametrize("line", ["春节放假", "2031-02-30 休", "2031-02-06", "2031-02-12至2031-02-06 休",
                                  "2031-01-01至2031-12-31 休", "1031-01-01 休"])
def test_a_wrong_line_is_named(app, line):
    with app.test_request_context():
        _days, mistakes = read(f"2031-01-01 休\n{line}")
        assert [each.line for each in mistakes] == [2]
        assert mistakes[0].words


def test_a_notice_is_entered_and_a_wrong_one_writes_nothing_and_is_kept(system_admin, session):
    data = {"csrf_token": system_admin.csrf(), "notice": "2031-02-06至2031-02-12 休 春节\n2031-02-15 班"}
    assert system_admin.post(f"/calendar/{YEAR}", data=data).status_code == 302
    assert not is_workday(session, date(2031, 2, 7))
    assert is_workday(session, date(2031, 2, 15))
    answer = system_admin.post(f"/calendar/{YEAR}", data={**data, "notice": "2031-03-03 休\n三月八日休"})
    assert answer.status_code == 422
    assert "三月八日休" in answer.get_data(as_text=True)
    session.expire_all()
    assert is_workday(session, date(2031, 3, 3))


def test_a_click_marks_a_day_and_a_second_lets_it_go_and_both_are_written_down(system_admin, session):
    data = {"csrf_token": system_admin.csrf(), "day": "2031-06-02"}
    for expected in (False, True):
        assert system_admin.post("/calendar/toggle", data=data).status_code == 302
        session.rollback()
        assert is_workday(session, date(2031, 6, 2)) is expected
    from app.audit import AuditEntry
    trail = session.scalars(select(AuditEntry.action).where(AuditEntry.table_name == "work_calendar").order_by(AuditEntry.id.desc()).limit(2))
    assert sorted(trail) == ["delete", "insert"]


def test_only_those_with_the_right_change_the_calendar(clerk, system_admin):
    assert clerk.get("/calendar/").status_code == 403
    assert system_admin.get("/calendar/?year=2031").status_code == 200
    assert system_admin.get("/calendar/?year=abc").status_code == 400
    assert system_admin.post("/calendar/toggle", data={"csrf_token": system_admin.csrf(), "day": "gestern"}).status_code == 400
