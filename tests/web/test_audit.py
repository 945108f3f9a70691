"""The auditor finds entries of one record and of some days."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from app.areas.divisions.calendar import today
from app.audit import AuditEntry
from app.core.register import find
from app.web.cells import ZONE


@pytest.fixture
def auditor(make_user):
    return make_user("审计员", "371625")


def test_the_trail_is_narrowed_to_one_record_and_to_days(auditor, db_session):
    table, row = db_session.execute(select(AuditEntry.table_name, AuditEntry.row_id).where(AuditEntry.row_id.is_not(None))
                                    .order_by(AuditEntry.id.desc()).limit(1)).one()
    mine = (AuditEntry.table_name == table, AuditEntry.row_id == row)
    count = db_session.scalar(select(func.count()).select_from(AuditEntry).where(*mine))
    last = db_session.scalar(select(func.max(AuditEntry.at)).where(*mine)).astimezone(ZONE).date()

    def lines(query: str) -> int:
        answer = auditor.get(f"/audit/?table={table}&row={row}{query}")
        assert answer.status_code == 200
        return answer.get_data(as_text=True).count("<tr><td data-label")

    assert lines("") == min(count, 50)
    assert lines(f"&until={last}") == min(count, 50)
    assert lines(f"&since={today() + timedelta(days=1)}") == 0
    assert lines("&until=2001-01-01") == 0
    assert auditor.get("/audit/?since=nonsense").status_code == 400


def test_the_trail_is_searched_by_person_record_field_and_day(auditor, officer, db_session):
    register = find("legal_contracts")
    row = db_session.scalar(select(register.model).order_by(register.model.id).limit(1))
    row_id, before = row.id, row.client
    row.client = "改过的单位"
    db_session.commit()
    day = today().isoformat()

    def lines(**words):
        answer = auditor.get("/audit/", query_string={"table": "legal_contract", "row": row_id, "since": day, "action": "update", **words})
        return answer.get_data(as_text=True).count("<tr><td data-label")

    assert lines(field="聘用单位", actor="tests") >= 1
    assert lines(field="client") == lines(field="聘用单位")
    assert lines(field="合同编号") == 0
    assert lines(field="没有这一项") == 0
    assert lines(field="聘用单位", actor="没有此人") == 0
    db_session.get(register.model, row_id).client = before
    db_session.commit()
