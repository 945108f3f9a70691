"""Drafts of every register: found again, owner only, without personal data, gone when saved and after fourteen days."""
from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.register import find, registers
from app.database import db
from app.database.scope import Range, Scope, acting, everywhere
from app.web.drafts import DAYS, FormDraft
from app.web.kept import run
from tests.forms import complaints, fields_of, new_row

pytestmark = pytest.mark.usefixtures("issued")
COUNTY = "371625"
WRITTEN = [pytest.param(r, id=r.name) for r in registers() if not r.frozen and r.area != "divisions"]
SEALED = [p for p in WRITTEN if p.values[0].sealed]


def _open(browser, path):
    return fields_of(browser.get(path).get_data(as_text=True))


def _drafts(register):
    db.session.rollback()
    return list(db.session.scalars(select(FormDraft).where(FormDraft.register == register.name)))


@pytest.fixture
def as_officer(app, accounts):
    """Acting as the officer, whose drafts the database shows to nobody else."""
    from app.security.models import UserAccount

    with app.app_context(), acting(everywhere("tests")):
        user = db.session.scalar(select(UserAccount.id).where(UserAccount.username == accounts("县级业务人员", COUNTY)))
        db.session.rollback()
        with acting(Scope(ranges=(Range.below(COUNTY),), user_id=user)):
            yield user
            db.session.rollback()


@pytest.mark.parametrize("register", WRITTEN)
def test_a_draft_is_found_again_and_goes_when_it_is_saved(register, officer, db_session, as_officer):
    path = f"/{register.name}/add"
    values = new_row(register, COUNTY)
    fields = _open(officer, path) | values
    kept = officer.post(f"/drafts/{register.name}/0", data=fields, headers={"X-Background": "1"})
    assert re.fullmatch(r"\d\d:\d\d", kept.get_json()["at"])
    again = officer.get(path).get_data(as_text=True)
    assert "有一份未保存的草稿" in again
    restored = _open(officer, f"{path}?draft=1")
    for name in values.keys() - register.sealed.keys():
        assert restored[name] == values[name], name
    saved = officer.post(path, data=restored | {name: values[name] for name in register.sealed if name in values})
    assert saved.status_code == 302, complaints(saved)
    assert _drafts(register) == []
    assert "data-draft-found hidden" in officer.get(path).get_data(as_text=True)


@pytest.mark.parametrize("register", SEALED)
def test_personal_data_is_never_in_a_draft(register, officer, db_session, as_officer):
    values = new_row(register, COUNTY)
    officer.post(f"/drafts/{register.name}/0", data=_open(officer, f"/{register.name}/add") | values)
    row = db_session.scalar(select(register.model).where(register.model.state.not_in(register.workflow.locked)).limit(1))
    officer.post(f"/drafts/{register.name}/{row.id}", data=_open(officer, f"/{register.name}/edit/{row.id}"))
    drafts = _drafts(register)
    assert len(drafts) == 2
    for draft in drafts:
        assert not set(draft.values) & set(register.sealed)
        assert not any(value in str(draft.values) for name, value in values.items() if name in register.sealed)
        assert not any(name in draft.values["opened"][0] for name in register.sealed if f'"{name}"' in draft.values["opened"][0])
    page = officer.get(f"/{register.name}/add").get_data(as_text=True)
    assert "草稿不保存个人信息" in page


def test_a_restored_draft_keeps_the_personal_data_of_the_record(officer, db_session):
    register = find("key_person_files")
    row = db_session.scalar(select(register.model).where(register.model.state.not_in(register.workflow.locked)).limit(1))
    path, token = f"/{register.name}/edit/{row.id}", row.id_number.token
    officer.post(f"/drafts/{register.name}/{row.id}", data=_open(officer, path) | {"reviewer": "草稿里的人"})
    restored = _open(officer, f"{path}?draft=1")
    assert restored["reviewer"] == "草稿里的人"
    assert restored["id_number"] == row.id_number.mask
    assert officer.post(path, data=restored).status_code == 302
    db_session.refresh(row)
    assert (row.id_number.token, row.reviewer) == (token, "草稿里的人")


def test_a_draft_from_before_somebody_else_saved_leads_to_the_merge_view(officer, db_session):
    register = find("legal_contracts")
    row = db_session.scalar(select(register.model).limit(1))
    path = f"/{register.name}/edit/{row.id}"
    form = _open(officer, path)
    officer.post(f"/drafts/{register.name}/{row.id}", data=form | {"client": "草稿里的委托人"})
    row.note = "别人先保存"
    db_session.commit()
    answer = officer.post(path, data=_open(officer, f"{path}?draft=1"))
    assert answer.status_code == 409
    shown = fields_of(answer.get_data(as_text=True))
    assert (shown["merge-client"], shown["merge-note"]) == ("mine", "theirs")


def test_drafts_of_different_parents_do_not_meet(officer, db_session):
    first, second = (f"/lawyers/add?firm_id={number}" for number in (1, 2))
    officer.post("/drafts/lawyers/0?firm_id=1", data=_open(officer, first) | {"name": "第一所的律师"})
    assert "data-draft-found hidden" in officer.get(second).get_data(as_text=True)
    assert "data-draft-found hidden" not in officer.get(first).get_data(as_text=True)


def test_a_draft_is_its_owners_alone(officer, make_user, db_session):
    officer.post("/drafts/legal_contracts/0", data=_open(officer, "/legal_contracts/add") | {"client": "只有本人可见"})
    other = make_user("镇街录入员", "371625101")
    assert "只有本人可见" not in other.get("/legal_contracts/add?draft=1").get_data(as_text=True)
    for scope in (Scope(ranges=(Range.below(COUNTY),), user_id=1), everywhere("night")):
        with acting(scope):
            db.session.rollback()
            assert db.session.scalar(select(func.count()).select_from(FormDraft)) == 0
    db.session.rollback()


def test_the_night_takes_drafts_that_are_too_old_and_no_others(officer, db_session, as_officer):
    register = find("legal_contracts")
    for place in ("0", "1"):
        officer.post(f"/drafts/{register.name}/{place}", data=_open(officer, f"/{register.name}/add"))
    db.session.rollback()
    db.session.execute(update(FormDraft).where(FormDraft.row_id == 1).values(updated_at=func.now() - timedelta(days=DAYS, hours=1)))
    db.session.commit()
    with acting(everywhere("clock")):
        db.session.rollback()
        assert "1" in run("2026-11-23")
        db.session.commit()
    assert {draft.row_id for draft in _drafts(register)} & {0, 1} == {0}


def test_nobody_keeps_a_draft_of_what_he_may_not_write(leader, client, officer):
    token = leader.csrf()
    assert leader.post("/drafts/legal_contracts/0", data={"csrf_token": token}).status_code == 403
    assert client.post("/drafts/legal_contracts/0", data={}).status_code in (400, 401)
    for path, code in (("no_such/0", 404), ("briefings/0", 403), (f"legal_contracts/{2**40}", 404)):
        assert officer.send(f"/drafts/{path}").status_code == code, path


def test_a_draft_that_no_form_could_hold_is_refused(officer):
    assert officer.send("/drafts/legal_contracts/0", note="字" * 500_000).status_code == 413


def test_discarding_a_draft_forgets_it(officer, db_session):
    officer.post("/drafts/lawyers/0", data=_open(officer, "/lawyers/add") | {"name": "不要的草稿"})
    assert officer.send("/drafts/lawyers/0/drop").location == "/lawyers/add"
    assert "不要的草稿" not in officer.get("/lawyers/add?draft=1").get_data(as_text=True)
