"""Forms of every register: saved once, merged, with child rows; what was typed is never lost."""
from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from app.core.register import find, registers
from app.core.sealed import sealer
from app.database import db
from app.web.once import FormKey
from tests.forms import complaints, fields_of, new_row

pytestmark = pytest.mark.usefixtures("issued")
COUNTY = "371625"
ALL = [pytest.param(r, id=r.name) for r in registers()]
WRITTEN = [pytest.param(r, id=r.name) for r in registers() if not r.frozen and r.area != "divisions"]
REPEATS, FORM_STATEMENTS = 20, 10


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


def _texts(register):
    """Plain columns that any change of words suits."""
    return [n for n, c in register.writable.items() if c.info["kind"] in ("text", "note", "sealed") and not {"check", "shown_when"} & c.info.keys()]


def _clear(row, name):
    return sealer().open(getattr(row, name).token, row.__table__.name, name, str(row.uid))


MERGED = ("legal_contracts", "key_person_files", "supervision_items")


@pytest.mark.parametrize("seed", range(30))
def test_what_two_people_save_at_once_is_never_overwritten_unseen(seed, officer, make_user, db_session):
    draw = random.Random(seed)
    register = next(r for r in registers() if r.name == MERGED[seed % 3])
    flow = register.workflow
    row = db_session.scalar(select(register.model).where(getattr(register.model, flow.column).not_in(flow.locked or [""])).limit(1)) \
        if flow else db_session.scalar(select(register.model).limit(1))
    path, texts = f"/{register.name}/edit/{row.id}", _texts(register)
    first = fields_of(officer.get(path).get_data(as_text=True))
    second = dict(first) | {"form_key": first["form_key"][::-1]}
    mine = {name: f"甲{seed}{name}"[:20] for name in draw.sample(texts, draw.randint(1, 3))}
    theirs = {name: f"乙{seed}{name}"[:20] for name in draw.sample(texts, draw.randint(1, 3))}
    before = {name: getattr(row, name) for name in texts}
    assert officer.post(path, data=second | theirs).status_code == 302
    refused = officer.post(path, data=first | mine)
    assert refused.status_code == 409
    page = refused.get_data(as_text=True)
    shown = fields_of(page)
    for name in set(mine) & set(register.sealed):
        assert mine[name] not in page
    chosen = {key: value for key, value in shown.items() if key.startswith("merge-")}
    for name in chosen.keys() & {f"merge-{each}" for each in texts}:
        assert chosen[name] == ("mine" if name[6:] in mine else "theirs")
    chosen = {name: draw.choice([proposed, "mine", "theirs"]) for name, proposed in sorted(chosen.items())}
    saved = officer.post(path, data=shown | chosen)
    assert saved.status_code == 302, complaints(saved)
    db_session.refresh(row)
    for name in texts:
        kept = _clear(row, name) if name in register.sealed and getattr(row, name) is not None else getattr(row, name)
        choice = chosen.get(f"merge-{name}")
        if name in mine and choice != "theirs":
            assert kept == mine[name]
        elif name in theirs and (choice != "mine" or name in register.sealed):
            assert kept == theirs[name]
        elif name not in mine and name not in theirs and name not in register.sealed:
            assert kept == before[name]


def test_a_third_save_in_between_is_merged_again(officer, db_session):
    register = next(r for r in registers() if r.name == "legal_contracts")
    row = db_session.scalar(select(register.model).limit(1))
    path = f"/{register.name}/edit/{row.id}"
    form = fields_of(officer.get(path).get_data(as_text=True))
    for number, client in enumerate(("第一位", "第二位")):
        newest = fields_of(officer.get(path).get_data(as_text=True))
        assert officer.post(path, data=newest | {"client": client}).status_code == 302
        refused = officer.post(path, data=form | ({"client": "本人填写"} if not number else {}))
        assert refused.status_code == 409
        form = fields_of(refused.get_data(as_text=True))
        assert form["merge-client"] == "mine"
        assert client in refused.get_data(as_text=True)
    assert officer.post(path, data=form).status_code == 302
    db_session.refresh(row)
    assert row.client == "本人填写"


def test_the_same_change_by_two_people_needs_no_choice(officer, db_session):
    register = next(r for r in registers() if r.name == "legal_contracts")
    row = db_session.scalar(select(register.model).limit(1))
    path = f"/{register.name}/edit/{row.id}"
    form = fields_of(officer.get(path).get_data(as_text=True)) | {"client": "两人同样改"}
    for key in (form["form_key"], form["form_key"][::-1]):
        assert officer.post(path, data=form | {"form_key": key}).status_code == 302


@pytest.mark.parametrize("register", WRITTEN)
def test_opening_a_form_costs_few_statements(register, officer, statements, db_session):
    flow = register.workflow
    query = select(register.model.id)
    pk = db_session.scalar(query.where(getattr(register.model, flow.column).not_in(flow.locked)) if flow and flow.locked else query)
    for path in ("add", f"edit/{pk}"):
        with statements() as seen:
            assert officer.get(f"/{register.name}/{path}").status_code == 200
        assert len(seen) <= FORM_STATEMENTS, "\n".join(seen)


@pytest.mark.parametrize("register", [p for p in ALL if p.values[0].parts])
def test_a_part_is_added_from_its_parents_page(register, officer, db_session):
    """The button's address fills in the parent, whatever stands in it."""
    pk = db_session.scalar(select(register.model.id))
    for part in (each for each in register.parts if not find(each.register).frozen):
        page = officer.get(f"/{part.register}/add?{part.link}={pk}&division_code={COUNTY}")
        assert fields_of(page.get_data(as_text=True))[part.link] == str(pk)
        for nonsense in ("x", "9" * 30, "-1", "2026-01-31"):
            query = dict.fromkeys(find(part.register).writable, nonsense)
            assert officer.get(f"/{part.register}/add", query_string=query).status_code == 200
