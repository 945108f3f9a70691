"""One's own password: changed before anything else at first, and never without the present one."""
from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from app.core.base import now
from app.security import passwords
from app.security.accounts import give_one_time
from app.security.passwords import fault, one_time

from .conftest import RIGHT

NEW = "tea-garden-under-rain-8"
PAGES = ("/", "/users/", "/roles/", "/legal_contracts/list/", "/account")


@pytest.mark.parametrize("password", [
    "short", "a" * 129, "zhang-san-2026x", "password1234", "P@ssw0rd123456", "1234567890", "0987654321", "aaaaaaaaaaaa", "abababababab",
    "pingan2026!!", "boxing371625", "qwertyuiop", "admin@123456", "woaini5201314", "1q2w3e4r5t", "with\x00nul-characters",
])
def test_guessable_passwords_are_refused_in_words(app, password):
    with app.test_request_context():
        assert fault(password, "zhang-san")


@pytest.mark.parametrize(("profile", "password"), [
    ("dengbao", NEW), ("dengbao", RIGHT), ("dengbao", "春风又绿江南岸Spring8"), ("dengbao", "Zt9" + "kfqwmxbv" * 12 + "y"),
    ("nist", "春风又绿江南岸明月何时"), ("nist", "correct horse battery staple"), ("nist", "a" * 64 + "bcdefgh" + "z" * 57),
])
def test_good_passwords_are_taken_in_full(app, monkeypatch, profile, password):
    monkeypatch.setitem(app.config, "PASSWORD_PROFILE", profile)
    with app.test_request_context():
        assert fault(password, "zhang-san") is None


@pytest.mark.parametrize("password", ["correct horse battery", "CORRECT HORSE BATTERY", "春风又绿江南岸明月何时", "kfqwmxbvzt73"])
def test_two_kinds_of_characters_are_too_few_where_three_are_asked_for(app, monkeypatch, password):
    with app.test_request_context():
        assert "3" in fault(password, "zhang-san")
        monkeypatch.setitem(app.config, "PASSWORD_PROFILE", "nist")
        assert fault(password, "zhang-san") is None


def test_the_list_of_common_passwords_is_long_and_every_entry_of_it_is_refused(app, monkeypatch):
    monkeypatch.setitem(app.config, "PASSWORD_PROFILE", "nist")
    assert len(passwords.common()) >= 30_000
    long_ones = sorted(each for each in passwords.common() if len(each) >= passwords.SHORTEST)
    assert len(long_ones) > 500
    with app.test_request_context():
        assert not [each for each in long_ones if fault(each.capitalize(), "zhang-san") is None]


def test_the_form_says_the_rules_of_the_profile(person, enter, client, app, monkeypatch):
    enter(person().username)
    assert "90" in client.get("/account/password").get_data(as_text=True)
    monkeypatch.setitem(app.config, "PASSWORD_PROFILE", "nist")
    assert "90 " not in client.get("/account/password").get_data(as_text=True).split('class="rules"')[1].split("</ul>")[0]


def test_none_of_the_last_five_comes_back(person, enter, client):
    enter(person().username)
    used = [RIGHT, *(f"Sea-of-clouds-{number}-over-hills" for number in range(5))]
    for former, new in itertools.pairwise(used):
        assert client.send("/account/password", current=former, new=new, again=new).status_code == 302
    for again in used[1:]:
        assert client.send("/account/password", current=used[-1], new=again, again=again).status_code == 422
    assert client.send("/account/password", current=used[-1], new=used[0], again=used[0]).status_code == 302


def test_an_own_password_does_not_come_back_after_a_reset(person, enter, client, db_session):
    user = person()
    password = give_one_time(db_session, user)
    db_session.commit()
    enter(user.username, password)
    assert client.send("/account/password", current=password, new=RIGHT, again=RIGHT).status_code == 422
    assert client.send("/account/password", current=password, new=NEW, again=NEW).status_code == 302


@pytest.mark.parametrize(("profile", "days", "asked"), [("dengbao", 89, False), ("dengbao", 91, True), ("nist", 400, False)])
def test_an_old_password_is_to_be_changed_before_anything_else(person, enter, client, app, monkeypatch, profile, days, asked):
    monkeypatch.setitem(app.config, "PASSWORD_PROFILE", profile)
    user = person(password_changed_at=now() - timedelta(days=days))
    assert (enter(user.username).headers["Location"] == "/account/password") is asked
    assert (client.get("/users/").headers.get("Location") == "/account/password") is asked
    if asked:
        assert client.send("/account/password", current=RIGHT, new=RIGHT, again=RIGHT).status_code == 422
        assert client.send("/account/password", current=RIGHT, new=NEW, again=NEW).status_code == 302
        assert client.get("/account").status_code == 200


def test_a_raised_cost_renews_the_hash_at_the_next_sign_in(person, enter, app, db_session, monkeypatch):
    user = person()
    assert user.password.startswith("scrypt:32768:")
    monkeypatch.setitem(app.config, "PASSWORD_COST", 65536)
    assert enter(user.username).status_code == 302
    db_session.expire_all()
    assert user.password.startswith("scrypt:65536:")
    assert enter(user.username, browser=app.test_client()).status_code == 302


def test_one_time_passwords_differ_and_can_be_read_out():
    made = {one_time() for _each in range(1000)}
    assert len(made) == 1000
    assert not any(set(each) & set("0o1il") for each in made)


@pytest.mark.parametrize("page", PAGES[:-1])
def test_a_one_time_password_leads_to_the_change_page_alone(person, enter, client, page):
    user = person("系统管理员", must_change=True, one_time_expires_at=now().replace(year=2100))
    assert enter(user.username).headers["Location"] == "/account/password"
    assert client.get(page).headers["Location"] == "/account/password"
    assert client.get("/api/v1/legal_contracts/").status_code == 403
    assert client.get("/health").status_code == 200


def test_after_the_change_the_console_opens_and_other_sessions_are_over(person, enter, client, app):
    user, other = person(must_change=True), app.test_client()
    enter(user.username)
    enter(user.username, browser=other)
    answer = client.send("/account/password", current=RIGHT, new=NEW, again=NEW)
    assert answer.status_code == 302
    assert client.get("/account").status_code == 200
    assert other.get("/account").status_code == 302
    assert enter(user.username, RIGHT, app.test_client()).status_code == 401
    assert enter(user.username, NEW, app.test_client()).status_code == 302


@pytest.mark.parametrize(("current", "new", "again"), [
    ("wrong", NEW, NEW), (RIGHT, NEW, NEW + "x"), (RIGHT, "short", "short"), (RIGHT, RIGHT, RIGHT), ("", "", ""),
])
def test_a_wrong_form_changes_nothing(person, enter, client, app, current, new, again):
    user = person()
    enter(user.username)
    assert client.send("/account/password", current=current, new=new, again=again).status_code == 422
    assert enter(user.username, RIGHT, app.test_client()).status_code == 302


def test_guesses_at_an_open_desk_count_too(person, enter, client, app):
    user = person()
    enter(user.username)
    for _each in range(5):
        client.send("/account/password", current="guess", new=NEW, again=NEW)
    assert client.send("/account/password", current=RIGHT, new=NEW, again=NEW).status_code == 422
    assert enter(user.username, RIGHT, app.test_client()).status_code == 401
