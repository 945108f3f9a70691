"""The clock (时钟): decides when a schedule is due and claims its period; it never does the work."""
from __future__ import annotations

import logging
import signal
import time
from datetime import datetime, timedelta
from types import FrameType

import psycopg
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.base import now as present
from app.core.period import IsWorkday, Period
from app.database import db
from app.database.scope import acting, everywhere
from app.jobs.assignment_work import rescue_assignments
from app.jobs.calendar import workdays
from app.jobs.deferral import LEADER_LOCK, defer_errand
from app.jobs.health import sample
from app.jobs.queue import connection_arguments
from app.jobs.runs import CLOCK, JobRun, Why, claim
from app.jobs.schedules import SHANGHAI, Schedule
from app.jobs.tasks import errands
from app.jobs.work import rescue

BEAT = 20
RETRY_LEADER = 2
PUNCTUAL = timedelta(minutes=10)
"""A run that starts later than this after its moment counts as caught up."""
log = logging.getLogger(__name__)


def _missing(session: Session, schedule: Schedule, now: datetime, is_workday: IsWorkday) -> list[Period]:
    """Due periods that nobody has claimed yet."""
    claimed = set(session.scalars(select(JobRun.period).where(JobRun.schedule_id == schedule.id)))
    return [period for period in schedule.due_periods(now, is_workday) if str(period) not in claimed]


def tick(session: Session, now: datetime) -> list[int]:
    """Claim and queue every due period, send errands on their way, and put lost runs back; the caller commits."""
    rescue(session)
    rescue_assignments(session)
    sample(session)
    for errand in errands().values():
        if errand.is_due():
            defer_errand(session, errand.name)
    is_workday = workdays(session)
    made: list[int] = []
    for schedule in session.scalars(select(Schedule).where(Schedule.active).order_by(Schedule.id)):
        for period in _missing(session, schedule, now, is_workday):
            late = now - schedule.moment(period, is_workday) > PUNCTUAL
            run_id = claim(session, schedule, period, why=Why.caught_up if late else Why.on_time)
            made += [run_id] if run_id is not None else []
    return made


def beat(app: Flask) -> list[int]:
    """One tick with its own session and commit; an error is logged, and the next beat tries again."""
    with app.app_context(), acting(everywhere(CLOCK)):
        try:
            made = tick(db.session, present())
            db.session.commit()
        except Exception:
            db.session.rollback()
            log.exception("A tick failed; the next one tries again.")
            return []
    if made:
        log.info("Queued %s run(s): %s", len(made), made)
    return made


def take_lead(app: Flask) -> psycopg.Connection | None:
    """The connection that holds the leader's lock; None if another clock leads. The lock dies with the connection."""
    connection = psycopg.connect(**connection_arguments(app), autocommit=True)
    held = connection.execute("SELECT pg_try_advisory_lock(%s)", (LEADER_LOCK,)).fetchone()
    if held and held[0]:
        return connection
    connection.close()
    return None


def lead(app: Flask, leadership: psycopg.Connection) -> None:
    """Beat until the leader's lock is lost."""
    # Only the process that leads needs the scheduler; the others know this module for its words alone.
    from apscheduler.schedulers.blocking import BlockingScheduler
    from apscheduler.triggers.interval import IntervalTrigger

    scheduler = BlockingScheduler(timezone=SHANGHAI)

    def guarded_beat() -> None:
        try:
            leadership.execute("SELECT 1")
        except psycopg.Error:
            log.warning("The clock lost its lead.")
            scheduler.shutdown(wait=False)
            return
        beat(app)

    scheduler.add_job(
        guarded_beat, IntervalTrigger(seconds=BEAT, timezone=SHANGHAI), next_run_time=datetime.now(SHANGHAI),
        coalesce=True, max_instances=1, misfire_grace_time=None,
    )
    scheduler.start()


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def run_clock(app: Flask) -> None:
    """Lead, or wait behind the leader, until told to stop."""
    signal.signal(signal.SIGTERM, _stop)
    signal.signal(signal.SIGINT, _stop)
    while True:
        try:
            leadership = take_lead(app)
            if leadership is not None:
                with leadership:
                    lead(app, leadership)
        except psycopg.Error as error:
            log.error("The clock cannot reach its database (%s); it tries again.", type(error).__name__)
        time.sleep(RETRY_LEADER)
