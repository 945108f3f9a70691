"""The clock claims a period once, whoever else ticks, and catches up what was missed."""
from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from threading import Barrier

from flask import Flask
from sqlalchemy import delete, func, select, text
from sqlalchemy.orm import Session

from app.database import db
from app.database.scope import acting, everywhere
from app.jobs.clock import take_lead, tick
from app.jobs.runs import JobRun, Status, Why
from app.jobs.schedules import SHANGHAI, Recurrence, Schedule, Shift, ensure_default_schedules
from app.jobs.tasks import tasks

MakeSchedule = Callable[..., Schedule]


def at(*parts: int) -> datetime:
    """A moment in the county's time."""
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type]


def waiting(session: Session) -> int:
    """How many jobs stand in the queue."""
    return session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) or 0


def periods(session: Session) -> list[str]:
    """The periods in the run log, in the order they were claimed."""
    return list(session.scalars(select(JobRun.period).order_by(JobRun.id)))


def test_nothing_starts_before_its_moment(session: Session, schedule: MakeSchedule) -> None:
    schedule()
    assert tick(session, at(2026, 11, 17, 7, 59)) == []
    assert len(tick(session, at(2026, 11, 17, 8, 0))) == 1
    assert [(run.period, run.why, run.status, run.who) for run in session.scalars(select(JobRun))] == [
        ("2026-11-a", Why.on_time, Status.queued, "clock")]


def test_a_second_tick_finds_nothing_to_do(session: Session, schedule: MakeSchedule) -> None:
    schedule()
    moment = at(2026, 11, 17, 8, 1)
    assert len(tick(session, moment)) == 1
    session.commit()
    assert tick(session, moment + timedelta(seconds=20)) == []
    assert waiting(session) == 1


def test_two_ticks_at_once_claim_a_period_once(app: Flask, session: Session, schedule: MakeSchedule) -> None:
    schedule()
    gate = Barrier(2)

    def one_tick() -> int:
        with app.app_context(), acting(everywhere("clock")):
            db.session.execute(text("SELECT 1"))
            gate.wait(timeout=10)
            made = tick(db.session, at(2026, 11, 17, 8, 1))
            db.session.commit()
            return len(made)

    with ThreadPoolExecutor(2) as threads:
        counts = [future.result(timeout=30) for future in [threads.submit(one_tick) for _ in range(2)]]
    assert sorted(counts) == [0, 1]
    assert session.scalar(select(func.count()).select_from(JobRun)) == 1
    assert waiting(session) == 1


def test_the_claim_and_its_job_fall_together(session: Session, schedule: MakeSchedule) -> None:
    schedule()
    assert len(tick(session, at(2026, 11, 17, 8, 1))) == 1
    assert waiting(session) == 1
    session.rollback()
    assert (periods(session), waiting(session)) == ([], 0)


def test_missed_periods_are_caught_up_in_order_and_at_most_three(session: Session, schedule: MakeSchedule) -> None:
    schedule(catch_up_from=date(2026, 1, 1))
    tick(session, at(2026, 11, 22, 12, 0))
    assert periods(session) == ["2026-10-a", "2026-10-b", "2026-11-a"]
    assert set(session.scalars(select(JobRun.why))) == {Why.caught_up}


def test_periods_before_the_start_are_left_alone(session: Session, schedule: MakeSchedule) -> None:
    schedule(catch_up_from=date(2026, 11, 17))
    assert tick(session, at(2026, 11, 22, 12, 0)) == []


def test_an_inactive_schedule_rests(session: Session, schedule: MakeSchedule) -> None:
    schedule(active=False)
    assert tick(session, at(2026, 11, 22, 12, 0)) == []


def test_a_due_day_of_rest_is_shifted(session: Session, schedule: MakeSchedule) -> None:
    row = schedule(catch_up_from=date(2026, 10, 17), shift=Shift.forward)
    assert tick(session, at(2026, 11, 1, 9, 0)) == []
    assert len(tick(session, at(2026, 11, 2, 9, 0))) == 1
    assert row.next_moment(at(2026, 11, 2, 9, 0), lambda day: day.weekday() < 5) == at(2026, 11, 17, 8, 0)


def test_daily_schedules_make_yesterday(session: Session, schedule: MakeSchedule) -> None:
    schedule(recurrence=Recurrence.daily, catch_up_from=date(2026, 11, 21))
    tick(session, at(2026, 11, 22, 8, 0))
    assert periods(session) == ["2026-11-21"]


def test_one_clock_leads_and_the_next_takes_over(app: Flask) -> None:
    first = take_lead(app)
    assert first is not None
    assert take_lead(app) is None
    first.close()
    second = take_lead(app)
    assert second is not None
    second.close()


def test_a_new_console_catches_up_the_latest_half_month(session: Session) -> None:
    session.execute(delete(Schedule))
    made = ensure_default_schedules(session, date(2026, 11, 22))
    assert {row.task for row in made} == {task.name for task in tasks().values() if task.usual}
    assert ensure_default_schedules(session, date(2026, 11, 22)) == []
    half_monthly = [row for row in made if row.recurrence is Recurrence.half_month]
    assert half_monthly
    assert all(row.catch_up_from == date(2026, 11, 1) for row in half_monthly)
    tick(session, at(2026, 11, 22, 0, 1))
    assert [each for each in periods(session) if each.endswith("-a")] == ["2026-11-a"] * len(half_monthly)
