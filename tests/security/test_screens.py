"""The screens for accounts and roles: who may use them, and what they refuse."""
from __future__ import annotations

import re

import pytest
from flask_appbuilder.security.sqla.models import Role, assoc_user_role
from sqlalchemy import delete, insert, select

from app.audit import AuditEntry
from app.security.models import Post, UserAccount
from app.security.role_matrix import held_by
from app.security.scope_of import scope_for

TOWN = "371625101"


@pytest.fixture
def security_admin(make_user):
    return make_user("安全管理员")


def _role_id(db_session, name):
    return db_session.scalar(select(Role.id).where(Role.name == name))


def test_a_new_account_has_no_right_and_a_password_for_one_sign_in(system_admin, app, db_session):
    page = system_admin.send("/users/add", username="li-hua", full_name="李华")
    password = re.search(r'id="one-time">([^<]+)<', page.get_data(as_text=True))[1]
    user = db_session.scalar(select(UserAccount).where(UserAccount.username == "li-hua"))
    assert (user.full_name, user.must_change, user.roles) == ("李华", True, [])
    browser = app.test_client()
    browser.sign_in("li-hua", password)
    assert browser.get("/").headers["Location"] == "/account/password"
    assert password not in system_admin.get(f"/users/{user.id}").get_data(as_text=True)


@pytest.mark.parametrize(("username", "full_name"), [
    ("li", "李华"), ("李华", "李华"), ("a b c", "李华"), ("ok-name", ""), ("ok-name", "x" * 65), ("x\x00yz", " "),
])
def test_a_bad_account_is_refused_and_what_was_typed_is_kept(system_admin, username, full_name):
    page = system_admin.send("/users/add", username=username, full_name=full_name)
    assert page.status_code == 422
    assert not full_name.strip() or full_name in page.get_data(as_text=True)


def test_a_name_is_given_once(system_admin):
    assert system_admin.send("/users/add", username="wang-fang", full_name="王芳").status_code == 200
    assert system_admin.send("/users/add", username="WANG-FANG", full_name="王芳").status_code == 422


def test_rights_are_given_by_the_security_administrator_and_written_down(security_admin, person, db_session):
    user, role = person(), _role_id(db_session, "村社区录入员")
    answer = security_admin.send(f"/users/{user.id}/grants", roles=[role], division=[TOWN], reach=["below"])
    assert answer.status_code == 302
    db_session.expire_all()
    assert [r.name for r in user.roles] == ["村社区录入员"]
    assert scope_for(user).holds(TOWN + "001")
    assert not scope_for(user).holds("371625102")
    entry = db_session.scalar(select(AuditEntry).where(AuditEntry.action == "grant", AuditEntry.row_id == user.id))
    assert entry.note == f"roles: 村社区录入员; posts: {TOWN} below"


def test_the_system_administrator_gives_no_rights(system_admin, security_admin, person, db_session):
    user = person()
    for name in ("镇街录入员", "系统管理员", "安全管理员"):
        answer = system_admin.send(f"/users/{user.id}/grants", roles=[_role_id(db_session, name)])
        assert answer.status_code in (403, 422)
    assert system_admin.get("/roles/").status_code == 403


def test_nobody_changes_their_own_roles(security_admin, accounts, db_session):
    me = db_session.scalar(select(UserAccount).where(UserAccount.username == accounts("安全管理员")))
    assert security_admin.send(f"/users/{me.id}/grants", roles=[_role_id(db_session, "领导")]).status_code == 403
    assert security_admin.send(f"/roles/{me.roles[0].id}", give=["write:users"]).status_code == 403


@pytest.mark.parametrize("names", [("系统管理员", "审计员"), ("安全管理员", "领导")])
def test_the_form_refuses_two_duties_and_keeps_what_was_ticked(security_admin, person, db_session, names):
    user, ids = person(), [_role_id(db_session, name) for name in names]
    answer = security_admin.send(f"/users/{user.id}/grants", roles=ids)
    assert answer.status_code == 422
    assert all(re.search(rf'id="role-{i}" value="{i}" checked', answer.get_data(as_text=True)) for i in ids)
    db_session.expire_all()
    assert user.roles == []


@pytest.mark.parametrize(("divisions", "reaches"), [
    ([f"3716251{n:02}" for n in range(1, 6)], ["below"] * 5), (["999999"], ["below"]), ([TOWN], ["everywhere"]),
])
def test_bad_posts_are_refused(security_admin, person, db_session, divisions, reaches):
    user = person()
    assert security_admin.send(f"/users/{user.id}/grants", division=divisions, reach=reaches).status_code == 422
    assert not db_session.scalars(select(Post).where(Post.user_id == user.id)).all()


def test_passwords_of_administrators_are_not_reset_in_the_console(system_admin, person):
    for role, code in (("安全管理员", 403), ("审计员", 403), ("系统管理员", 403), ("镇街录入员", 200)):
        assert system_admin.send(f"/users/{person(role).id}/reset").status_code == code


def test_a_reset_ends_sessions_and_lifts_a_lock(system_admin, person, enter, app, client):
    user = person("镇街录入员")
    enter(user.username)
    for _each in range(5):
        enter(user.username, "wrong", app.test_client())
    page = system_admin.send(f"/users/{user.id}/reset").get_data(as_text=True)
    assert client.get("/account").status_code == 302
    password = re.search(r'id="one-time">([^<]+)<', page)[1]
    assert enter(user.username, password, app.test_client()).status_code == 302


@pytest.mark.parametrize("path", ["/users/", "/users/add", "/users/1", "/users/divisions", "/roles/", "/roles/1"])
def test_people_at_work_see_none_of_it(clerk, leader, client, path):
    assert clerk.get(path).status_code == 403
    assert leader.get(path).status_code == 403
    assert client.get(path).status_code == 302


@pytest.mark.parametrize("path", ["/users/0", "/users/99999999999", "/roles/99999999999"])
def test_what_does_not_exist_is_not_found(security_admin, path):
    assert security_admin.get(path).status_code == 404


def test_the_matrix_saves_what_is_ticked(security_admin, db_session):
    assert security_admin.send("/roles/add", name="网格统计员").status_code == 302
    role = _role_id(db_session, "网格统计员")
    assert security_admin.send(f"/roles/{role}", give=["read:legal_contracts", "nonsense:x", "read:nothing"]).status_code == 302
    assert held_by(role) == {("can_read", "legal_contracts")}
    assert security_admin.send(f"/roles/{role}", give=["read:legal_contracts", "write:users"]).status_code == 422
    assert security_admin.send("/roles/add", name="网格统计员").status_code == 422
    assert "checked" in security_admin.get(f"/roles/{role}").get_data(as_text=True)


def test_divisions_are_found_by_name_without_a_post(security_admin):
    found = security_admin.get("/users/divisions?q=曹王").json["results"]
    assert TOWN in {each["id"] for each in found}


@pytest.fixture
def nobody_grants(db_session):
    """A console without security administrators, for as long as a test takes."""
    table, role = assoc_user_role, _role_id(db_session, "安全管理员")
    held = db_session.execute(select(table).where(table.c.role_id == role)).mappings().all()
    db_session.execute(delete(table).where(table.c.role_id == role))
    db_session.commit()
    yield
    db_session.rollback()
    db_session.execute(delete(table).where(table.c.role_id == role))
    db_session.execute(insert(table), [dict(row) for row in held])
    db_session.commit()


def test_the_first_security_administrator_is_named_by_the_system_administrator(system_admin, person, db_session, nobody_grants):
    user, role = person(), _role_id(db_session, "安全管理员")
    for roles in ([], [_role_id(db_session, "系统管理员")], [role, _role_id(db_session, "领导")]):
        assert system_admin.send(f"/users/{user.id}/grants", roles=roles).status_code == 422
    assert system_admin.send(f"/users/{user.id}/grants", roles=[role], division=[TOWN], reach=["below"]).status_code == 422
    assert system_admin.send(f"/users/{user.id}/grants", roles=[role]).status_code == 302
    assert system_admin.send(f"/users/{user.id}/grants", roles=[]).status_code == 403
