"""How the console fares (运行状况): true figures, red where it must be, never a business row, and the same for a monitor."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import delete, text

from app.core.base import now
from app.core.register import registers
from app.database.dump import NOTE, last_backup
from app.jobs import health
from app.jobs.deferral import LEADER_LOCK
from app.jobs.health import SizeSample, age_words, sample, signs, size_words


@pytest.fixture
def told(app, db_session):
    """The signs by name, in Chinese."""
    def ask():
        with app.test_request_context(headers={"Accept-Language": "zh"}):
            return {sign.name: sign for sign in signs()}

    return ask


def test_a_clock_that_leads_is_seen_and_one_that_does_not_is_red(told, db_session):
    assert told()["clock"].tone == "red"
    connection = db_session.connection()
    assert connection.scalar(text("SELECT pg_try_advisory_lock(:key)"), {"key": LEADER_LOCK})
    try:
        assert told()["clock"].tone == "green"
    finally:
        connection.scalar(text("SELECT pg_advisory_unlock(:key)"), {"key": LEADER_LOCK})


def test_the_age_of_the_backup_is_told_and_turns_red(told, app, data_dir):
    note = data_dir / NOTE
    for age, tone in ((None, "red"), (timedelta(hours=3), "green"), (timedelta(days=3), "amber"), (timedelta(days=30), "red")):
        note.unlink(missing_ok=True)
        if age is not None:
            note.write_text((now() - age).isoformat())
        assert told()["backup"].tone == tone, age
    note.write_text("nonsense")
    assert last_backup(data_dir) is None
    note.unlink()


def test_a_disk_that_fills_up_is_told(told, monkeypatch):
    usage = type("Usage", (), {"total": 100 * 2**30, "free": 2 * 2**30})
    monkeypatch.setattr(health.shutil, "disk_usage", lambda _path: usage)
    assert (told()["disk"].tone, "2.0 GB" in told()["disk"].words) == ("red", True)


def test_the_size_is_noted_once_a_day_and_its_growth_told(told, db_session):
    db_session.execute(delete(SizeSample))
    for _ in range(2):
        sample(db_session)
    assert len(health.samples(db_session)) == 1
    db_session.add(SizeSample(day=now().date() - timedelta(days=10), bytes=1))
    db_session.flush()
    assert "+" in told()["database"].words


@pytest.mark.parametrize(("size", "words"), [(0, "0 B"), (2048, "2 KB"), (5 * 2**20, "5.0 MB"), (3 * 2**30, "3.0 GB"), (2**41, "2.0 TB")])
def test_sizes_are_said_in_their_unit(size, words):
    assert size_words(size) == words


def test_ages_are_said_in_their_unit(app):
    with app.test_request_context():
        assert [age_words(timedelta(minutes=m)) for m in (0, 5, 120, 3 * 1440)] == ["刚刚", "5 分钟前", "2 小时前", "3 天前"]


def test_the_administrator_sees_it_first_and_each_sign_leads_somewhere(system_admin, statements):
    with statements() as seen:
        page = system_admin.get("/").get_data(as_text=True)
    assert len(seen) <= 15, "\n".join(seen)
    assert 'id="list-health"' in page
    for sign in ("时钟", "工作进程", "磁盘", "数据库", "上次备份"):
        assert sign in page
    for path in ("/running/", "/schedules/", "/runs/?status=running", "/runs/?status=queued", "/runs/?status=failed"):
        assert path in page
        assert system_admin.get(path).status_code == 200


def test_it_is_not_for_everybody_and_never_names_a_business_row(officer, leader, client, system_admin):
    for person in (officer, leader):
        assert person.get("/running/").status_code == 403
        assert 'id="list-health"' not in person.get("/").get_data(as_text=True)
    assert client.get("/running/").status_code == 302
    tables = [register.table.name for register in registers()]
    assert [name for name in tables if f" {name} " in health._FACTS.text or f"FROM {name}" in health._FACTS.text] == []


def test_a_monitor_is_told_the_same_and_fails_on_red(app):
    answer = app.test_cli_runner().invoke(args=["health"])
    assert len(answer.output.strip().splitlines()) == 8
    assert answer.exit_code == (1 if "需立即处理" in answer.output else 0)
