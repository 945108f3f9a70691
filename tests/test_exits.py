"""Every way out and in (越权): a clerk of one town tries the rows of another, by every path, in every register."""
from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError

from app.core.register import find, registers
from app.database import db
from app.database.scope import NOWHERE, Range, Scope, acting

pytestmark = pytest.mark.usefixtures("issued")
MINE, OTHERS = "371625101", "371625102"
SCOPED = [pytest.param(r, id=r.name) for r in registers() if not r.shared]
WRITTEN = [p for p in SCOPED if not p.values[0].frozen]


def _one_of(register, code):
    """A row of a division, read by the owner of all; its id and title."""
    column = getattr(register.model, register.scope_column)
    return db.session.scalar(select(register.model).where(column >= code, column < code + "~").order_by(register.model.id).limit(1))


@pytest.fixture
def foreign(db_session, request):
    """A row of the other town in the register at hand."""
    register = request.getfixturevalue("register")
    row = _one_of(register, OTHERS)
    if row is None:
        row = _moved_here(register, OTHERS)
    return row


def _moved_here(register, code):
    """Give the other town a row where the demo put none."""
    row = db.session.scalar(select(register.model).limit(1))
    assert row is not None, f"the demo has no row in {register.name}"
    setattr(row, register.scope_column, code)
    db.session.commit()
    return row


@pytest.mark.parametrize("register", SCOPED)
def test_no_page_or_interface_shows_or_changes_a_foreign_row(register, foreign, clerk):
    name, pk = register.name, foreign.id
    gets = [f"/{name}/show/{pk}", f"/{name}/edit/{pk}", f"/api/v1/{name}/{pk}", f"/{name}/action/x/{pk}",
            f"/{name}/download/{pk}", f"/{name}/api/read/{pk}", f"/{name}/api/column/add/id"]
    for path in gets:
        assert clerk.get(path).status_code in (403, 404), path
    posts = [f"/{name}/edit/{pk}", f"/{name}/delete/{pk}", f"/{name}/step/{pk}/assign", f"/{name}/reveal/{pk}", f"/{name}/action_post"]
    for path in posts:
        answer = clerk.post(path, data={"csrf_token": clerk.csrf(), "rowid": pk, "action": "muldelete", "reason": "核对核对"})
        assert answer.status_code in (403, 404, 405), path
    for method in (clerk.put, clerk.delete):
        answer = method(f"/api/v1/{name}/{pk}", json={}, headers={"X-CSRFToken": clerk.csrf()})
        assert answer.status_code in (403, 404, 405)


@pytest.mark.parametrize("register", SCOPED)
def test_lists_counts_filters_and_typeahead_hold_only_ones_own(register, foreign, clerk):
    name = register.name
    with acting(Scope(ranges=(Range.below(MINE),))):
        db.session.rollback()
        own = db.session.scalar(select(func.count()).select_from(register.model))
    for query in ("", f"?division_code={OTHERS}", f"?q={foreign.id}", "?sort=-division_code&size=100"):
        body = clerk.get(f"/api/v1/{name}/{query}")
        if body.status_code == 403:
            return
        data = body.get_json()
        assert foreign.id not in [row["id"] for row in data["result"]], query
        assert len(data["result"]) <= own
    assert clerk.get(f"/api/v1/{name}/?count=true").get_json()["count"] <= own
    found = clerk.get(f"/lookup/{name}?q=").get_json()
    key = foreign.code if name == "divisions" else str(foreign.id)
    assert key not in [each["id"] for each in found["results"]]
    reason = {"csrf_token": clerk.csrf(), "reason": "季度核对服务情况"}
    exported = clerk.post(f"/export/{name}", data=reason) if register.sensitive else clerk.get(f"/export/{name}")
    if exported.status_code != 403:
        rows = CalamineWorkbook.from_filelike(io.BytesIO(exported.data)).get_sheet_by_index(0).to_python()
        assert len(rows) - 1 <= own
        assert not any(str(value).startswith(OTHERS) for row in rows for value in row)


@pytest.mark.parametrize("register", WRITTEN)
def test_no_row_can_be_put_or_moved_into_a_foreign_division(register, foreign, clerk):
    mine = _one_of(register, MINE)
    answer = clerk.post(f"/api/v1/{register.name}/", json={"division_code": OTHERS} if "division_code" in register.writable else {},
                        headers={"X-CSRFToken": clerk.csrf()})
    assert answer.status_code in (403, 404, 422)
    if mine is not None and "division_code" in register.writable:
        answer = clerk.put(f"/api/v1/{register.name}/{mine.id}", json={"division_code": OTHERS},
                           headers={"X-CSRFToken": clerk.csrf(), "If-Match": "*"})
        assert answer.status_code in (403, 404, 422)
        db.session.expire_all()
        assert not getattr(db.session.get(register.model, mine.id), register.scope_column).startswith(OTHERS)


@pytest.mark.parametrize("register", SCOPED)
def test_the_database_itself_refuses_with_hand_written_sql(register, foreign):
    table, column, pk = register.table, register.table.c[register.scope_column], foreign.id
    with db.engine.connect() as raw:
        assert raw.scalar(text("SELECT current_user")) == "pingan_app"
        assert raw.scalar(select(func.count()).select_from(table)) == 0, "no setting, no rows"
        raw.rollback()
        for low, high in ((MINE, MINE + "~"),):
            raw.execute(text("SELECT set_config('pingan.lo0', :l, true), set_config('pingan.hi0', :h, true)"), {"l": low, "h": high})
            assert raw.scalar(select(func.count()).select_from(table).where(column >= OTHERS, column < OTHERS + "~")) == 0
            assert raw.execute(update(table).where(table.c.id == pk).values({column.name: MINE})).rowcount == 0
            assert raw.execute(table.delete().where(table.c.id == pk)).rowcount == 0
        raw.rollback()


@pytest.mark.parametrize("register", SCOPED)
def test_a_bulk_insert_into_a_foreign_division_is_refused(register, foreign):
    values = {c.name: getattr(foreign, c.key) for c in register.table.columns if c.key not in ("id", "uid") and c.computed is None}
    values |= {c.name: f"{values[c.name]}x" for c in register.table.columns if c.unique and isinstance(values.get(c.name), str)}
    with acting(Scope(ranges=(Range.below(MINE),))), db.engine.connect() as raw:
        for name, value in Scope(ranges=(Range.below(MINE),)).settings().items():
            raw.execute(text("SELECT set_config(:n, :v, true)"), {"n": name, "v": value})
        with pytest.raises(DBAPIError) as refused:
            raw.execute(insert(register.table), [values])
        raw.rollback()
    assert refused.value.orig.sqlstate in ("42501", "23514"), refused.value.orig


@pytest.mark.parametrize("child", [pytest.param((r, n), id=f"{r.name}.{n}") for r in registers() for n, c in r.columns.items()
                                   if c.info["kind"] == "link" and not find(c.info["register"]).shared])
def test_a_link_to_a_foreign_row_is_refused_by_the_database(child, db_session):
    register, name = child
    target = find(register.columns[name].info["register"])
    mine = _one_of(register, MINE)
    foreign = _one_of(target, OTHERS)
    if mine is None:
        mine = _moved_here(register, MINE)
    assert foreign is not None
    pk, foreign_id = mine.id, foreign.id
    db.session.commit()
    with acting(Scope(ranges=(Range.below(MINE),))):
        db.session.rollback()
        with pytest.raises(DBAPIError) as refused:
            db.session.execute(update(register.model).where(register.model.id == pk).values({name: foreign_id}))
        db.session.rollback()
    assert refused.value.orig.sqlstate == "42501"


def test_without_a_scope_nothing_exists(app):
    with app.app_context(), acting(NOWHERE):
        for register in registers():
            assert db.session.scalar(select(func.count()).select_from(register.model)) == 0, register.name
        db.session.rollback()
