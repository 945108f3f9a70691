"""The first administrator, the people of the demo, and the commands on the server."""
from __future__ import annotations

import csv

from sqlalchemy import select

from app.core.base import now
from app.security.accounts import DEMO, ONE_TIME_LIFE, demo_users, first_admin
from app.security.grant_requests import GrantRequest, waiting
from app.security.models import Post, UserAccount


def _account(db_session, name):
    db_session.expire_all()
    return db_session.scalar(select(UserAccount).where(UserAccount.username == name))


def test_a_console_with_people_gets_no_first_administrator(db_session):
    assert first_admin(db_session) is None


def test_the_demo_has_somebody_for_every_role_with_posts_and_one_time_passwords(db_session):
    for name, _full, role, _code, _reach in DEMO:
        user = _account(db_session, name)
        assert [r.name for r in user.roles] == [role]
        assert user.must_change
        assert db_session.scalars(select(Post).where(Post.user_id == user.id)).all()


def test_the_demo_writes_its_people_down_once_for_its_owner_alone(db_session, tmp_path):
    gone = _account(db_session, "demo-town")
    db_session.delete(gone)
    db_session.flush()
    made = demo_users(db_session, tmp_path)
    path = tmp_path / "demo-users.csv"
    assert [row[0] for row in made] == ["demo-town"]
    assert path.stat().st_mode & 0o777 == 0o600
    rows = list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))
    assert rows[0]["username"] == "demo-town"
    assert rows[0]["one-time password"] == made[0][4]
    assert demo_users(db_session, tmp_path) == []
    db_session.rollback()


def test_an_administrator_made_on_the_server_has_a_day_for_the_first_sign_in(app, db_session):
    answer = app.test_cli_runner().invoke(args=["security", "create-admin", "Zhao-Liu", "--duty", "audit"])
    assert answer.exit_code == 0, answer.output
    user = _account(db_session, "zhao-liu")
    assert answer.output.split()[0] == "zhao-liu"
    assert user.roles == [], "a security administrator agrees first"
    assert db_session.scalar(waiting(GrantRequest.user_id == user.id)).requested_by is None
    assert now() < user.one_time_expires_at <= now() + ONE_TIME_LIFE
    again = app.test_cli_runner().invoke(args=["security", "create-admin", "zhao-liu"])
    assert again.exit_code == 1
    assert "Traceback" not in again.output


def test_a_password_is_reset_on_the_server(app, db_session, person, client):
    name = person("安全管理员").username
    answer = app.test_cli_runner().invoke(args=["security", "reset-password", name])
    client.sign_in(name, answer.output.split()[1])
    assert client.get("/").headers["Location"] == "/account/password"
    assert app.test_cli_runner().invoke(args=["security", "reset-password", "nobody-here"]).exit_code == 1


def test_permissions_are_written_by_command(app):
    answer = app.test_cli_runner().invoke(args=["security", "sync"])
    assert answer.output == "0 new permissions.\n"
