"""The work calendar knows the notices it holds and falls back to weekdays where it holds none."""
from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from app.jobs.calendar import has_year, is_workday, seed_calendar, workdays


def test_the_notice_of_2026_is_known(session: Session) -> None:
    seed_calendar(session)
    assert has_year(session, 2026)
    assert not is_workday(session, date(2026, 10, 1))
    assert is_workday(session, date(2026, 10, 10)), "a Saturday that is worked to make up"
    assert is_workday(session, date(2026, 11, 17))
    assert not is_workday(session, date(2026, 11, 22))


def test_a_year_without_a_notice_follows_the_weekdays(session: Session) -> None:
    seed_calendar(session)
    known = workdays(session)
    assert not has_year(session, 2031)
    assert known(date(2031, 10, 1))
    assert not known(date(2031, 10, 4))


def test_seeding_again_changes_nothing(session: Session) -> None:
    seed_calendar(session)
    assert seed_calendar(session) == 0
