"""Signing in: one answer for every refusal, a lock that all processes share, and sessions that end when they must."""
from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core.base import now
from app.security.local import is_local
from app.security.lockout import TRIES, account_key, is_locked, note
from app.security.models import SignInAttempt

from .conftest import RIGHT


def _text(answer):
    return re.sub(r'(name="csrf_token"|nonce=|csrf-token")[^>]*', "", answer.get_data(as_text=True))


def test_the_right_password_enters_and_a_planted_session_is_gone(person, enter, client):
    user = person()
    with client.session_transaction() as session:
        session["planted"] = "kept"
    assert enter(user.username).status_code == 302
    with client.session_transaction() as session:
        assert "planted" not in session
        assert set(session) <= {"_user_id", "csrf_token", "_flashes", "locale"}
        assert str(user.id) not in session["_user_id"][:3]


def test_unknown_wrong_closed_expired_and_locked_get_the_same_answer(person, enter, app, db_session):
    locked, expired = person(), person(must_change=True, one_time_expires_at=now() - timedelta(minutes=1))
    for _each in range(TRIES):
        note(db_session, account_key(locked.username), "failed")
    db_session.commit()
    tries = [("nobody-here", RIGHT), (person().username, "wrong"), (person(active=False).username, RIGHT),
             (expired.username, RIGHT), (locked.username, RIGHT), ("a\x00b", RIGHT), (person().username, "")]
    answers = [enter(name, password, app.test_client()) for name, password in tries]
    assert {a.status_code for a in answers} == {401}
    assert len({_text(a).replace(name.replace("\x00", "�"), "").replace(name, "") for a, (name, _p) in zip(answers, tries, strict=True)}) == 1


def test_five_wrong_passwords_lock_for_fifteen_minutes_in_every_process_and_spelling(person, app, db_session, enter):
    user = person()
    for number in range(TRIES):
        name = user.username.upper() if number % 2 else f" {user.username}"
        assert enter(name, "wrong", app.test_client()).status_code == 401
    assert enter(user.username, RIGHT, app.test_client()).status_code == 401
    key = account_key(user.username)
    assert is_locked(db_session, key)
    assert not is_locked(db_session, key, now() + timedelta(minutes=16))
    db_session.execute(update(SignInAttempt).where(SignInAttempt.name == key).values(at=SignInAttempt.at - timedelta(minutes=16)))
    db_session.commit()
    assert enter(user.username, RIGHT, app.test_client()).status_code == 302


def test_many_tries_at_once_are_still_counted_one_by_one(person, app, db_session):
    name = person().username
    right: list[bool] = []

    def guess(password):
        from app.security.sign_in import authenticate

        with app.app_context():
            right.append(authenticate(name, password, "10.0.0.9") is not None)

    threads = [threading.Thread(target=guess, args=("wrong",)) for _each in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    failed = db_session.query(SignInAttempt).filter_by(name=name, outcome="failed").count()
    assert failed == TRIES
    assert not any(right)


def test_an_address_that_guesses_at_many_names_is_stopped(app, db_session):
    from app.security.lockout import TRIES_PER_ADDRESS, is_flooding

    for number in range(TRIES_PER_ADDRESS):
        note(db_session, f"spray{number}", "failed", "10.9.9.9")
    db_session.flush()
    assert is_flooding(db_session, "10.9.9.9")
    assert not is_flooding(db_session, "10.9.9.8")
    db_session.rollback()


def test_the_form_needs_its_token(client):
    assert client.post("/login/", data={"username": "x", "password": "y"}).status_code == 400


@pytest.mark.parametrize("target", [
    "//evil.example", "https://evil.example", "/\\evil.example", "\\\\evil.example", "javascript:alert(1)", "/\tx", "evil",
])
def test_no_redirect_leads_outside(person, enter, target):
    assert not is_local(target)
    assert enter(person().username, next=target).headers["Location"] == "/"


def test_a_local_target_is_kept(person, enter):
    assert enter(person().username, next="/account").headers["Location"] == "/account"


def test_signing_out_ends_the_session_on_the_server(person, enter, client):
    enter(person().username)
    stolen = client.get_cookie("pingan").value
    assert client.get("/account").status_code == 200
    assert client.get("/logout").status_code == 405
    assert client.send("/logout").status_code == 302
    client.set_cookie("pingan", stolen)
    assert client.get("/account").status_code == 302


def test_closing_an_account_ends_its_session(person, enter, client, db_session):
    user = person()
    enter(user.username)
    user.active = False
    db_session.commit()
    assert client.get("/account").status_code == 302
