"""Parts of a form that are asked only sometimes (条件显示): one rule for pages, interface, workbooks and the database."""
from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint, select, text
from sqlalchemy.exc import IntegrityError
from werkzeug.datastructures import MultiDict

from app.audit import AuditEntry
from app.core.base import Choice
from app.core.conditions import condition, needed_words, only_words
from app.core.register import registers
from app.web.forms import form_class
from app.web.workbook.check import check
from app.web.workbook.read import Line, Sheet
from tests.forms import fields_of, new_row, written_for

COUNTY = "371625"
FOUND = [pytest.param(r, n, id=f"{r.name}-{n}") for r in registers() for n, c in r.writable.items() if condition(c)]
NEEDED = [p for p in FOUND if condition(p.values[0].columns[p.values[1]]).needed]


def _answer(register, name, *, asked):
    """A value of the other column that asks for this one, or one that does not."""
    when = condition(register.columns[name])
    if when.values == (True,):
        return "1" if asked else ""
    every = list(register.columns[when.field].info["choice"])
    return next(each.value for each in every if (each in when.values) is asked)


def _row(register, name, *, asked, said=True):
    """Values of a new row whose other column asks, or does not; with every conditional column of the same condition filled."""
    when = condition(register.columns[name])
    given = new_row(register, COUNTY, **{when.field: _answer(register, name, asked=asked)})
    same = [n for n, c in register.writable.items() if condition(c) and condition(c).field == when.field]
    # Figures may stand in an order (settled, found), so they are all the same.
    figures = ("count", "money", "decimal")
    filled = {n: "5" if register.columns[n].info["kind"] in figures else written_for(register.columns[n], COUNTY) for n in same}
    return given | (filled if said else {})


def _json(register, given):
    """The same values as the interface takes them."""
    whole = {n for n in given if register.columns[n].info["kind"] in ("count", "link")}
    return {n: int(v) if n in whole else v == "1" if register.columns[n].info["kind"] == "flag" else v for n, v in given.items()}


def test_at_least_two_registers_use_it():
    assert len({p.values[0].name for p in FOUND}) >= 2


@pytest.mark.parametrize(("register", "name"), FOUND)
def test_what_is_not_asked_is_left_out_on_page_and_interface(register, name, officer, db_session):
    path = f"/{register.name}/add"
    sent = fields_of(officer.get(path).get_data(as_text=True)) | _row(register, name, asked=False)
    saved = officer.post(path, data=sent)
    assert saved.status_code == 302
    row = db_session.get(register.model, int(saved.location.rsplit("/", 1)[-1]))
    assert getattr(row, name) in (None, False)
    made = officer.post(f"/api/v1/{register.name}/", json=_json(register, _row(register, name, asked=False)), headers={"X-CSRFToken": officer.csrf()})
    assert made.status_code == 201, made.get_json()
    assert made.get_json()["result"][name] in (None, False)


@pytest.mark.parametrize(("register", "name"), NEEDED)
def test_what_is_asked_and_needed_is_refused_in_the_same_words_everywhere(app, register, name, officer, db_session):
    path, given = f"/{register.name}/add", _row(register, name, asked=True, said=False)
    sent = fields_of(officer.get(path).get_data(as_text=True)) | given
    page = officer.post(path, data=sent)
    made = officer.post(f"/api/v1/{register.name}/", json=_json(register, given), headers={"X-CSRFToken": officer.csrf()})
    with app.test_request_context():
        words = needed_words(register.columns[name])
        line = Sheet([Line(3, given)], dict.fromkeys(given, "A"))
        told = [problem.advice for problem in check(register, line).problems if problem.name == name]
    assert (page.status_code, made.status_code) == (422, 422)
    assert words in page.get_data(as_text=True)
    assert {"field": name, "message": words} in made.get_json()["errors"]
    assert told == [words]


@pytest.mark.parametrize(("register", "name"), FOUND)
def test_a_workbook_says_which_values_it_leaves_out(app, register, name, officer, db_session):
    given = _row(register, name, asked=False)
    with app.test_request_context():
        found = check(register, Sheet([Line(3, given)], dict.fromkeys(given, "A")))
        assert name in {each.name for each in found.left_out}
        assert only_words(register.columns[name]) in {each.advice for each in found.left_out}


@pytest.mark.parametrize(("register", "name"), FOUND)
def test_the_other_answer_empties_it_on_a_change(register, name, officer, db_session):
    path = f"/{register.name}/add"
    sent = fields_of(officer.get(path).get_data(as_text=True)) | _row(register, name, asked=True)
    saved = officer.post(path, data=sent)
    assert saved.status_code == 302
    pk, field = int(saved.location.rsplit("/", 1)[-1]), condition(register.columns[name]).field
    row = db_session.get(register.model, pk)
    assert getattr(row, name) not in (None, False)
    change = _json(register, {field: _answer(register, name, asked=False)}) | {"row_version": row.row_version}
    answer = officer.put(f"/api/v1/{register.name}/{pk}", json=change, headers={"X-CSRFToken": officer.csrf()})
    assert answer.status_code == 200
    assert answer.get_json()["result"][name] in (None, False)


@pytest.mark.parametrize(("register", "name"), FOUND)
def test_what_is_no_longer_asked_is_not_brought_back(app, register, name, officer, db_session):
    path, field = f"/{register.name}/add", condition(register.columns[name]).field
    sent = fields_of(officer.get(path).get_data(as_text=True)) | _row(register, name, asked=True)
    row = db_session.get(register.model, int(officer.post(path, data=sent).location.rsplit("/", 1)[-1]))
    setattr(row, field, register.columns[field].info["choice"](_answer(register, name, asked=False)))
    db_session.commit()
    entry = db_session.scalar(select(AuditEntry.id).where(AuditEntry.table_name == register.table.name, AuditEntry.row_id == row.id,
                                                          AuditEntry.action == "update").order_by(AuditEntry.id.desc()).limit(1))
    answer = officer.send(f"/{register.name}/restore/{row.id}", entry=entry, field=name, row_version=row.row_version)
    with app.test_request_context():
        words = only_words(register.columns[name])
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)


@pytest.mark.parametrize(("register", "name"), FOUND)
def test_the_database_holds_it_too(register, name, officer, db_session):
    """A row that came past the console is refused: what is not asked stands there, or what is needed does not."""
    path, field = f"/{register.name}/add", condition(register.columns[name]).field
    sent = fields_of(officer.get(path).get_data(as_text=True)) | _row(register, name, asked=True)
    pk = int(officer.post(path, data=sent).location.rsplit("/", 1)[-1])
    table = register.table.name
    away = _answer(register, name, asked=False)
    for change in [f"{field} = '{away}'"] + ([f"{name} = NULL"] if condition(register.columns[name]).needed else []):
        with pytest.raises(IntegrityError, match="ck_"), db_session.begin_nested():
            db_session.execute(text(f"UPDATE {table} SET {change} WHERE id = :pk"), {"pk": pk})


def test_every_declared_check_stands_in_the_database(db_session):
    declared = {c.name for r in registers() for c in r.table.constraints if isinstance(c, CheckConstraint)}
    held = set(db_session.scalars(text("SELECT conname FROM pg_constraint WHERE contype = 'c'")))
    assert declared - held == set()


@pytest.mark.parametrize(("register", "name"), FOUND)
def test_the_page_knows_when_to_ask(app, register, name, officer):
    page = officer.get(f"/{register.name}/add").get_data(as_text=True)
    when = condition(register.columns[name])
    values = "|".join(each.value if isinstance(each, Choice) else str(each) for each in when.values)
    assert f'id="{name}-box" data-when="{when.field}" data-is="{values}"' in page
    with app.test_request_context():
        form = form_class(register)(formdata=MultiDict({when.field: _answer(register, name, asked=True)}), meta={"csrf": False})
        assert when.met(form[when.field].data)
