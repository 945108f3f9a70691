"""Administrators, their separation, and rights that never come back by themselves."""
from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.core.register import registers
from app.security.duties import MixedDuties, duties_of
from app.security.permissions import subjects, sync
from app.security.role_matrix import held_by, put_on
from app.security.roles import AUDITOR, GROUND, SECURITY_ADMIN, SHIPPED, SYSTEM_ADMIN, TOWN_CLERK

ADMINS = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR)


def _role(db_session, name):
    return db_session.scalar(select(Role).where(Role.name == name))


@pytest.mark.parametrize("pair", [*itertools.combinations(ADMINS, 2), *((admin, TOWN_CLERK) for admin in ADMINS)])
def test_nobody_holds_two_duties(db_session, person, pair):
    user = person(pair[0])
    user.roles = [_role(db_session, name) for name in pair]
    with pytest.raises(MixedDuties, match=user.username):
        db_session.flush()
    db_session.rollback()


def test_two_business_roles_go_together(db_session, person):
    user = person(TOWN_CLERK)
    user.roles = [_role(db_session, TOWN_CLERK), _role(db_session, "领导")]
    db_session.flush()
    db_session.rollback()


@pytest.mark.parametrize("name", ADMINS)
def test_administrators_hold_no_business_right_however_often_permissions_are_written(db_session, name):
    assert sync(db_session) == 0
    assert sync(db_session) == 0
    business = {r.name for r in registers() if r.area != GROUND} | {"briefings"}
    assert not {pair for pair in held_by(_role(db_session, name).id) if pair[1] in business}
    db_session.rollback()


def test_what_was_taken_away_stays_away_and_what_was_given_stays(db_session):
    role = _role(db_session, TOWN_CLERK)
    wanted = held_by(role.id) - {("can_export", "legal_contracts")}
    put_on(role, wanted)
    sync(db_session)
    assert held_by(role.id) == wanted
    db_session.rollback()


def test_every_permission_exists_and_each_shipped_role_has_one_duty(db_session):
    known = {(f"can_{verb}", s.name) for s in subjects() for verb in s.verbs}
    for name in SHIPPED:
        held = held_by(_role(db_session, name).id)
        assert held <= known
        assert len(duties_of(held)) == 1


def test_two_processes_may_write_permissions_at_once(app):
    from app.database import db
    from app.database.scope import acting, everywhere

    def write(_number):
        with app.app_context(), acting(everywhere("tests")):
            sync(db.session)
            db.session.commit()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(write, range(4)))


def test_a_role_of_two_duties_is_refused(db_session):
    with pytest.raises(MixedDuties):
        put_on(_role(db_session, SYSTEM_ADMIN), {("can_write", "users"), ("can_read", "legal_contracts")})
    db_session.rollback()


def test_nobody_who_is_not_signed_in_may_do_anything(app, client):
    from app.security import may

    with app.test_request_context():
        assert not any(may(verb, s.name) for s in subjects() for verb in s.verbs)
