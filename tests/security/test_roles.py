"""The matrix of a role: what is shown before it is written, what was shipped, copies, and what two people do at once."""
from __future__ import annotations

import re

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import delete, select

from app.audit import AuditEntry
from app.security.role_matrix import held_by
from app.security.roles import SHIPPED

CLERK = "镇街录入员"


@pytest.fixture
def security_admin(make_user):
    return make_user("安全管理员")


@pytest.fixture
def role(security_admin, db_session):
    """A role of the county's own with one right; gone afterwards."""
    name = "网格数据员"
    security_admin.send("/roles/add", name=name)
    pk = db_session.scalar(select(Role.id).where(Role.name == name))
    security_admin.send(f"/roles/{pk}", give=["read:legal_contracts"])
    yield pk
    db_session.rollback()
    db_session.execute(delete(Role).where(Role.name.like("网格数据员%")))
    db_session.commit()


def _ticked(page):
    return set(re.findall(r'name="give" value="([^"]+)"[^>]*? checked', page))


def _mark(page):
    return re.search(r'name="mark" value="(\w+)"', page)[1]


def test_what_saving_would_give_and_take_is_shown_before_it_is_written(security_admin, role):
    page = security_admin.get(f"/roles/{role}").get_data(as_text=True)
    asked = security_admin.send(f"/roles/{role}", give=["write:legal_contracts", "read:law_firms"], mark=_mark(page), step="look")
    shown = asked.get_data(as_text=True)
    assert held_by(role) == {("can_read", "legal_contracts")}, "nothing is written yet"
    assert shown.index("+ 查看") < shown.index("− 查看")
    sent = re.findall(r'name="give" value="([^"]+)"', shown)
    assert security_admin.send(f"/roles/{role}", give=sent, mark=_mark(shown)).status_code == 302
    assert held_by(role) == {("can_write", "legal_contracts"), ("can_read", "law_firms")}


def test_no_change_asks_for_no_confirmation(security_admin, role):
    answer = security_admin.send(f"/roles/{role}", give=["read:legal_contracts"], step="look")
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/roles/{role}")


def test_a_role_that_somebody_else_changed_meanwhile_is_not_overwritten(security_admin, role):
    mark = _mark(security_admin.get(f"/roles/{role}").get_data(as_text=True))
    security_admin.send(f"/roles/{role}", give=["read:law_firms"])
    answer = security_admin.send(f"/roles/{role}", give=["write:legal_contracts"], mark=mark)
    assert answer.status_code == 409
    assert _ticked(answer.get_data(as_text=True)) == {"write:legal_contracts"}, "what was ticked is still there"
    assert held_by(role) == {("can_read", "law_firms")}


def test_a_shipped_role_tells_what_was_changed_and_finds_back(security_admin, db_session):
    pk = db_session.scalar(select(Role.id).where(Role.name == CLERK))
    before = held_by(pk)
    less = sorted(f"{verb.removeprefix('can_')}:{name}" for verb, name in before - {("can_export", "legal_contracts")})
    try:
        security_admin.send(f"/roles/{pk}", give=less)
        page = security_admin.get(f"/roles/{pk}").get_data(as_text=True)
        assert "已改动 1 处" in page
        assert page.count("rights-moved") == 1
        assert "出厂时有此权限" in page
        shown = security_admin.send(f"/roles/{pk}", mark=_mark(page), step="shipped").get_data(as_text=True)
        security_admin.send(f"/roles/{pk}", give=re.findall(r'name="give" value="([^"]+)"', shown), mark=_mark(shown))
    finally:
        security_admin.send(f"/roles/{pk}", give=sorted(f"{v.removeprefix('can_')}:{n}" for v, n in before))
    assert held_by(pk) == before
    assert "已改动" not in security_admin.get(f"/roles/{pk}").get_data(as_text=True)


def test_a_copy_has_the_same_rights_and_is_written_down(security_admin, role, db_session):
    assert security_admin.send(f"/roles/{role}/copy", name="网格数据员二").status_code == 302
    copy = db_session.scalar(select(Role.id).where(Role.name == "网格数据员二"))
    assert held_by(copy) == held_by(role) != set()
    assert security_admin.send(f"/roles/{role}/copy", name="网格数据员二").status_code == 422
    note = db_session.scalar(select(AuditEntry.note).where(AuditEntry.table_name == "ab_role", AuditEntry.row_id == copy))
    assert "网格数据员" in note


def test_only_a_role_of_the_countys_own_that_nobody_holds_is_removed(security_admin, role, db_session, person):
    user = person()
    user.roles = [db_session.get(Role, role)]
    db_session.commit()
    assert security_admin.send(f"/roles/{role}/delete").status_code == 409
    user.roles = []
    db_session.commit()
    assert security_admin.send(f"/roles/{role}/delete").status_code == 302
    db_session.expire_all()
    assert db_session.get(Role, role) is None
    shipped = db_session.scalar(select(Role.id).where(Role.name == next(iter(SHIPPED))))
    assert security_admin.send(f"/roles/{shipped}/delete").status_code == 409


@pytest.mark.parametrize("path", ["copy", "delete", ""])
def test_who_may_only_look_changes_no_role(system_admin, role, path):
    assert system_admin.send(f"/roles/{role}/{path}".rstrip("/"), name="网格数据员三", give=["read:law_firms"]).status_code == 403
    assert held_by(role) == {("can_read", "legal_contracts")}


def test_the_page_of_a_role_costs_few_statements(security_admin, role, statements):
    security_admin.get(f"/roles/{role}")
    with statements() as seen:
        assert security_admin.get(f"/roles/{role}").status_code == 200
    assert len(seen) <= 12, "\n".join(seen)


def test_a_dangerous_right_is_not_slipped_into_a_role_that_somebody_holds(security_admin, role, db_session, person):
    user = person()
    user.roles = [db_session.get(Role, role)]
    db_session.commit()
    answer = security_admin.send(f"/roles/{role}", give=["read:legal_contracts", "reveal:key_person_files"])
    assert answer.status_code == 422
    assert "授权复核" in answer.get_data(as_text=True)
    assert _ticked(answer.get_data(as_text=True)) == {"read:legal_contracts", "reveal:key_person_files"}, "what was ticked is still there"
    assert held_by(role) == {("can_read", "legal_contracts")}
    user.roles = []
    db_session.commit()
