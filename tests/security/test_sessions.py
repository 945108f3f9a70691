"""Sessions live on the server: one statement finds them, and they end wherever a person or a right changes."""
from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask_appbuilder.security.sqla.models import Group, Role, assoc_group_role, assoc_user_group
from flask_jwt_extended import create_access_token, create_refresh_token
from sqlalchemy import delete, func, select, text, update

from app.core.base import now
from app.security import sessions
from app.security.accounts import give_one_time
from app.security.agents import family
from app.security.models import LoginSession, Post, SecondFactor, UserAccount

from .conftest import RIGHT

NEW = "tea-garden-under-rain-8"
TOWN = "371625101"


def _role(db_session, name="领导"):
    return db_session.scalar(select(Role).where(Role.name == name))


def _is_open(browser):
    return browser.get("/account").status_code == 200


@pytest.fixture
def two(person, enter, app):
    """A person signed in twice, and somebody else beside."""
    user, stranger = person(), person()
    here, there, beside = app.test_client(), app.test_client(), app.test_client()
    for who, browser in ((user, here), (user, there), (stranger, beside)):
        assert enter(who.username, browser=browser).status_code == 302
    return user, here, there, beside


def _move(db_session, user, **ages):
    """Let the person's sessions be older."""
    db_session.execute(update(LoginSession).where(LoginSession.user_id == user.id).values(
        {name: getattr(LoginSession, name) - timedelta(minutes=minutes) for name, minutes in ages.items()}))
    db_session.commit()


def test_the_cookie_holds_a_random_number_and_nothing_of_the_person(person, enter, client, db_session):
    user = person()
    enter(user.username)
    for path in ("/", "/account", "/search/?q=371625199001010011"):
        client.get(path)
    with client.session_transaction() as session:
        assert set(session) <= {"_user_id", "csrf_token", "_flashes", "locale"}
        token = session["_user_id"]
    assert len(token) >= 43
    row = db_session.scalar(select(LoginSession).where(LoginSession.user_id == user.id))
    assert row.token_digest == sessions.digest(token)
    assert token not in str(db_session.execute(text("SELECT string_agg(login_session::text, '') FROM login_session")).scalar())


def test_pages_of_registers_write_no_addresses_or_searches_into_the_cookie(officer):
    for path in ("/", "/key_person_files/list/?q=371625199001010011", "/key_person_files/add", "/legal_contracts/list/", "/legal_contracts/show/1"):
        officer.get(path)
    with officer.session_transaction() as session:
        assert set(session) <= {"_user_id", "csrf_token", "_flashes", "locale"}
        assert "371625199001010011" not in str(dict(session))


def test_ten_thousand_numbers_are_all_different():
    import secrets

    assert len({secrets.token_urlsafe(sessions.TOKEN_BYTES) for _each in range(10_000)}) == 10_000


def test_signing_in_again_gives_another_number_and_ends_the_former(person, enter, client, app):
    user = person()
    enter(user.username)
    former = client.get_cookie("pingan").value
    client.post("/login/", data={"csrf_token": client.csrf(), "username": user.username, "password": RIGHT})
    assert client.get_cookie("pingan").value != former
    thief = app.test_client()
    thief.set_cookie("pingan", former)
    assert not _is_open(thief)
    assert _is_open(client)


def test_cookie_flags_and_that_reading_a_page_sets_none(person, enter, client):
    assert "HttpOnly" in (header := enter(person().username).headers["Set-Cookie"])
    assert "SameSite=Lax" in header
    assert "Expires" not in header, "the cookie ends with the browser"
    client.get("/account")
    assert "Set-Cookie" not in client.get("/account").headers


def test_over_https_the_cookie_is_bound_to_the_host(tmp_path, monkeypatch):
    import config

    monkeypatch.setenv("PINGAN_HTTPS", "true")
    made = config.load({"DATA_DIR": tmp_path})
    assert made["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert (made["SESSION_COOKIE_SECURE"], made["SESSION_COOKIE_PATH"], made.get("SESSION_COOKIE_DOMAIN")) == (True, "/", None)


def test_person_and_session_cost_one_statement_and_no_write(person, enter, client, statements):
    enter(person().username)
    client.get("/account")
    with statements() as seen:
        client.get("/account")
    asked = [each for each in seen if "login_session" in each]
    assert len([each for each in asked if "JOIN login_session" in each]) == 1
    assert not [each for each in asked if each.startswith(("UPDATE", "DELETE", "INSERT"))]


def test_use_is_noted_once_a_minute_and_not_by_requests_a_page_sends_itself(two, db_session, statements):
    user, here, _there, _beside = two
    _move(db_session, user, seen_at=5)
    with statements() as seen:
        here.get("/account", headers={"X-Background": "1"})
    assert not [each for each in seen if each.startswith("UPDATE login_session")]
    with statements() as seen:
        here.get("/account")
        here.get("/account")
    assert len([each for each in seen if each.startswith("UPDATE login_session")]) == 1


@pytest.mark.parametrize(("role", "minutes", "still"), [
    (None, 29, True), (None, 31, False), ("镇街录入员", 29, True), ("系统管理员", 14, True), ("系统管理员", 16, False),
    ("安全管理员", 16, False), ("审计员", 16, False),
])
def test_a_session_left_alone_ends(person, enter, client, db_session, role, minutes, still):
    user = person(role)
    enter(user.username)
    _move(db_session, user, seen_at=minutes)
    assert _is_open(client) is still


def test_background_requests_do_not_keep_a_session_alive(two, db_session):
    user, here, _there, _beside = two
    for _each in range(4):
        _move(db_session, user, seen_at=10)
        here.get("/account", headers={"X-Background": "1"})
    assert not _is_open(here)


def test_a_session_ends_after_its_hours_however_busy(two, db_session, app):
    user, here, _there, _beside = two
    hours = app.config["SESSION_HOURS"]
    _move(db_session, user, ends_at=hours * 60 - 1)
    assert _is_open(here)
    _move(db_session, user, ends_at=2)
    assert not _is_open(here)


def _own(db, user, here):
    here.send("/account/password", current=RIGHT, new=NEW, again=NEW)


def _by_command(db, user, here):
    here.application.test_cli_runner().invoke(args=["security", "reset-password", user.username])


def _one_time(db, user, here):
    give_one_time(db, user)
    db.commit()


def _sql(words):
    def deed(db, user, here):
        db.execute(text(words), {"user": user.id, "role": _role(db).id, "town": TOWN})
        db.commit()
    return deed


def _grouped(db, user, here):
    group = Group(name=f"g{user.id}", label="", description="")
    db.add(group)
    db.flush()
    db.execute(assoc_user_group.insert().values(user_id=user.id, group_id=group.id))
    db.commit()


def _regroup(db, user, here):
    group = db.scalar(select(Group).join(assoc_user_group).where(assoc_user_group.c.user_id == user.id))
    db.execute(assoc_group_role.insert().values(group_id=group.id, role_id=_role(db).id))
    db.commit()


def _with_group(db, user):
    _grouped(db, user, None)


def _with_role(db, user):
    db.refresh(user)
    user.roles = [_role(db)]
    db.commit()


def _with_post(db, user):
    db.add(Post(user_id=user.id, division_code=TOWN))
    db.commit()


def _with_factor(db, user):
    db.add(SecondFactor(user_id=user.id, secret="sealed", created_at=now()))
    db.commit()


DEEDS = {
    "own password": (None, _own),
    "one-time password": (None, _one_time),
    "password on the server": (None, _by_command),
    "password in the database": (None, _sql("UPDATE ab_user SET password = 'x' WHERE id = :user")),
    "account closed": (None, _sql("UPDATE ab_user SET active = false WHERE id = :user")),
    "account deleted": (None, _sql("DELETE FROM ab_user WHERE id = :user")),
    "role given": (None, _sql("INSERT INTO ab_user_role (user_id, role_id) VALUES (:user, :role)")),
    "role taken": (_with_role, _sql("DELETE FROM ab_user_role WHERE user_id = :user")),
    "role changed": (_with_role, _sql("UPDATE ab_user_role SET role_id = (SELECT max(id) FROM ab_role WHERE id <> :role) WHERE user_id = :user")),
    "post given": (None, _sql("INSERT INTO post (user_id, division_code) VALUES (:user, :town)")),
    "post changed": (_with_post, _sql("UPDATE post SET reach = 'alone' WHERE user_id = :user")),
    "post taken": (_with_post, _sql("DELETE FROM post WHERE user_id = :user")),
    "joined a group": (None, _grouped),
    "group's roles changed": (_with_group, _regroup),
    "second factor reset": (_with_factor, _sql("DELETE FROM second_factor WHERE user_id = :user")),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_changes_a_person_ends_their_other_sessions_at_once(person, enter, app, db_session, deed):
    before, do = DEEDS[deed]
    user, stranger = person(), person()
    if before:
        before(db_session, user)
    here, there, beside = app.test_client(), app.test_client(), app.test_client()
    for who, browser in ((user, here), (user, there), (stranger, beside)):
        enter(who.username, browser=browser)
    assert _is_open(there)
    do(db_session, user, here)
    assert not _is_open(there)
    assert _is_open(here) is (deed == "own password"), "only who changed their own password stays"
    assert _is_open(beside)


def test_there_are_fifteen_ways():
    assert len(DEEDS) == 15


def test_a_session_opened_while_the_password_changes_is_void(person, enter, client, db_session):
    user = person()
    enter(user.username)
    # As when the change commits between the check of the password and the opening of the session.
    db_session.execute(text("UPDATE login_session SET epoch = epoch - 1 WHERE user_id = :user"), {"user": user.id})
    db_session.commit()
    assert not _is_open(client)


@pytest.mark.parametrize("make", [create_access_token, create_refresh_token])
def test_tokens_open_nothing(app, client, system_admin, db_session, make):
    user = db_session.scalar(select(UserAccount).where(UserAccount.username == "demo-county"))
    with app.app_context():
        token = make(identity=str(user.id))
    assert client.get("/api/v1/legal_contracts/", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_person_sees_their_sessions_and_ends_one_or_all_others(two, db_session):
    user, here, there, beside = two
    page = here.get("/account").get_data(as_text=True)
    numbers = re.findall(r'action="/account/sessions/(\d+)/end"', page)
    assert len(numbers) == 1, "the other one can be ended, this one is signed out"
    assert here.send(f"/account/sessions/{numbers[0]}/end").status_code == 302
    assert (_is_open(there), _is_open(here)) == (False, True)
    there.sign_in(user.username, RIGHT)
    assert here.send("/account/sessions/end").status_code == 302
    assert (_is_open(there), _is_open(here), _is_open(beside)) == (False, True, True)


def test_nobody_ends_a_session_of_somebody_else_by_its_number(two, db_session):
    user, here, _there, beside = two
    number = db_session.scalar(select(func.max(LoginSession.id)).where(LoginSession.user_id != user.id))
    assert here.send(f"/account/sessions/{number}/end").status_code == 404
    assert _is_open(beside)


def test_one_session_too_many_ends_the_one_unused_longest(person, enter, app, db_session, monkeypatch):
    monkeypatch.setitem(app.config, "SESSIONS_PER_PERSON", 2)
    user, browsers = person(), [app.test_client() for _each in range(3)]
    for browser in browsers:
        enter(user.username, browser=browser)
    assert [_is_open(browser) for browser in browsers] == [False, True, True]


def test_rows_that_have_ended_are_swept(two, db_session):
    user = two[0]
    db_session.execute(update(LoginSession).where(LoginSession.user_id == user.id).values(ends_at=now() - timedelta(seconds=1)))
    assert sessions.sweep() >= 2
    assert db_session.scalar(select(func.count()).select_from(LoginSession).where(LoginSession.user_id == user.id)) == 0
    db_session.execute(delete(LoginSession).where(LoginSession.user_id == user.id))
    db_session.commit()


@pytest.mark.parametrize(("text_", "words"), [
    ("Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/109.0 Safari/537.36 Edg/109.0", "Edge · Windows"),
    ("Mozilla/5.0 (X11; Linux x86_64; UOS) AppleWebKit/537.36 Chrome/88.0 Safari/537.36", "Chrome · 统信 UOS"),
    ("Mozilla/5.0 (Linux; Android 12; x) AppleWebKit Chrome/99 Mobile Safari/537.36 MicroMessenger/8.0", "微信 · Android"),
    ("curl/8.0", ""), ("", ""),
])
def test_the_kind_of_browser_in_words(text_, words):
    assert family(text_) == words
