"""Admins edit schedules and read the run log; others do not."""
from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from app.core.period import HalfMonth
from app.core.task import Task
from app.jobs import schedule_form, schedule_page
from app.jobs.runs import JobRun, Status, claim
from app.jobs.schedules import Recurrence, Schedule
from tests.clients import Browser

MakeSchedule = Callable[..., Schedule]
FORM = {"name": "test added", "task": "test_task", "recurrence": "monthly", "shift": "back", "hour": "7", "minute": "30",
        "catch_up_from": "2026-11-01", "active": "y"}


@pytest.fixture(autouse=True)
def _one_task(monkeypatch: pytest.MonkeyPatch) -> None:
    known = {"test_task": Task("test_task", "Test task", lambda _period: None)}
    for module in (schedule_form, schedule_page):
        monkeypatch.setattr(module, "tasks", lambda: known)


def test_a_clerk_sees_neither_page(clerk: Browser) -> None:
    for path in ("/schedules/", "/schedules/add", "/runs/"):
        assert clerk.get(path).status_code == 403


def test_an_admin_adds_and_changes_a_schedule(session: Session, system_admin: Browser) -> None:
    assert system_admin.send("/schedules/add", **FORM).status_code == 302
    row = session.scalars(select(Schedule).where(Schedule.name == "test added")).one()
    assert (row.recurrence, row.hour, row.minute, row.active) == (Recurrence.monthly, 7, 30, True)
    changed = {name: value for name, value in FORM.items() if name != "active"} | {"hour": "9", "row_version": "1"}
    assert system_admin.send(f"/schedules/{row.id}", **changed).status_code == 302
    session.rollback()
    assert (row.hour, row.active, row.row_version) == (9, False, 2)
    stale = system_admin.send(f"/schedules/{row.id}", **changed)
    assert stale.status_code == 422
    assert "test added" in system_admin.get("/schedules/").get_data(as_text=True)


@pytest.mark.parametrize(
    "wrong", [{"hour": "24"}, {"minute": "x"}, {"catch_up_from": "yesterday"}, {"task": "rm"}, {"name": ""}, {"shift": "up"}])
def test_bad_input_is_refused_and_kept(session: Session, system_admin: Browser, wrong: dict[str, str]) -> None:
    answer = system_admin.send("/schedules/add", **{**FORM, **wrong})
    assert answer.status_code == 422
    assert "field-error" in answer.get_data(as_text=True)
    assert session.scalar(select(Schedule).where(Schedule.name == "test added")) is None


def test_run_now_queues_the_period_once(session: Session, schedule: MakeSchedule, system_admin: Browser) -> None:
    row = schedule()
    for _press in range(2):
        assert system_admin.send(f"/schedules/{row.id}/run").status_code == 302
    session.rollback()
    assert session.scalars(select(JobRun)).one().why == "by_hand"


def test_the_log_filters_and_a_failed_run_starts_again(session: Session, schedule: MakeSchedule, system_admin: Browser) -> None:
    row = schedule()
    run_id = claim(session, row, HalfMonth(2026, 11, "a"))
    run = session.get_one(JobRun, run_id)
    run.status, run.message = Status.failed, "本期没有数据"
    session.commit()
    shown = system_admin.get("/runs/?status=failed").get_data(as_text=True)
    assert "2026年11月上半月" in shown
    assert "本期没有数据" in shown
    assert "本期没有数据" not in system_admin.get("/runs/?status=done").get_data(as_text=True)
    assert system_admin.get("/runs/?status=bogus&page=0&schedule=x&q=%25").status_code == 200
    session.connection().exec_driver_sql("DELETE FROM procrastinate_jobs")
    session.commit()
    assert system_admin.send(f"/runs/{run_id}/retry").status_code == 302
    session.rollback()
    assert run.status is Status.queued
