"""Forms of every register: saved once, merged, with child rows; what was typed is never lost."""
from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.core.register import registers
from app.database import db
from app.web.once import FormKey
from tests.forms import complaints, fields_of, new_row

pytestmark = pytest.mark.usefixtures("issued")
COUNTY = "371625"
WRITTEN = [pytest.param(r, id=r.name) for r in registers() if not r.frozen and r.area != "divisions"]
REPEATS = 20


def _repeat(app, browser, path, fields, times):
    """Send the same form as one person at the same moment, each time over a line of its own."""
    cookies = "; ".join(f"{cookie.key}={cookie.value}" for cookie in browser._cookies.values())

    def once(_number):
        return app.test_client(use_cookies=False).post(path, data=fields, headers={"Cookie": cookies})

    with ThreadPoolExecutor(times) as threads:
        return list(threads.map(once, range(times)))


def _rows(register):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(register.model))


@pytest.mark.parametrize("register", WRITTEN)
def test_pressing_save_twice_makes_one_row_and_the_same_answer(register, officer, db_session):
    path = f"/{register.name}/add"
    fields = fields_of(officer.get(path).get_data(as_text=True)) | new_row(register, COUNTY)
    before = _rows(register)
    answers = [officer.post(path, data=fields) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302], complaints(answers[0])
    assert answers[0].location == answers[1].location
    assert _rows(register) == before + 1


def test_twenty_repeats_at_once_make_one_row(app, officer, db_session):
    register = next(r for r in registers() if r.name == "supervision_items")
    path = f"/{register.name}/add"
    fields = fields_of(officer.get(path).get_data(as_text=True)) | new_row(register, COUNTY)
    before = _rows(register)
    answers = _repeat(app, officer, path, fields, REPEATS)
    assert {answer.status_code for answer in answers} == {302}
    assert len({answer.location for answer in answers}) == 1
    assert _rows(register) == before + 1


def test_a_change_sent_twenty_times_is_one_change(app, officer, db_session):
    register = next(r for r in registers() if r.name == "legal_contracts")
    row = db_session.scalar(select(register.model).limit(1))
    path, version = f"/{register.name}/edit/{row.id}", row.row_version
    fields = fields_of(officer.get(path).get_data(as_text=True)) | {"client": "一次就好的单位"}
    answers = _repeat(app, officer, path, fields, REPEATS)
    assert {(answer.status_code, answer.location) for answer in answers} == {(302, f"/{register.name}/show/{row.id}")}
    db_session.refresh(row)
    assert (row.row_version, row.client) == (version + 1, "一次就好的单位")


def test_the_same_form_with_other_words_is_another_save(officer, db_session):
    """Whoever goes back in the browser and writes a second record keeps both."""
    register = next(r for r in registers() if r.name == "supervision_items")
    path = f"/{register.name}/add"
    fields = fields_of(officer.get(path).get_data(as_text=True)) | new_row(register, COUNTY)
    first, second = officer.post(path, data=fields), officer.post(path, data=fields | {"title": "另一件事"})
    assert first.status_code == second.status_code == 302
    assert first.location != second.location


def test_form_keys_are_seen_by_their_owner_alone(app, officer, db_session):
    from app.database.scope import Range, Scope, acting, everywhere

    officer.post("/legal_contracts/add", data=fields_of(officer.get("/legal_contracts/add").get_data(as_text=True)) | new_row(
        next(r for r in registers() if r.name == "legal_contracts"), COUNTY))
    everyone = Scope(ranges=(Range.below(COUNTY),), user_id=1)
    for scope in (everyone, everywhere("night")):
        with acting(scope):
            db.session.rollback()
            assert db.session.scalar(select(func.count()).select_from(FormKey)) == 0
    db.session.rollback()


def test_two_presses_on_a_step_are_told_politely(officer, db_session):
    register = next(r for r in registers() if r.name == "supervision_items")
    step = register.workflow.transitions[0]
    row = db_session.scalar(select(register.model).where(getattr(register.model, register.workflow.column).in_(step.source)))
    for name in step.requires:
        setattr(row, name, getattr(row, name) or "测试")
    db_session.commit()
    answers = [officer.send(f"/{register.name}/step/{row.id}/{step.name}", note="按程序办理") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [302, 302]
    page = officer.get(f"/{register.name}/show/{row.id}").get_data(as_text=True)
    assert "没有重复办理" in page
