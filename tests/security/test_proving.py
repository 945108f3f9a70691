"""A fresh proof before what is dangerous: what was typed goes on, and guessing ends the session."""
from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select, update

from app.core.base import now
from app.security import second_factor
from app.security.models import LoginSession, UserAccount
from tests.conftest import PASSWORD

from .conftest import RIGHT

TRIES = 5


def _age(db_session, username, minutes=11):
    me = select(UserAccount.id).where(UserAccount.username == username).scalar_subquery()
    db_session.execute(update(LoginSession).where(LoginSession.user_id == me).values(proved_at=now() - timedelta(minutes=minutes)))
    db_session.commit()


@pytest.fixture
def stale(person, enter, client, db_session):
    """A browser of somebody with a role whose last proof is eleven minutes old."""

    def make(role):
        user = person(role)
        enter(user.username)
        _age(db_session, user.username)
        return client

    return make


def _kept(page):
    return re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)">', page)


def test_what_was_typed_is_kept_and_done_after_the_proof(stale, db_session):
    browser = stale("安全管理员")
    answer = browser.send("/roles/add", name="督导统计员")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 200
    assert db_session.scalar(select(Role).where(Role.name == "督导统计员")) is None
    assert ("name", "督导统计员") in _kept(page)
    assert 'action="/roles/add"' in page
    wrong = browser.send("/roles/add", name="督导统计员", _proof="guess")
    assert wrong.status_code == 422
    assert ("name", "督导统计员") in _kept(wrong.get_data(as_text=True))
    assert "guess" not in wrong.get_data(as_text=True)
    assert browser.send("/roles/add", name="督导统计员", _proof=RIGHT).status_code == 302
    assert db_session.scalar(select(Role).where(Role.name == "督导统计员")) is not None
    assert browser.send("/roles/add", name="督导统计员2").status_code == 302, "one proof counts for ten minutes"


def test_several_values_of_one_field_are_all_kept(stale, person):
    browser, user = stale("安全管理员"), person()
    page = browser.send(f"/users/{user.id}/grants", roles=["1", "2"], division=["371625101"], reach=["alone"]).get_data(as_text=True)
    assert [pair for pair in _kept(page) if pair[0] != "csrf_token"] == [
        ("roles", "1"), ("roles", "2"), ("division", "371625101"), ("reach", "alone")]


@pytest.mark.parametrize(("role", "path"), [
    ("安全管理员", "/roles/add"), ("安全管理员", "/roles/1"), ("安全管理员", "/users/{}/grants"), ("系统管理员", "/users/{}/reset"),
    ("系统管理员", "/users/add"), ("安全管理员", "/access/{}/factor/reset"), ("领导", "/account/second-factor/begin"),
    ("县级业务人员", "/key_person_files/reveal/{record}"), ("县级业务人员", "/export/key_person_files"),
])
def test_each_dangerous_deed_asks_for_a_fresh_proof(stale, person, db_session, role, path):
    from app.areas.keypersons.files import KeyPersonFile

    record = db_session.scalar(select(KeyPersonFile.id).limit(1))
    browser, path = stale(role), path.format(person().id, record=record)
    answer = browser.send(path, reason="核对身份信息", name="某某角色")
    assert answer.status_code == 200
    assert 'name="_proof"' in answer.get_data(as_text=True)


def test_reading_and_ordinary_work_ask_for_nothing(stale):
    browser = stale("安全管理员")
    for path in ("/roles/", "/roles/1", "/users/"):
        assert 'name="_proof"' not in browser.get(path).get_data(as_text=True)


def test_a_code_from_the_phone_is_a_proof_too_and_only_once(person, enter, client, db_session):
    user = person("安全管理员")
    enter(user.username)
    second_factor.begin(db_session, user)
    secret = second_factor.secret_of(second_factor.found(db_session, user.id))
    second_factor.confirm(db_session, user, second_factor.code_at(secret, second_factor.step_of(now()) - 1))
    db_session.commit()
    _age(db_session, user.username)
    code = second_factor.code_at(secret, second_factor.step_of(now()))
    assert client.send("/roles/add", name="甲类统计员", _proof=code).status_code == 302
    _age(db_session, user.username)
    assert client.send("/roles/add", name="乙类统计员", _proof=code).status_code == 422


def test_guessing_inside_a_session_ends_it(stale, app):
    browser = stale("安全管理员")
    for _each in range(TRIES - 1):
        assert browser.send("/roles/add", name="无", _proof="guess").status_code == 422
    token = browser.csrf()
    assert browser.post("/roles/add", data={"csrf_token": token, "name": "无", "_proof": "guess"}).headers["Location"] == "/login/"
    assert browser.get("/account").status_code == 302


def test_programs_are_told_where_to_prove(stale):
    browser = stale("安全管理员")
    token = browser.csrf()
    answer = browser.post("/roles/add", data={"csrf_token": token, "name": "x"}, headers={"HX-Request": "true", "HX-Current-URL": "http://localhost/roles/"})
    assert answer.status_code == 403
    assert answer.headers["HX-Redirect"] == "/account/prove?next=/roles/"


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/\\evil.example"])
def test_the_page_that_asks_leads_nowhere_outside(stale, target):
    browser = stale(None)
    assert browser.send("/account/prove", next=target, _proof=RIGHT).headers["Location"] == "/"


def test_signing_in_is_a_proof(make_user):
    browser = make_user("安全管理员")
    assert PASSWORD
    assert browser.send("/roles/add", name="新登录即已核验").status_code == 302
