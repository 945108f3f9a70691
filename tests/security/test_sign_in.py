"""Signing in: one answer for every refusal, a lock that all processes share, and sessions that end when they must."""
from __future__ import annotations

import re
import statistics
import threading
import time
from datetime import timedelta

import pytest
from sqlalchemy import update

from app.core.base import now
from app.security.local import is_local
from app.security.lockout import account_key, is_locked, note
from app.security.models import SignInAttempt

from .conftest import RIGHT

TRIES = 5


def _text(answer):
    return re.sub(r'((name="csrf_token"|nonce=|csrf-token")[^>]*|<!-- [0-9a-f]* -->)', "", answer.get_data(as_text=True))


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


def test_every_refusal_does_the_work_of_checking_one_hash_once(person, enter, app, db_session, monkeypatch):
    from app.security import passwords

    checked = []
    genuine = passwords.check_password_hash
    monkeypatch.setattr(passwords, "check_password_hash", lambda kept, given: checked.append(kept.split("$")[0]) or genuine(kept, given))
    locked = person()
    for _each in range(TRIES):
        note(db_session, account_key(locked.username), "failed")
    db_session.commit()
    for name in ("nobody-here", person().username, person(active=False).username, locked.username):
        checked.clear()
        assert enter(name, "wrong-password", app.test_client()).status_code == 401
        assert checked == ["scrypt:32768:8:1"], name


def test_refusals_take_the_same_time(person, app, db_session):
    from app.security.sign_in import authenticate

    locked, wrong = person().username, person().username
    for _each in range(TRIES):
        note(db_session, account_key(locked), "failed")
    db_session.commit()
    times = {name: [] for name in ("nobody-at-all", wrong, person(active=False).username, locked)}
    with app.app_context():
        for number in range(20):
            for name, taken in times.items():
                begun = time.thread_time()
                authenticate(name, "wrong-password", f"10.1.{number}.1")
                taken.append(time.thread_time() - begun)
    medians = [statistics.median(each) for each in times.values()]
    assert max(medians) < 1.25 * min(medians), times


def test_sixty_people_behind_one_address_enter_and_one_that_sprays_is_stopped(person, app, db_session):
    from app.security.lockout import TRIES_PER_ADDRESS, is_flooding
    from app.security.sign_in import authenticate

    names = [person().username for _each in range(60)]
    with app.app_context():
        assert all(authenticate(name, RIGHT, "10.2.2.2") for name in names)
        for number in range(TRIES_PER_ADDRESS):
            note(db_session, f"sprayed{number}", "failed", "10.2.2.3")
        db_session.commit()
        assert is_flooding(db_session, "10.2.2.3")
        assert authenticate(names[0], RIGHT, "10.2.2.3") is None, "not even the right password enters from there"
        assert authenticate(names[0], RIGHT, "10.2.2.2"), "nobody else is kept out"


@pytest.mark.parametrize(("proxies", "claimed", "believed"), [
    (0, "9.9.9.9", "127.0.0.1"), (1, "9.9.9.9", "9.9.9.9"), (1, "6.6.6.6, 9.9.9.9", "9.9.9.9"), (2, "6.6.6.6, 8.8.8.8, 9.9.9.9", "8.8.8.8"),
])
def test_an_address_is_believed_only_from_proxies_of_ones_own(app, monkeypatch, person, db_session, proxies, claimed, believed):
    from app import _believe_own_proxies

    monkeypatch.setattr(app, "wsgi_app", app.wsgi_app)
    monkeypatch.setitem(app.config, "TRUSTED_PROXIES", proxies)
    _believe_own_proxies(app)
    user, browser = person(), app.test_client()
    token = browser.csrf()
    browser.post("/login/", data={"csrf_token": token, "username": user.username, "password": "wrong"}, headers={"X-Forwarded-For": claimed})
    assert db_session.query(SignInAttempt).filter_by(name=user.username).one().address == believed


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


@pytest.mark.parametrize(("addresses", "seconds", "shared"), [
    (("10.0.0.1", "10.0.0.2"), 59, True), (("10.0.0.1", "10.0.0.2"), 61, False), (("10.0.0.1", "10.0.0.1"), 5, False),
])
def test_two_addresses_within_a_minute_are_flagged_for_the_administrator(person, system_admin, db_session, addresses, seconds, shared):
    user = person()
    for number, address in enumerate(addresses):
        db_session.add(SignInAttempt(name=user.username, outcome="ok", address=address, at=now() + timedelta(seconds=seconds * number)))
    db_session.commit()
    assert ("疑似多人共用" in system_admin.get(f"/access/{user.id}").get_data(as_text=True)) is shared
