"""The separation of duties holds in the database: raw SQL of the application's own account is refused as well."""
from __future__ import annotations

import itertools

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.core.register import VERBS
from app.security.duties import duty_of
from app.security.permissions import subjects
from app.security.roles import AUDITOR, LEADER, SECURITY_ADMIN, SYSTEM_ADMIN, TOWN_CLERK, VILLAGE_CLERK

ADMINS = (SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR)
GIVE = "INSERT INTO ab_user_role (id, user_id, role_id) VALUES (coalesce((SELECT max(id) FROM ab_user_role), 0) + 1, :user, :role)"
CHECK = text("SET CONSTRAINTS ALL IMMEDIATE")
"""What the end of a transaction does, without ending it."""


def role_id(session, name: str) -> int:
    return session.scalar(select(Role.id).where(Role.name == name))


def run(session, statement: str, **values: int) -> None:
    session.execute(text(statement), values)
    session.execute(CHECK)


@pytest.fixture(autouse=True)
def undone(db_session):
    """Nothing of these tests stays."""
    assert db_session.scalar(text("SELECT current_user")) == "pingan_app"
    yield
    db_session.rollback()


def test_the_database_and_the_console_mean_the_same_duties(app, db_session):
    pairs = [(f"can_{verb}", subject.name) for subject in subjects() for verb in VERBS]
    said = {pair: db_session.scalar(text("SELECT pingan_duty(:p, :s)"), {"p": pair[0], "s": pair[1]}) for pair in pairs}
    assert said == {pair: duty_of(*pair) for pair in pairs}
    assert set(said.values()) == {"system", "security", "audit", "business", None}


@pytest.mark.parametrize("pair", [*itertools.combinations(ADMINS, 2), *((admin, TOWN_CLERK) for admin in ADMINS)])
def test_a_second_duty_is_refused(db_session, person, pair):
    user = person(pair[0]).id
    with pytest.raises(IntegrityError, match="two duties"):
        run(db_session, GIVE, user=user, role=role_id(db_session, pair[1]))


def test_two_roles_of_daily_work_are_not(db_session, person):
    run(db_session, GIVE, user=person(TOWN_CLERK).id, role=role_id(db_session, LEADER))


def test_a_role_can_be_exchanged_in_either_order(db_session, person):
    user = person(SYSTEM_ADMIN).id
    db_session.execute(text(GIVE), {"user": user, "role": role_id(db_session, AUDITOR)})
    db_session.execute(text("DELETE FROM ab_user_role WHERE user_id = :u AND role_id = :r"), {"u": user, "r": role_id(db_session, SYSTEM_ADMIN)})
    db_session.execute(CHECK)


def test_a_right_added_to_a_role_is_refused_when_it_mixes_somebody(db_session, person):
    person(AUDITOR)
    with pytest.raises(IntegrityError, match="two duties"):
        run(db_session, "INSERT INTO ab_permission_view_role (id, permission_view_id, role_id) SELECT "
            "(SELECT max(id) + 1 FROM ab_permission_view_role), w.id, :role FROM ab_permission_view w JOIN ab_permission p ON p.id = w.permission_id "
            "JOIN ab_view_menu v ON v.id = w.view_menu_id WHERE p.name = 'can_write' AND v.name = 'users'", role=role_id(db_session, AUDITOR))


def test_a_group_is_no_way_around(db_session, person):
    user = person(SECURITY_ADMIN).id
    db_session.execute(text("INSERT INTO ab_group (id, name, label, description) VALUES (9001, 'apart', '', '')"))
    db_session.execute(text("INSERT INTO ab_user_group (id, user_id, group_id) VALUES (9001, :u, 9001)"), {"u": user})
    with pytest.raises(IntegrityError, match="two duties"):
        run(db_session, "INSERT INTO ab_group_role (id, group_id, role_id) VALUES (9001, 9001, :role)", role=role_id(db_session, TOWN_CLERK))


def as_oneself(session, user: int) -> int:
    """Go on as that person."""
    session.execute(text("SELECT set_config('pingan.user', :me, true)"), {"me": str(user)})
    return user


def test_nobody_gives_themselves_a_role(db_session, person):
    me = as_oneself(db_session, person(SECURITY_ADMIN).id)
    with pytest.raises(IntegrityError, match="themselves"):
        run(db_session, GIVE, user=me, role=role_id(db_session, LEADER))


def test_nobody_gives_themselves_a_division(db_session, person):
    me = as_oneself(db_session, person(SECURITY_ADMIN).id)
    with pytest.raises(IntegrityError, match="themselves"):
        run(db_session, "INSERT INTO post (user_id, division_code, reach) VALUES (:user, '371625102', 'below')", user=me)


def test_nobody_adds_to_a_role_that_they_hold(db_session, person):
    as_oneself(db_session, person(LEADER).id)
    with pytest.raises(IntegrityError, match="themselves"):
        run(db_session, "INSERT INTO ab_permission_view_role (id, permission_view_id, role_id) VALUES "
            "((SELECT max(id) + 1 FROM ab_permission_view_role), (SELECT min(id) FROM ab_permission_view), :role)", role=role_id(db_session, LEADER))


def test_another_person_gets_what_one_may_not_take(db_session, person):
    other = person(LEADER).id
    as_oneself(db_session, person(SECURITY_ADMIN).id)
    run(db_session, GIVE, user=other, role=role_id(db_session, VILLAGE_CLERK))
