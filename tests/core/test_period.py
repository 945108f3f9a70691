"""Periods follow each other without a gap, and due dates leave days of rest by the rule."""
from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from app.core.period import KINDS, HalfMonth, Month, Quarter, Week, parse


def weekday(day: date) -> bool:
    """The plain rule: Monday to Friday."""
    return day.weekday() < 5


@pytest.mark.parametrize(
    ("text", "start", "end", "label"),
    [
        ("2026-11-a", date(2026, 11, 1), date(2026, 11, 16), "2026年11月上半月"),
        ("2026-11-b", date(2026, 11, 17), date(2026, 11, 30), "2026年11月下半月"),
        ("2028-02-b", date(2028, 2, 17), date(2028, 2, 29), "2028年2月下半月"),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28), "2026年2月"),
        ("2026-Q4", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("2026-W53", date(2026, 12, 28), date(2027, 1, 3), "2026年第53周"),
        ("2026-11-22", date(2026, 11, 22), date(2026, 11, 22), "2026年11月22日"),
    ],
)
def test_a_text_names_its_days(text: str, start: date, end: date, label: str) -> None:
    period = parse(text)
    assert (period.start, period.end, period.label, str(period)) == (start, end, label, text)


@pytest.mark.parametrize("kind", KINDS.values(), ids=KINDS)
def test_periods_tile_the_calendar(kind: type) -> None:
    period = kind.containing(date(2026, 12, 31))
    for _step in range(60):
        following = period.next()
        assert following.start - period.end == timedelta(days=1)
        assert following.previous() == period
        assert kind.parse(str(period)) == period
        assert all(kind.containing(day) == period for day in (period.start, period.end))
        period = following


@pytest.mark.parametrize("text", ["2026-13-a", "2026-11-c", "2026-Q5", "2026-W54", "2026-02-30", "", "november"])
def test_what_is_no_period_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"not a period|month|week|day|year|range"):
        parse(text)


def test_a_half_month_is_due_on_the_17th_and_the_1st() -> None:
    assert HalfMonth(2026, 11, "a").due("none", weekday) == date(2026, 11, 17)
    assert HalfMonth(2026, 12, "b").due("none", weekday) == date(2027, 1, 1)
    assert Quarter(2026, 4).due("none", weekday) == date(2027, 1, 1)


def test_a_due_date_leaves_a_weekend_by_the_rule() -> None:
    half = HalfMonth(2026, 10, "b")
    assert date(2026, 11, 1).weekday() == 6
    assert half.due("none", weekday) == date(2026, 11, 1)
    assert half.due("forward", weekday) == date(2026, 11, 2)
    assert half.due("back", weekday) == date(2026, 10, 30)


def test_eleven_due_dates_of_2026_fall_on_days_of_rest() -> None:
    halves = [HalfMonth(2026, month, half) for month in range(1, 13) for half in "ab"]
    days = [HalfMonth(2025, 12, "b"), *halves][:24]
    resting = [half for half in days if not chinese_calendar.is_workday(half.due("none", weekday))]
    assert len(resting) == 11


def test_a_wrong_rule_and_an_empty_calendar_are_refused() -> None:
    with pytest.raises(ValueError, match="shift rule"):
        HalfMonth(2026, 11, "a").due("sideways", weekday)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match="work calendar"):
        HalfMonth(2026, 11, "a").due("forward", lambda _day: False)


def test_the_latest_finished_period_has_ended() -> None:
    assert HalfMonth.latest_finished(date(2026, 11, 22)) == HalfMonth(2026, 11, "a")
    assert HalfMonth.latest_finished(date(2026, 11, 16)) == HalfMonth(2026, 10, "b")
    assert Month.latest_finished(date(2027, 1, 1)) == Month(2026, 12)
    assert Week.latest_finished(date(2026, 11, 22)) == Week(2026, 46)
