"""The promises every register keeps, each tested once for all of them."""
from __future__ import annotations

import pytest
from sqlalchemy import inspect as look
from sqlalchemy import text

from app.core.checks import faults
from app.core.register import registers
from app.database import db
from app.database.migrate import differences
from app.database.rowsecurity import scoped_tables

pytestmark = pytest.mark.usefixtures("issued")
ALL = [pytest.param(register, id=register.name) for register in registers()]
LIST_STATEMENTS = 8


def test_every_declaration_is_sound():
    assert [str(fault) for fault in faults()] == []


def test_models_and_migrations_agree(app):
    assert differences(app.config["DATABASE_OWNER_URL"]) == []


def test_every_scoped_table_has_its_policies(app, db_session):
    rows = db_session.execute(text("SELECT tablename, cmd FROM pg_policies WHERE 'pingan_app' = ANY(roles)")).all()
    held = {}
    for table, command in rows:
        held.setdefault(table, set()).add(command)
    enabled = set(db_session.scalars(text("SELECT relname FROM pg_class WHERE relrowsecurity")))
    wanted = scoped_tables() - {"audit_entry"}
    assert {t: held.get(t) for t in wanted} == {t: {"SELECT", "INSERT", "UPDATE", "DELETE"} for t in wanted}
    assert wanted | {"audit_entry", "division"} <= enabled


@pytest.mark.parametrize("register", ALL)
def test_a_list_page_costs_few_statements(register, officer, statements):
    with statements() as seen:
        answer = officer.get(f"/{register.name}/list/")
    assert answer.status_code == 200
    assert len(seen) <= LIST_STATEMENTS, "\n".join(seen)


@pytest.mark.parametrize("register", ALL)
def test_its_pages_open_for_those_who_may(register, officer):
    first = officer.get(f"/api/v1/{register.name}/").get_json()["result"]
    assert first, f"the demo has no row in {register.name}"
    assert officer.get(f"/{register.name}/show/{first[0]['id']}").status_code == 200
    locked = {state.value for state in register.workflow.locked} if register.workflow else set()
    loose = next(row for row in first if row.get(register.states) not in locked)
    for path in () if register.frozen or register.area == "divisions" else ("add", f"edit/{loose['id']}"):
        assert officer.get(f"/{register.name}/{path}").status_code == 200, path


@pytest.mark.parametrize("register", ALL)
def test_nobody_without_the_permission_opens_it(register, system_admin, client):
    for path in (f"/{register.name}/list/", f"/{register.name}/show/1"):
        assert client.get(path).status_code == 302
        if register.name not in ("divisions", "units"):
            assert system_admin.get(path).status_code == 403
    assert client.get(f"/api/v1/{register.name}/").status_code == 401


@pytest.mark.parametrize("register", ALL)
def test_its_table_is_audited(register, db_session):
    triggers = {t for (t,) in db_session.execute(
        text("SELECT tgname FROM pg_trigger WHERE tgrelid = CAST(:t AS regclass)"), {"t": register.table.name})}
    assert "pingan_audit" in triggers


@pytest.mark.parametrize("register", [p for p in ALL if p.values[0].sealed])
def test_sealed_columns_never_leave_unmasked(register, officer, db_session):
    row = officer.get(f"/api/v1/{register.name}/").get_json()["result"][0]
    page = officer.get(f"/{register.name}/show/{row['id']}").get_data(as_text=True)
    edit = officer.get(f"/{register.name}/edit/{row['id']}").get_data(as_text=True)
    clear = officer.post(f"/{register.name}/reveal/{row['id']}", data={"reason": "上门走访前核对联系方式", "csrf_token": officer.csrf()})
    assert clear.status_code == 200
    for name in register.sealed:
        if row[name]:
            assert "*" in row[name]
            stored = db_session.execute(text(f"SELECT {name} FROM {register.table.name} WHERE id = :i"), {"i": row["id"]}).scalar()
            assert stored.startswith("v1.")
            assert stored not in page
            assert stored not in edit
    assert db_session.execute(text("SELECT count(*) FROM audit_entry WHERE action = 'reveal' AND row_id = :i"), {"i": row["id"]}).scalar()


@pytest.mark.parametrize("register", ALL)
def test_bad_addresses_are_told_and_never_break(register, officer):
    base = f"/{register.name}/list/"
    for query in ("?page=abc", "?size=-1", "?sort=nothing", "?page=99999999999999999999", "?state=nonsense", "?created_at_from=x"):
        assert officer.get(base + query).status_code in (200, 400), query
    for path in ("show/99999999999999999999", "show/0", "edit/987654321", "action/x/1", "download/../../etc/passwd"):
        assert officer.get(f"/{register.name}/{path}").status_code in (403, 404), path


def test_the_index_carries_the_scoped_count(app, db_session):
    for name in scoped_tables() - {"audit_entry"}:
        assert any("division_code" in index["column_names"][0:1] for index in look(db.engine).get_indexes(name)), name
