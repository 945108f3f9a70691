"""Dangerous grants: one asks, another agrees, and the database lets nothing of the kind pass otherwise."""
from __future__ import annotations

from datetime import timedelta

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError

from app.audit import AuditEntry
from app.core.base import now
from app.security.grant_requests import GrantRequest, may_agree, waiting
from app.security.models import Post, UserAccount
from app.security.roles import AUDITOR, LEADER, SECURITY_ADMIN, SYSTEM_ADMIN, TOWN_CLERK, VILLAGE_CLERK
from tests.conftest import COUNTY, TOWN

from .conftest import RIGHT

GIVE = "INSERT INTO ab_user_role (id, user_id, role_id) VALUES (coalesce((SELECT max(id) FROM ab_user_role), 0) + 1, :user, :role)"


@pytest.fixture
def first(make_user):
    return make_user(SECURITY_ADMIN)


@pytest.fixture
def second(app, person):
    browser = app.test_client()
    browser.sign_in(person(SECURITY_ADMIN).username, RIGHT)
    return browser


def role_id(session, name):
    return session.scalar(select(Role.id).where(Role.name == name))


def asked_for(session, user):
    session.expire_all()
    return session.scalar(select(GrantRequest).where(GrantRequest.user_id == user.id).order_by(GrantRequest.id.desc()))


def held(session, user):
    session.expire_all()
    return {role.name for role in user.roles}, dict(session.execute(
        select(Post.division_code, Post.reach).where(Post.user_id == user.id)).tuples().all())


DANGEROUS = [({AUDITOR}, {}), ({SYSTEM_ADMIN}, {}), ({SECURITY_ADMIN}, {}), ({TOWN_CLERK}, {}), ({LEADER}, {COUNTY: "below"})]


@pytest.mark.parametrize(("roles", "posts"), DANGEROUS)
def test_a_dangerous_grant_waits_until_another_agrees(first, second, person, db_session, roles, posts):
    user = person()
    given = {"roles": [role_id(db_session, name) for name in roles], "division": [*posts], "reach": [*posts.values()]}
    assert first.send(f"/users/{user.id}/grants", **given).status_code == 302
    assert held(db_session, user) == (roles & {LEADER}, {}), "only what is harmless is there at once"
    request = asked_for(db_session, user)
    assert first.send(f"/approvals/{request.id}/approve").status_code == 403
    assert held(db_session, user)[1] == {}
    assert f'/approvals/{request.id}/approve' in second.get("/approvals/").get_data(as_text=True)
    assert second.send(f"/approvals/{request.id}/approve").status_code == 302
    assert held(db_session, user) == (roles, posts)
    told = select(AuditEntry.note).where(AuditEntry.action == "grant_request", AuditEntry.row_id == user.id).order_by(AuditEntry.id)
    acts = db_session.scalars(told).all()
    assert [note.partition(";")[0] for note in acts] == ["asked", "approved"]


def test_what_is_harmless_needs_nobody_else(first, person, db_session):
    user = person()
    first.send(f"/users/{user.id}/grants", roles=[role_id(db_session, VILLAGE_CLERK)], division=[TOWN], reach=["below"])
    assert held(db_session, user) == ({VILLAGE_CLERK}, {TOWN: "below"})
    assert asked_for(db_session, user) is None


def test_what_was_agreed_to_is_not_asked_for_again(first, second, person, db_session):
    user, role = person(), role_id(db_session, LEADER)
    first.send(f"/users/{user.id}/grants", roles=[role], division=[COUNTY], reach=["below"])
    second.send(f"/approvals/{asked_for(db_session, user).id}/approve")
    first.send(f"/users/{user.id}/grants", roles=[role], division=[COUNTY, TOWN], reach=["below", "alone"])
    assert held(db_session, user)[1] == {COUNTY: "below", TOWN: "alone"}
    assert db_session.scalar(waiting(GrantRequest.user_id == user.id)) is None


def test_nobody_agrees_for_themselves(first, app, person, db_session):
    me = person(SECURITY_ADMIN)
    first.send(f"/users/{me.id}/grants", roles=[role_id(db_session, SECURITY_ADMIN)], division=[COUNTY], reach=["below"])
    browser = app.test_client()
    browser.sign_in(me.username, RIGHT)
    assert browser.send(f"/approvals/{asked_for(db_session, me).id}/approve").status_code == 403


def test_a_request_is_refused_or_taken_back_once(first, second, person, db_session):
    for browser, act, state in ((second, "refuse", "refused"), (first, "withdraw", "withdrawn")):
        user = person()
        first.send(f"/users/{user.id}/grants", roles=[role_id(db_session, AUDITOR)])
        request = asked_for(db_session, user)
        assert browser.send(f"/approvals/{request.id}/{act}").status_code == 302
        second.send(f"/approvals/{request.id}/approve")
        assert asked_for(db_session, user).state == state
        assert held(db_session, user)[0] == set()


def test_a_request_runs_out_after_seven_days(first, second, person, db_session):
    user = person()
    first.send(f"/users/{user.id}/grants", roles=[role_id(db_session, AUDITOR)])
    request = asked_for(db_session, user)
    assert timedelta(days=6, hours=23) < request.expires_at - now() <= timedelta(days=7)
    db_session.execute(update(GrantRequest).where(GrantRequest.id == request.id).values(expires_at=now() - timedelta(minutes=1)))
    db_session.commit()
    second.send(f"/approvals/{request.id}/approve")
    assert held(db_session, user)[0] == set()


def test_a_later_request_takes_the_place_of_an_earlier(first, person, db_session):
    user = person()
    for name in (AUDITOR, SYSTEM_ADMIN):
        first.send(f"/users/{user.id}/grants", roles=[role_id(db_session, name)])
    assert asked_for(db_session, user).roles == [role_id(db_session, SYSTEM_ADMIN)]
    assert len(db_session.scalars(waiting(GrantRequest.user_id == user.id)).all()) == 1


def test_whoever_may_agree_is_told_by_the_bell(first, second, person, db_session):
    user = person()
    first.send(f"/users/{user.id}/grants", roles=[role_id(db_session, AUDITOR)])
    assert second.get("/bell").json["count"] > 0
    assert user.full_name in second.get("/bell").json["html"]
    assert user.full_name not in first.get("/bell").json["html"]


@pytest.mark.parametrize("role", [SYSTEM_ADMIN, AUDITOR, LEADER])
def test_others_do_not_agree(make_user, first, person, db_session, role, second):
    user = person()
    first.send(f"/users/{user.id}/grants", roles=[role_id(db_session, AUDITOR)])
    assert make_user(role).send(f"/approvals/{asked_for(db_session, user).id}/approve").status_code == 403


def test_a_system_administrator_countersigns_where_nobody_else_is_left(person, db_session):
    admin, asker, user = person(SYSTEM_ADMIN), person(SECURITY_ADMIN), person()
    request = GrantRequest(user_id=user.id, roles=[], posts={}, requested_by=asker.id, expires_at=now())
    assert not may_agree(db_session, request, admin.id)
    db_session.execute(update(UserAccount).where(UserAccount.id.not_in([admin.id, asker.id])).values(active=False))
    assert may_agree(db_session, request, admin.id)
    assert not may_agree(db_session, request, asker.id)
    db_session.rollback()


def as_oneself(session, user):
    session.execute(text("SELECT set_config('pingan.user', :me, true)"), {"me": str(user)})


@pytest.mark.parametrize("name", [SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR, TOWN_CLERK])
def test_the_database_refuses_the_role_itself(db_session, person, name):
    user, me = person().id, person(SECURITY_ADMIN).id
    as_oneself(db_session, me)
    with pytest.raises(IntegrityError, match="second person"):
        db_session.execute(text(GIVE), {"user": user, "role": role_id(db_session, name)})
    db_session.rollback()


def test_the_database_refuses_the_county_itself(db_session, person):
    user, me = person().id, person(SECURITY_ADMIN).id
    as_oneself(db_session, me)
    with pytest.raises(IntegrityError, match="second person"):
        db_session.execute(text("INSERT INTO post (user_id, division_code, reach) VALUES (:u, :c, 'below')"), {"u": user, "c": COUNTY})
    db_session.rollback()


def test_a_dangerous_right_is_not_slipped_into_a_role_that_somebody_holds(db_session, person):
    person(VILLAGE_CLERK)
    as_oneself(db_session, person(SECURITY_ADMIN).id)
    with pytest.raises(IntegrityError, match="second person"):
        db_session.execute(text(
            "INSERT INTO ab_permission_view_role (id, permission_view_id, role_id) "
            "SELECT (SELECT max(id) + 1 FROM ab_permission_view_role), w.id, :r "
            "FROM ab_permission_view w JOIN ab_permission p ON p.id = w.permission_id WHERE p.name = 'can_reveal' LIMIT 1"),
            {"r": role_id(db_session, VILLAGE_CLERK)})
    db_session.rollback()


ADD = ("INSERT INTO grant_request (user_id, roles, posts, state, requested_by, requested_at, expires_at, decided_by, decided_at) "
       "VALUES (:u, '[]', '{}', :state, :by, now(), now() + interval '1 day', :decided, now())")


@pytest.mark.parametrize(("state", "mine"), [("approved", False), ("waiting", False), ("waiting", True)])
def test_the_database_takes_no_forged_agreement(db_session, person, state, mine):
    user, me, other = person().id, person(SECURITY_ADMIN).id, person(SECURITY_ADMIN).id
    as_oneself(db_session, me)
    values = {"u": user, "state": state, "by": me if mine else other, "decided": me if state == "approved" else None}
    if mine:
        db_session.execute(text(ADD), values)
    with pytest.raises(IntegrityError, match="another person"):
        db_session.execute(text("UPDATE grant_request SET state = 'approved', decided_by = :by, decided_at = now() WHERE user_id = :u")
                           if mine else text(ADD), values)
    db_session.rollback()
