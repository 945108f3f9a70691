"""With 100,000 contracts the list still costs few statements, and the scoped count is a range of the division index."""
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import create_engine, literal, select, text

from app.core.deadline import LATE
from app.core.register import find
from app.database import db
from app.database.scope import Range, Scope, acting

MANY = 100_000
REGISTER = find("legal_contracts")
FILL = text("""
    INSERT INTO legal_contract (uid, division_code, number, client, firm_id, starts_on, ends_on, state)
    SELECT gen_random_uuid(), d.code, 'MANY-' || n, 'x', (SELECT min(id) FROM law_firm), date '2026-01-01', date '2026-12-31', 'active'
    FROM generate_series(1, :many) AS n
    JOIN (SELECT code, row_number() OVER (ORDER BY code) - 1 AS place FROM division WHERE length(code) = 12) AS d ON d.place = n % 460
""")


@pytest.fixture
def many(app):
    """The rows, put in by the owner past the audit trigger and taken away afterwards."""
    engine = create_engine(app.config["DATABASE_OWNER_URL"], isolation_level="AUTOCOMMIT")
    with engine.connect() as owner:
        owner.execute(text("ALTER TABLE legal_contract DISABLE TRIGGER USER"))
        owner.execute(FILL, {"many": MANY})
        owner.execute(text("ANALYZE legal_contract"))
        yield
        owner.execute(text("DELETE FROM legal_contract WHERE number LIKE 'MANY-%'"))
        owner.execute(text("ALTER TABLE legal_contract ENABLE TRIGGER USER"))
    engine.dispose()


def test_the_list_and_the_count_stay_small(many, app, officer, statements):
    with statements() as seen:
        page = officer.get("/legal_contracts/list/")
    assert page.status_code == 200
    assert len(seen) <= 12
    assert "10000" in page.get_data(as_text=True)
    with app.app_context(), acting(Scope(ranges=(Range.below("371625101"),))):
        plan = "\n".join(db.session.scalars(text("EXPLAIN SELECT count(*) FROM legal_contract")))
        late = select(literal(1)).where(REGISTER.deadline.condition(REGISTER.model, "state", LATE, date(2026, 3, 1))).limit(10_001)
        shown = late.compile(dialect=db.engine.dialect, compile_kwargs={"literal_binds": True})
        overdue = "\n".join(db.session.scalars(text(f"EXPLAIN {shown}")))
        db.session.rollback()
    assert "ix_legal_contract_division_code" in plan, plan
    assert "ix_legal_contract_state_ends_on_division_code" in overdue, overdue
