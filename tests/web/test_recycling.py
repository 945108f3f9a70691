"""The recycle bin: what is deleted comes back whole, within one's divisions, and never from where people's data is kept."""
from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, func, select, text, update

from app.areas.legal.contracts import LegalContract
from app.core.base import now
from app.core.register import registers
from app.database import db
from app.database.recycling import DeletedRecord, keeps
from app.database.scope import acting, everywhere
from app.web.recycled import run
from tests.conftest import TOWN

KEPT = [pytest.param(r, id=r.name) for r in registers() if keeps(r) and "delete" in r.verbs()]


@pytest.fixture(autouse=True)
def clean(db_session):
    yield
    db_session.rollback()
    db_session.execute(delete(DeletedRecord))
    db_session.commit()


def whole(register, row_id):
    """The row with all parts that hang on it, as the database has them, without the numbers of saves."""
    db.session.rollback()
    table = register.table
    image = db.session.scalar(select(func.to_jsonb(table.table_valued())).where(table.c.id == row_id))
    parts = {part.register: db.session.scalar(text(
        f"SELECT jsonb_agg(to_jsonb(c) ORDER BY id) FROM {child} c WHERE {part.link} = :id"), {"id": row_id})
        for part in register.parts for child in [next(r.table.name for r in registers() if r.name == part.register)]}
    return image, parts


def binned(register, row_id):
    db.session.rollback()
    return db.session.scalar(select(DeletedRecord.id).where(DeletedRecord.register == register.name, DeletedRecord.row_id == row_id))


def said(browser, answer):
    """What the next page tells."""
    return re.findall(r"</svg><span>([^<]+)</span>\s*<button", browser.get(answer.headers["Location"]).get_data(as_text=True))


@pytest.mark.parametrize("register", KEPT)
def test_a_deleted_record_comes_back_with_its_parts(register, officer, db_session):
    row_id = db_session.scalar(select(register.model.id).order_by(register.model.id.desc()).limit(1))
    before = whole(register, row_id)
    officer.send(f"/{register.name}/delete/{row_id}")
    pk = binned(register, row_id)
    if pk is None:
        assert whole(register, row_id) == before, "a refused deletion, as of what others refer to, leaves the record and nothing in the bin"
        return
    assert whole(register, row_id)[0] is None
    page = officer.get(f"/bin/{register.name}").get_data(as_text=True)
    assert f"/bin/{register.name}/{pk}" in page
    assert officer.get(f"/bin/{register.name}/{pk}").status_code == 200
    answer = officer.send(f"/bin/{register.name}/{pk}/restore")
    assert answer.headers["Location"].endswith(f"/{register.name}/show/{row_id}"), said(officer, answer)
    assert whole(register, row_id) == before
    assert binned(register, row_id) is None


@pytest.fixture
def gone(officer, db_session):
    """A deleted contract of one town, and where it lies."""
    register = next(r for r in registers() if r.name == "legal_contracts")
    row = db_session.scalar(select(LegalContract).where(LegalContract.division_code.like(f"{TOWN}%")).order_by(LegalContract.id).limit(1))
    row_id, number, code = row.id, row.number, row.division_code
    officer.send(f"/legal_contracts/delete/{row_id}")
    pk = binned(register, row_id)
    yield f"/bin/legal_contracts/{pk}", row_id, number, code
    db_session.rollback()
    db_session.execute(delete(LegalContract).where(LegalContract.number == "占位"))
    db_session.execute(update(LegalContract).where(LegalContract.number == number, LegalContract.id != row_id).values(number=f"{number}-另"))
    db_session.commit()
    if binned(register, row_id):
        officer.send(f"/bin/legal_contracts/{pk}/restore")


def test_people_of_elsewhere_and_those_who_may_not_delete_see_nothing(gone, make_user, leader, client):
    path = gone[0]
    other = make_user("县级业务人员", "371625102")
    assert path not in other.get("/bin/legal_contracts").get_data(as_text=True)
    assert (other.get(path).status_code, other.send(f"{path}/restore").status_code) == (404, 404)
    assert (leader.get(path).status_code, leader.send(f"{path}/restore").status_code) == (403, 403)
    assert client.get(path).status_code == 401
    assert client.get("/bin/key_person_files").status_code == 401


def test_what_took_its_place_is_said(gone, officer, db_session):
    path, row_id, number, code = gone
    twin = db_session.scalar(select(LegalContract).where(LegalContract.division_code == code).limit(1)) or db_session.scalar(
        select(LegalContract).where(LegalContract.division_code.like(f"{TOWN}%")).limit(1))
    was = (twin.number, twin.division_code)
    twin.number, twin.division_code = number, code
    db_session.commit()
    answer = officer.send(f"{path}/restore")
    page = officer.get(answer.headers["Location"]).get_data(as_text=True)
    assert "无法恢复" in page
    assert db_session.get(LegalContract, row_id) is None
    twin = db_session.scalar(select(LegalContract).where(LegalContract.number == number))
    twin.number, twin.division_code = was
    db_session.commit()


def test_the_days_run_out(gone, app, db_session):
    assert run("2026-11-23") is None
    kept = db_session.scalar(select(DeletedRecord))
    assert now() - kept.at < timedelta(days=1)
    app.config["RECYCLED_DAYS"], before = 0, app.config["RECYCLED_DAYS"]
    try:
        assert "1" in run("2026-11-23")
    finally:
        app.config["RECYCLED_DAYS"] = before
        db_session.rollback()


def test_nothing_of_a_sensitive_register_and_nothing_of_the_clock_is_kept(officer, db_session):
    assert officer.get("/bin/key_person_files").status_code == 404
    sensitive = [r.table.name for r in registers() if r.sensitive]
    held = db_session.scalars(text("SELECT event_object_table FROM information_schema.triggers WHERE trigger_name = 'pingan_bin'")).all()
    assert sensitive
    assert not set(sensitive) & set(held)
    with acting(everywhere("clock")):
        row = db_session.scalar(select(LegalContract).limit(1))
        db_session.delete(row)
        db_session.flush()
        assert db_session.scalar(select(func.count()).select_from(DeletedRecord)) == 0
        db_session.rollback()
