"""Accounts that nobody uses are closed at night, and the console never loses its last administrator of a kind."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from app.audit import AuditEntry
from app.core.base import now
from app.jobs.tasks import tasks
from app.security import unused
from app.security.models import UserAccount


def _old(db_session, user, days):
    moment = now() - timedelta(days=days)
    words = "UPDATE ab_user SET signed_in_at = :at, created_on = :at, changed_on = :at WHERE id = :id"
    db_session.execute(text(words), {"at": moment, "id": user.id})
    db_session.commit()
    db_session.expire_all()


def test_an_account_unused_for_ninety_days_is_closed_written_down_and_signed_out(person, enter, client, db_session):
    gone, still = person("领导"), person("领导")
    enter(gone.username)
    _old(db_session, gone, 91)
    _old(db_session, still, 89)
    words = unused.run("2026-11-22")
    db_session.commit()
    db_session.expire_all()
    assert gone.username in words
    assert still.username not in words
    assert (gone.active, still.active) == (False, True)
    assert gone.idle_closed_at
    assert client.get("/account").status_code == 302
    assert enter(gone.username).status_code == 401
    assert db_session.scalar(select(AuditEntry).where(AuditEntry.action == "close_unused", AuditEntry.row_id == gone.id))


def test_an_account_that_was_never_used_counts_from_its_making(person, db_session):
    user = person()
    db_session.execute(text("UPDATE ab_user SET signed_in_at = NULL, created_on = :at, changed_on = :at WHERE id = :id"),
                       {"at": now() - timedelta(days=100), "id": user.id})
    db_session.commit()
    db_session.expire_all()
    assert user.username in unused.close_unused()
    db_session.rollback()


def test_what_an_administrator_opens_again_stays_open(person, db_session, system_admin):
    user = person("领导")
    _old(db_session, user, 200)
    unused.close_unused()
    db_session.commit()
    assert "长期未用" in system_admin.get(f"/users/?q={user.username}").get_data(as_text=True)
    assert system_admin.send(f"/users/{user.id}/details", full_name="王五", active="1").status_code == 302
    db_session.expire_all()
    assert user.idle_closed_at is None
    assert user.username not in unused.close_unused()
    db_session.rollback()


class Somebody:
    """An account as far as the choice looks at it."""

    def __init__(self, number: int, days: int) -> None:
        self.id = number
        self.signed_in_at = now() - timedelta(days=days)
        self.created_on = self.changed_on = datetime(2020, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize("duty", ["system", "security", "audit"])
def test_the_last_administrator_of_a_kind_stays(duty):
    people = [Somebody(1, 300), Somebody(2, 200), Somebody(3, 400)]
    held = {1: {duty}, 2: {duty}, 3: {"business"}}
    closed = {user.id for user in unused.unused(people, held, now() - timedelta(days=90))}
    assert closed == {1, 3}
    people.append(Somebody(4, 5))
    held[4] = {duty}
    assert {user.id for user in unused.unused(people, held, now() - timedelta(days=90))} == {1, 2, 3}


def test_with_zero_days_nobody_is_closed(person, db_session, app, monkeypatch):
    monkeypatch.setitem(app.config, "UNUSED_DAYS", 0)
    _old(db_session, person(), 900)
    assert unused.close_unused() == []


def test_the_clock_knows_the_task_and_when_it_usually_runs():
    task = tasks()["close_unused_accounts"]
    assert task.usual.recurrence == "daily"
    assert UserAccount.idle_closed_at is not None
