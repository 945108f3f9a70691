"""A worker does a run once, writes down what came of it, and loses nothing when it dies."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from app.core.period import HalfMonth
from app.core.task import TaskRefused
from app.database import db
from app.jobs.calendar import WorkDay
from app.jobs.deferral import defer
from app.jobs.queue import run_worker
from app.jobs.runs import JobRun, RunRefused, Status, Why, claim, requeue, run_now
from app.jobs.schedules import Schedule
from app.jobs.work import execute, rescue

MakeSchedule = Callable[..., Schedule]
UseTask = Callable[[Callable[[str], str | None]], None]
PERIOD = HalfMonth(2026, 11, "a")


def claimed(session: Session, schedule: Schedule, period: HalfMonth = PERIOD) -> int:
    """A run of the schedule, queued and committed."""
    run_id = claim(session, schedule, period)
    session.commit()
    assert run_id is not None
    return run_id


def read(session: Session, run_id: int) -> JobRun:
    """The run as the database has it now."""
    session.rollback()
    return session.get_one(JobRun, run_id, populate_existing=True)


def waiting(session: Session) -> int:
    """How many jobs stand in the queue."""
    return session.scalar(text("SELECT count(*) FROM procrastinate_jobs WHERE status = 'todo'")) or 0


def test_the_worker_does_each_run_once_and_in_order(app: Flask, session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    seen: list[str] = []
    task(lambda period: seen.append(period) or f"made {period}")
    row = schedule()
    first = claimed(session, row, PERIOD.previous())
    second = claimed(session, row)
    run_worker(app, wait=False)
    run_worker(app, wait=False)
    assert seen == ["2026-10-b", "2026-11-a"]
    done = read(session, second)
    assert (done.status, done.message, done.error) == (Status.done, "made 2026-11-a", None)
    assert done.seconds is not None
    assert done.started_at is not None
    assert done.finished_at is not None
    assert read(session, first).status is Status.done
    assert waiting(session) == 0


def test_a_task_with_nothing_to_do_says_so(session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    task(lambda _period: None)
    run_id = claimed(session, schedule())
    execute(session, run_id)
    assert read(session, run_id).status is Status.nothing


def test_a_refusal_keeps_its_words(session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    def refuse(_period: str) -> str:
        raise TaskRefused("本期没有上报数据，请先催报。")

    task(refuse)
    run_id = claimed(session, schedule())
    execute(session, run_id)
    run = read(session, run_id)
    assert (run.status, run.message, run.error) == (Status.failed, "本期没有上报数据，请先催报。", "TaskRefused")


def test_an_error_is_recorded_without_its_inside(session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    def crash(_period: str) -> str:
        raise KeyError("secret column")

    task(crash)
    run_id = claimed(session, schedule())
    execute(session, run_id)
    run = read(session, run_id)
    assert (run.status, run.error) == (Status.failed, "KeyError")
    assert "secret" not in run.message
    assert "Traceback" not in run.message


def test_a_failed_task_leaves_no_rows_behind(session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    def half(_period: str) -> str:
        db.session.execute(text("INSERT INTO work_calendar (day, kind) VALUES ('2099-01-01', 'rest')"))
        raise RuntimeError("half way")

    task(half)
    execute(session, claimed(session, schedule()))
    assert session.scalar(select(WorkDay).where(WorkDay.day == date(2099, 1, 1))) is None


def test_an_unknown_task_fails_with_advice(session: Session, schedule: MakeSchedule) -> None:
    run_id = claimed(session, schedule(task="gone"))
    execute(session, run_id)
    run = read(session, run_id)
    assert run.status is Status.failed
    assert "gone" in run.message


def test_a_lost_database_is_tried_again_and_then_recorded(session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    def away(_period: str) -> str:
        raise OperationalError("select", {}, Exception("gone"))

    task(away)
    run_id = claimed(session, schedule())
    with pytest.raises(OperationalError):
        execute(session, run_id, attempt=1)
    execute(session, run_id, attempt=3)
    assert read(session, run_id).status is Status.failed


def test_a_done_run_is_not_done_again(session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    seen: list[str] = []
    task(lambda period: seen.append(period) or "made")
    run_id = claimed(session, schedule())
    execute(session, run_id)
    execute(session, run_id)
    assert seen == ["2026-11-a"]


def test_by_hand_makes_a_period_once_and_a_failed_one_again(session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    row = schedule(task="gone")
    run_id = run_now(session, row, PERIOD, who="Zhang")
    session.commit()
    with pytest.raises(RunRefused):
        run_now(session, row, PERIOD, who="Zhang")
    session.rollback()
    execute(session, run_id)
    assert run_now(session, row, PERIOD, who="Li") == run_id
    session.commit()
    run = read(session, run_id)
    assert (run.status, run.who, run.why, run.message) == (Status.queued, "Li", Why.by_hand, None)


def test_only_a_failed_run_starts_again(session: Session, schedule: MakeSchedule) -> None:
    run_id = claimed(session, schedule())
    with pytest.raises(RunRefused):
        requeue(session, run_id, "Zhang")
    with pytest.raises(RunRefused):
        requeue(session, 0, "Zhang")


def test_a_run_waits_in_the_queue_once(session: Session, schedule: MakeSchedule) -> None:
    row = schedule()
    run_id = claimed(session, row)
    assert defer(session, run_id, row.id) is None
    assert waiting(session) == 1


def kill_worker(session: Session, run_id: int) -> None:
    """Leave the run as a worker does that was killed in the middle."""
    session.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL"))
    session.get_one(JobRun, run_id).status = Status.running
    session.commit()


def test_a_killed_workers_run_is_done_by_the_next(app: Flask, session: Session, schedule: MakeSchedule, task: UseTask) -> None:
    task(lambda period: f"made {period}")
    run_id = claimed(session, schedule())
    kill_worker(session, run_id)
    run_worker(app, wait=False)
    assert read(session, run_id).status is Status.done


def test_a_run_that_kills_every_worker_is_given_up(session: Session, schedule: MakeSchedule) -> None:
    run_id = claimed(session, schedule())
    for _death in range(3):
        kill_worker(session, run_id)
        assert rescue(session) == 1
        session.commit()
    assert read(session, run_id).status is Status.failed
    assert waiting(session) == 0


def test_a_living_workers_run_is_left_alone(session: Session, schedule: MakeSchedule) -> None:
    claimed(session, schedule())
    worker = session.scalar(text("INSERT INTO procrastinate_workers DEFAULT VALUES RETURNING id"))
    session.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = :id"), {"id": worker})
    session.commit()
    assert rescue(session) == 0
