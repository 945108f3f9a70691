"""Opening sealed values: a right, a reason and an entry in the trail, or nothing."""
from __future__ import annotations

import pytest
from sqlalchemy import select

from app.areas.keypersons.files import KeyPersonFile
from app.audit import AuditEntry
from app.core.sealed import sealer


@pytest.fixture
def file(db_session):
    return db_session.scalar(select(KeyPersonFile).where(KeyPersonFile.id_number.is_not(None)).limit(1))


def _plain(file):
    return sealer().open(file.id_number.token, "key_person_file", "id_number", str(file.uid))


def _entries(db_session, file):
    return db_session.scalars(select(AuditEntry).where(AuditEntry.action == "reveal", AuditEntry.row_id == file.id)).all()


def test_a_reason_opens_and_is_kept(officer, file, db_session):
    page = officer.send(f"/key_person_files/reveal/{file.id}", field="id_number", reason="  核对身份   信息 ")
    assert _plain(file) in page.get_data(as_text=True)
    assert _entries(db_session, file)[-1].note == "id_number: 核对身份 信息"


@pytest.mark.parametrize("reason", ["", "   ", "看看", "1 2"])
def test_without_a_reason_nothing_opens(officer, file, db_session, reason):
    before = len(_entries(db_session, file))
    page = officer.send(f"/key_person_files/reveal/{file.id}", field="id_number", reason=reason)
    assert page.status_code == 422
    assert _plain(file) not in page.get_data(as_text=True)
    assert len(_entries(db_session, file)) == before


def test_without_the_right_nothing_opens(leader, file):
    assert leader.send(f"/key_person_files/reveal/{file.id}", field="id_number", reason="核对身份信息").status_code == 403
