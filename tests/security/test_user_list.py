"""The list of accounts: states, divisions, words, and what is done to several accounts at once."""
from __future__ import annotations

import io
import re
from datetime import timedelta

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import select

from app.audit import AuditEntry
from app.core.base import now
from app.security import lockout
from app.security.models import Post, UserAccount
from app.security.user_list import STATES, Asked, conditions, counts
from tests.conftest import COUNTY, TOWN

VILLAGE = TOWN + "200"
STATE_CASES = {
    "normal": {"signed_in_at": 1}, "first": {"must_change": True, "one_time_expires_at": -1}, "unused": {"signed_in_at": 31},
    "expired": {"must_change": True, "one_time_expires_at": 1}, "closed": {"active": False},
}


def _days_ago(words):
    return {name: now() - timedelta(days=value) if name.endswith("_at") else value for name, value in words.items()}


def _states(db_session, user):
    return {name for name, is_so in conditions().items() if db_session.scalar(select(UserAccount.id).where(UserAccount.id == user.id, is_so))}


@pytest.mark.parametrize("state", STATE_CASES)
def test_every_state_is_told_from_the_others(db_session, person, state):
    assert _states(db_session, person(**_days_ago(STATE_CASES[state]))) == {state}


def test_a_password_past_its_age_is_said(db_session, person):
    assert _states(db_session, person(signed_in_at=now(), password_changed_at=now() - timedelta(days=91))) == {"expired"}


def test_the_list_and_the_door_mean_the_same_lock(db_session, person, app):
    for tries in range(app.config["LOCK_TRIES"] + 1):
        user = person(signed_in_at=now())
        for _each in range(tries):
            lockout.note(db_session, user.username, "failed")
            db_session.flush()
        locked = lockout.is_locked(db_session, user.username)
        assert locked is (tries == app.config["LOCK_TRIES"])
        assert (_states(db_session, user) == {"locked"}) is locked
    lockout.note(db_session, user.username, "cleared")
    db_session.flush()
    assert _states(db_session, user) == {"normal"}


def test_how_many_tries_and_how_long_are_settings(db_session, person, app, monkeypatch):
    monkeypatch.setitem(app.config, "LOCK_TRIES", 3)
    monkeypatch.setitem(app.config, "LOCK_MINUTES", 60)
    name = person().username
    for _each in range(3):
        lockout.note(db_session, name, "failed")
        db_session.flush()
    assert lockout.is_locked(db_session, name, now() + timedelta(minutes=59))
    assert not lockout.is_locked(db_session, name, now() + timedelta(minutes=61))


def _rows(page):
    return set(re.findall(r'row-link" href="/users/(\d+)"', page.get_data(as_text=True)))


def test_the_tabs_show_exactly_what_they_count(system_admin, person, db_session):
    person(**_days_ago(STATE_CASES["expired"]))
    for state in STATES:
        expected = counts(Asked(state=state, words="person"))[state]
        page = system_admin.get(f"/users/?state={state}&q=person")
        assert len(_rows(page)) == min(expected, 50), state


@pytest.fixture
def wang(db_session, person):
    user = person(signed_in_at=now())
    user.first_name = "王晓曦"
    db_session.add(Post(user_id=user.id, division_code=VILLAGE, reach="alone"))
    db_session.commit()
    return user


@pytest.mark.parametrize("words", ["晓曦", "wxx", "WXX"])
def test_people_are_found_by_name_and_initials(system_admin, wang, words):
    assert str(wang.id) in _rows(system_admin.get(f"/users/?q={words}"))


def test_people_are_found_by_user_name_and_number(system_admin, wang):
    assert str(wang.id) in _rows(system_admin.get(f"/users/?q={wang.username.upper()}"))
    assert str(wang.id) in _rows(system_admin.get(f"/users/?q={wang.id}"))


@pytest.mark.parametrize(("division", "there"), [(COUNTY, True), (TOWN, True), (VILLAGE, True), ("371625102", False), ("%", True)])
def test_the_tree_narrows_to_a_division_and_what_is_below(system_admin, wang, division, there):
    found = _rows(system_admin.get("/users/", query_string={"division": division, "q": str(wang.id)}))
    assert (str(wang.id) in found) is there


def test_the_tree_opens_down_to_the_chosen_division_and_counts_people(system_admin, wang, db_session):
    html = system_admin.get(f"/users/?division={VILLAGE}").get_data(as_text=True)
    assert len(re.findall(r'aria-level="1"', html)) == 1
    assert len(re.findall(r'aria-level="2"', html)) >= 12
    chosen = re.search(r'aria-level="3"[^>]*aria-current="true".*?class="count">(\d+)<', html)
    there = {post.user_id for post in db_session.scalars(select(Post).where(Post.division_code == VILLAGE))}
    assert int(chosen[1]) == len(there)


def test_a_branch_and_a_search_are_pieces_of_the_tree(system_admin):
    branch = system_admin.get(f"/users/tree?under={TOWN}&level=3").get_data(as_text=True)
    assert branch.count('aria-level="3"') > 10
    assert "<html" not in branch
    assert "曹王" in system_admin.get("/users/tree?q=曹王").get_data(as_text=True)
    assert system_admin.get("/users/tree?q=%00&level=x").status_code == 200


def test_the_list_asks_the_database_a_few_times(system_admin, statements):
    system_admin.get("/users/")
    with statements() as seen:
        system_admin.get(f"/users/?division={TOWN}")
    assert len([one for one in seen if "set_config" not in one]) <= 12, seen


def test_several_are_closed_and_opened_together_each_with_its_entry(system_admin, person, db_session):
    users = [person(), person()]
    ids = [user.id for user in users]
    for act, state in (("close", False), ("open", True)):
        assert system_admin.send("/users/batch", ids=ids, act=act, back="/users/?q=x").headers["Location"] == "/users/?q=x"
        db_session.expire_all()
        assert [user.active for user in users] == [state, state]
        written = db_session.scalars(select(AuditEntry.row_id).where(AuditEntry.action == "account", AuditEntry.note.endswith(f"active: {state}")))
        assert set(ids) <= set(written)


def test_all_are_closed_or_none(system_admin, person, accounts, db_session):
    me = db_session.scalar(select(UserAccount.id).where(UserAccount.username == accounts("系统管理员")))
    other = person()
    assert system_admin.send("/users/batch", ids=[me, other.id], act="close").status_code == 302
    assert system_admin.send("/users/batch", ids=[other.id, 2**30], act="close").status_code == 404
    db_session.expire_all()
    assert other.active


def test_the_last_administrator_of_a_kind_stays(system_admin, person, db_session, monkeypatch):
    user = person("审计员")
    monkeypatch.setattr("app.security.switching.user_duties", lambda session: {user.id: {"audit"}})
    assert system_admin.send(f"/users/{user.id}/details", full_name="审计").status_code == 422
    db_session.expire_all()
    assert user.active


def test_a_lock_is_lifted_and_the_password_stays(system_admin, person, enter, app):
    user = person()
    for _each in range(app.config["LOCK_TRIES"]):
        enter(user.username, "wrong", app.test_client())
    assert enter(user.username, browser=app.test_client()).status_code == 401
    assert system_admin.send(f"/users/{user.id}/unlock").status_code == 302
    assert enter(user.username, browser=app.test_client()).status_code == 302


def test_sessions_of_several_end(system_admin, person, enter, client):
    user = person()
    enter(user.username)
    system_admin.send("/users/batch", ids=[user.id], act="end")
    assert client.get("/account").status_code == 302


def test_the_workbook_holds_the_query_and_nothing_secret(system_admin, wang, db_session):
    answer = system_admin.send("/users/export", q="晓曦")
    lines = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert any(line[2] == wang.username for line in lines)
    assert wang.password not in str(lines)
    assert db_session.scalar(select(AuditEntry.id).where(AuditEntry.action == "export", AuditEntry.table_name == "ab_user"))


@pytest.mark.parametrize(("role", "code"), [("安全管理员", 403), ("审计员", 403), ("县级业务人员", 403)])
def test_others_do_none_of_it(make_user, person, role, code):
    browser, user = make_user(role), person()
    for path in ("/users/batch", f"/users/{user.id}/unlock", "/users/export"):
        assert browser.send(path, ids=[user.id], act="close").status_code == code
