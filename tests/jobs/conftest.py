"""A quiet console for the jobs tests: only their own schedules are active, and their rows leave with them."""
from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import delete, select, text, update
from sqlalchemy.orm import Session

from app.core.task import Task
from app.database import db
from app.database.scope import acting, everywhere
from app.jobs import work
from app.jobs.schedules import Recurrence, Schedule, Shift


def _sweep(session: Session) -> None:
    session.rollback()
    for table in ("procrastinate_jobs", "procrastinate_workers", "job_run"):
        session.execute(text(f"DELETE FROM {table}"))


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    """A session over everything; commits are real, so that the worker and other threads see them."""
    with app.app_context(), acting(everywhere("tests")):
        others = db.session.scalars(select(Schedule.id).where(Schedule.active)).all()
        _sweep(db.session)
        db.session.execute(update(Schedule).values(active=False))
        db.session.commit()
        yield db.session
        _sweep(db.session)
        db.session.execute(delete(Schedule).where(Schedule.name.like("test %")))
        db.session.execute(update(Schedule).where(Schedule.id.in_(others)).values(active=True))
        db.session.commit()


@pytest.fixture
def schedule(session: Session) -> Callable[..., Schedule]:
    """A maker of schedules: half-monthly at 08:00 from November 2026 unless told otherwise."""

    def make(**changes: object) -> Schedule:
        values = {"name": "test briefing", "task": "test_task", "recurrence": Recurrence.half_month, "hour": 8,
                  "minute": 0, "shift": Shift.none, "active": True, "catch_up_from": date(2026, 11, 1), **changes}
        row = Schedule(**values)
        session.add(row)
        session.commit()
        return row

    return make


@pytest.fixture
def task(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[str], str | None]], None]:
    """Let ``test_task`` be the given function."""

    def use(run: Callable[[str], str | None]) -> None:
        monkeypatch.setattr(work, "tasks", lambda: {"test_task": Task("test_task", "Test", run)})

    return use


