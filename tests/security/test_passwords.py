"""One's own password: changed before anything else at first, and never without the present one."""
from __future__ import annotations

import pytest

from app.core.base import now
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


@pytest.mark.parametrize("password", [NEW, RIGHT, "春风又绿江南岸明月何时", "correct horse battery staple", "a" * 64 + "bcdefgh" + "z" * 57])
def test_good_passwords_are_taken_in_full(app, password):
    with app.test_request_context():
        assert fault(password, "zhang-san") is None


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
