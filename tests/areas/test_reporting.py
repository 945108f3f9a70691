"""Half-month returns: opened for every unit, due by the work calendar, urged, sent once, and approved by another side."""
from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from app.areas.demo import fill
from app.areas.divisions.calendar import today
from app.areas.divisions.units import Unit
from app.areas.reporting import rounds
from app.areas.reporting.returns import FIGURES, Half, HalfMonthReturn, ReportKind, Timeliness, due_day
from app.areas.reporting.states import ReturnState, workflow
from app.core.period import HalfMonth
from app.jobs.calendar import DayKind, WorkDay

NIGHT = date(2031, 3, 5)
"""A day that no demo row reaches."""
UNITS = 151
JANUARY = HalfMonth(2031, 1, "a")


@pytest.fixture
def nights(db_session, monkeypatch):
    """The demo's units, and the night of a day of one's choice."""
    fill(db_session)

    def on(day):
        monkeypatch.setattr(rounds, "today", lambda: day)
        return rounds.run(str(day))

    return on


def _of(session, period):
    month = date(period.year, period.month, 1)
    return select(HalfMonthReturn).where(HalfMonthReturn.month == month, HalfMonthReturn.half == Half(period.half))


def _count(session, period):
    return session.scalar(select(func.count()).select_from(_of(session, period).subquery()))


def made(session, period=JANUARY, **given):
    unit = session.scalars(select(Unit).where(Unit.reports).order_by(Unit.id)).first()
    row = HalfMonthReturn(**{"division_code": unit.division_code, "unit_id": unit.id, "month": date(period.year, period.month, 1),
                             "half": Half(period.half)} | given)
    session.add(row)
    session.flush()
    return row


def test_the_demo_has_every_unit_that_the_county_counts(db_session):
    fill(db_session)
    assert db_session.scalar(select(func.count()).where(Unit.reports)) == UNITS
    assert _count(db_session, HalfMonth.containing(today())) == _count(db_session, HalfMonth.latest_finished(today())) == UNITS


def test_the_clock_opens_the_half_month_for_every_unit_and_twice_adds_nothing(db_session, nights):
    assert nights(NIGHT)
    assert _count(db_session, HalfMonth.containing(NIGHT)) == UNITS
    assert nights(NIGHT) is None
    assert _count(db_session, HalfMonth.containing(NIGHT)) == UNITS


def test_a_unit_that_joins_later_gets_its_return_and_one_that_no_longer_reports_gets_none(db_session, nights):
    gone = db_session.scalars(select(Unit).order_by(Unit.id)).first()
    gone.reports = False
    nights(NIGHT)
    assert _count(db_session, HalfMonth.containing(NIGHT)) == UNITS - 1
    db_session.add(Unit(division_code=gone.division_code, name="后来的单位", kind=gone.kind, reports=True))
    db_session.flush()
    nights(NIGHT)
    assert _count(db_session, HalfMonth.containing(NIGHT)) == UNITS


def test_half_months_that_an_outage_skipped_are_opened_but_not_the_years_before(db_session, nights):
    nights(NIGHT)
    nights(NIGHT + timedelta(days=45))
    period = HalfMonth.containing(NIGHT + timedelta(days=45))
    for _step in range(4):
        assert _count(db_session, period) == UNITS, period
        period = period.previous()
    assert _count(db_session, HalfMonth(2030, 12, "a")) == 0


def test_a_day_of_rest_moves_the_due_day_by_the_setting(app, db_session, monkeypatch):
    saturday = date(2031, 2, 1)
    due = {}
    for rule in ("forward", "back", "none"):
        monkeypatch.setitem(app.config, "DUE_SHIFT", rule)
        due[rule] = due_day(db_session, HalfMonth(2031, 1, "b"))
    assert due == {"forward": date(2031, 2, 3), "back": date(2031, 1, 31), "none": saturday}


def test_a_notice_that_comes_late_moves_the_days_of_those_who_wait(db_session, nights):
    nights(NIGHT)
    row = db_session.scalars(_of(db_session, HalfMonth.containing(NIGHT))).first()
    was = row.due_on
    db_session.add(WorkDay(day=was, kind=DayKind.rest))
    db_session.flush()
    nights(NIGHT)
    db_session.refresh(row)
    assert row.due_on > was


def test_units_are_urged_once_a_day_from_the_day_before(db_session, nights):
    nights(NIGHT)
    waiting = db_session.scalar(select(func.count()).select_from(_of(db_session, HalfMonth.containing(NIGHT)).where(
        HalfMonthReturn.urged_on.is_not(None)).subquery()))
    due = db_session.scalars(_of(db_session, HalfMonth.containing(NIGHT))).first().due_on
    first = due - timedelta(days=1)
    nights(first)
    urged = _of(db_session, HalfMonth.containing(NIGHT)).where(HalfMonthReturn.urged_on == first)
    assert (waiting, db_session.scalar(select(func.count()).select_from(urged.subquery()))) == (0, UNITS)
    assert rounds.urge(first) == 0
    assert rounds.urge(due + timedelta(days=rounds.URGED_UNTIL + 1)) == 0


def test_what_is_late_or_missing_is_computed_from_the_due_day(db_session):
    row = made(db_session, HalfMonth(2020, 1, "a"))
    assert (row.due_on, row.timeliness) == (date(2020, 1, 17), Timeliness.missing)
    for year, days, said, late in ((2018, 0, Timeliness.in_time, False), (2019, 1, Timeliness.late, True)):
        due = due_day(db_session, HalfMonth(year, 1, "a"))
        row = made(db_session, HalfMonth(year, 1, "a"), kind=ReportKind.zero, state=ReturnState.submitted, submitted_on=due + timedelta(days=days))
        db_session.refresh(row)
        assert (row.timeliness, row.late) == (said, late)
        assert db_session.scalar(select(HalfMonthReturn.timeliness).where(HalfMonthReturn.id == row.id)) == said
    assert made(db_session, HalfMonth(2098, 1, "a")).timeliness is Timeliness.open


def test_a_return_stands_once_and_where_its_unit_stands(db_session):
    row = made(db_session, division_code="371625101")
    assert row.division_code == db_session.get(Unit, row.unit_id).division_code
    with pytest.raises(IntegrityError, match="uq_half_month_return_unit_once"), db_session.begin_nested():
        made(db_session)


@pytest.mark.parametrize(("given", "refused"), [
    ({}, "figures_complete"), ({"disputes_found": 3}, "figures_complete"), (dict.fromkeys(FIGURES, 0), "nothing_is_zero_report"),
    ({"kind": ReportKind.zero, "disputes_found": 1}, "disputes_found_only_when"),
    (dict.fromkeys(FIGURES, 1), None), ({"kind": ReportKind.zero}, None),
])
def test_the_database_takes_a_sent_return_only_with_all_figures_or_as_a_zero_report(db_session, given, refused):
    row = made(db_session)
    change = update(HalfMonthReturn).where(HalfMonthReturn.id == row.id).values(state=ReturnState.submitted, submitted_on=today(), **given)
    if refused:
        with pytest.raises(IntegrityError, match=refused), db_session.begin_nested():
            db_session.execute(change)
    else:
        assert db_session.execute(change).rowcount == 1


def test_a_return_sent_again_keeps_its_first_day(db_session):
    row = made(db_session, kind=ReportKind.zero, state=ReturnState.returned, submitted_on=date(2031, 1, 17))
    db_session.refresh(row)
    row.submitted_on = date(2031, 1, 25)
    row.before_save()
    assert row.submitted_on == date(2031, 1, 17)


def test_whoever_sends_does_not_approve_and_an_empty_return_is_refused_with_words(clerk, db_session):
    assert {step.name: step.verb for step in workflow.transitions} == {
        "submit": "write", "urge": "delete", "send_back": "delete", "approve": "delete"}
    pk = clerk.get("/api/v1/half_month_returns/?state=waiting").get_json()["result"][0]["id"]
    assert clerk.send(f"/half_month_returns/step/{pk}/approve").status_code in (403, 404)
    clerk.send(f"/half_month_returns/step/{pk}/submit")
    assert "零报告" in clerk.get(f"/half_month_returns/show/{pk}").text
    assert db_session.get(HalfMonthReturn, pk).state is ReturnState.waiting


def test_the_first_page_says_how_many_of_all_units_have_reported_and_names_those_who_have_not(officer, leader):
    for html in (officer.get("/?face=desk").text, leader.get("/?face=cockpit").text):
        panel = html.split('id="progress"')[1].split("</section>")[0]
        done, missing = (int(rows) for rows in re.findall(r'<strong[^>]*><a [^>]*data-rows="(\d+)"', panel)[:2])
        assert (done + missing, f"/{UNITS} " in panel) == (UNITS, True)
        groups = [int(rows) for rows in re.findall(r'<li><a [^>]*data-rows="(\d+)"', panel)]
        assert (len(groups), sum(groups)) == (14, UNITS)
        assert panel.count('<li class="todo-') == min(missing, 6)


def test_the_bell_of_a_town_tells_what_it_must_send_and_that_of_the_county_only_what_is_missing(app, clerk, officer, db_session, monkeypatch):
    from app.areas.reporting import home

    due = due_day(db_session, HalfMonth.containing(today()))
    monkeypatch.setattr(home, "today", lambda: due)
    said = {person: person.get("/bell", headers={"X-Background": "1"}).get_json()["html"] for person in (clerk, officer)}
    assert "曹王镇司法所半月报" in said[clerk]
    assert HalfMonth.containing(today()).label in said[clerk]
    assert HalfMonth.containing(today()).label not in said[officer]
