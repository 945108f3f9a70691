"""Rights are kept in each process, and a change of anybody's is seen by the next request of everybody."""
from __future__ import annotations

import pytest
from sqlalchemy import create_engine, text

TOWN = "371625101"
TAKE = """DELETE FROM ab_permission_view_role WHERE role_id = (SELECT id FROM ab_role WHERE name = :role) AND permission_view_id IN (
  SELECT p.id FROM ab_permission_view p JOIN ab_view_menu v ON v.id = p.view_menu_id JOIN ab_permission a ON a.id = p.permission_id
  WHERE v.name = :subject AND a.name = 'can_read') RETURNING permission_view_id, role_id"""
GIVE = "INSERT INTO ab_permission_view_role (id, permission_view_id, role_id) VALUES (nextval('ab_permission_view_role_id_seq'), :pair, :role)"


@pytest.fixture
def elsewhere(app):
    """Another program on the same database: nothing of what it does passes through this process."""
    engine = create_engine(app.config["DATABASE_OWNER_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        yield connection
    engine.dispose()


def test_kept_rights_cost_no_statement(clerk, statements):
    clerk.get("/legal_contracts/list/")
    with statements() as seen:
        assert clerk.get("/legal_contracts/list/").status_code == 200
    assert not [each for each in seen if "ab_permission_view" in each or "FROM post" in each]


def test_a_right_taken_away_elsewhere_is_gone_on_the_next_request(clerk, elsewhere):
    assert clerk.get("/lawyers/list/").status_code == 200
    taken = elsewhere.execute(text(TAKE), {"role": "镇街录入员", "subject": "lawyers"}).all()
    assert taken
    try:
        assert clerk.get("/lawyers/list/").status_code == 403
    finally:
        for pair, role in taken:
            elsewhere.execute(text(GIVE), {"pair": pair, "role": role})
    assert clerk.get("/lawyers/list/").status_code == 200


def test_an_unfinished_change_is_seen_by_nobody_else(app, accounts, clerk):
    from app.database import db
    from app.database.scope import acting, everywhere

    name = accounts("镇街录入员", TOWN)
    with app.app_context(), acting(everywhere("tests")):
        holder = db.session.scalar(text("SELECT id FROM ab_user WHERE username = :name"), {"name": name})
        db.session.execute(text("DELETE FROM ab_user_role WHERE user_id = :id"), {"id": holder})
        assert app.appbuilder.sm.rights.of(holder).pairs == frozenset(), "the change itself sees what it did"
        db.session.rollback()
    assert clerk.get("/legal_contracts/list/").status_code == 200


def test_the_console_cannot_set_the_stamp_itself(db_session):
    from sqlalchemy.exc import ProgrammingError

    with pytest.raises(ProgrammingError, match="permission denied"):
        db_session.execute(text("UPDATE rights_stamp SET stamp = gen_random_uuid()"))
