"""Child rows in their parent's form, for every register that has parts."""
from __future__ import annotations

import json

import pytest
from sqlalchemy import func, select

from app.core.register import find, registers
from app.database import db
from app.web.cells import Names, title_of
from app.web.parts import MOST, offered
from tests.forms import complaints, fields_of, new_row

pytestmark = pytest.mark.usefixtures("issued")
COUNTY = "371625"
PARTS = [pytest.param(r, p, id=f"{r.name}-{p.register}") for r in registers() for p in r.parts if not find(p.register).frozen]


def _children(part, pk):
    child = find(part.register)
    db.session.rollback()
    return list(db.session.scalars(select(child.model).where(getattr(child.model, part.link) == pk).order_by(child.model.id)))


def _word(column, value):
    info = column.info
    if info["kind"] == "choice":
        return str(info["choice"](value).label)
    if info["kind"] != "link":
        return value
    target = find(info["register"])
    row, names = db.session.get(target.model, int(value)), Names()
    names.learn(target, [row], target.title)
    return title_of(target, row, names)


def _words(child, part):
    """A new child row as people write it into a workbook: labels and names, not values and numbers."""
    values = new_row(child, COUNTY).items()
    return {name: _word(child.writable[name], value) for name, value in values if name not in {part.link, "division_code"}}


@pytest.fixture
def parent(request, db_session, officer):
    """A new record of the parent's register, with its own form."""
    register, part = request.getfixturevalue("register"), request.getfixturevalue("part")
    added = officer.post(f"/{register.name}/add", data=fields_of(officer.get(f"/{register.name}/add").get_data(as_text=True))
                         | new_row(register, COUNTY))
    assert added.status_code == 302, complaints(added)
    return int(added.location.rsplit("/", 1)[1]), part


def _form(browser, register, part, pk):
    return fields_of(browser.get(f"/{register.name}/edit/{pk}?part={part.register}").get_data(as_text=True))


@pytest.mark.parametrize(("register", "part"), PARTS)
def test_rows_are_added_changed_and_taken_away_with_the_parent(register, part, parent, officer, db_session):
    pk, child = parent[0], find(part.register)
    path, field = f"/{register.name}/edit/{pk}", f"part-{part.register}"
    form = _form(officer, register, part, pk)
    assert json.loads(form[field]) == []
    lines = [{"cells": _words(child, part)}, {"cells": {}}, {"cells": _words(child, part)}]
    answer = officer.post(path, data=form | {field: json.dumps(lines)})
    assert answer.status_code == 302, (complaints(answer), fields_of(answer.get_data(as_text=True)).get(field))
    rows = _children(part, pk)
    assert len(rows) == 2
    form = _form(officer, register, part, pk)
    kept = json.loads(form[field])
    assert [line["id"] for line in kept] == [row.id for row in rows]
    assert officer.post(path, data=form).status_code == 302
    assert [row.row_version for row in _children(part, pk)] == [1, 1]
    kept[0]["gone"] = True
    assert officer.post(path, data=_form(officer, register, part, pk) | {field: json.dumps(kept)}).status_code == 302
    assert [row.id for row in _children(part, pk)] == [rows[1].id]


@pytest.mark.parametrize(("register", "part"), PARTS)
def test_one_bad_cell_keeps_everything_and_saves_nothing(register, part, parent, officer, db_session):
    pk, child, field = parent[0], find(part.register), f"part-{part.register}"
    form = _form(officer, register, part, pk)
    must = next(n for n in offered_columns(register, part) if not child.writable[n].nullable and child.writable[n].default is None)
    bad = _words(child, part) | {must: "" if child.writable[must].info["kind"] in ("text", "note", "number") else "说不清"}
    lines = [{"cells": _words(child, part)}, {"cells": bad}]
    answer = officer.post(f"/{register.name}/edit/{pk}", data=form | {field: json.dumps(lines)})
    assert answer.status_code == 422
    shown = json.loads(fields_of(answer.get_data(as_text=True))[field])
    assert shown[1]["errors"][must]
    assert {name: shown[1]["cells"][name] for name in bad} == bad
    assert _children(part, pk) == []


def offered_columns(register, part):
    """The columns of the grid."""
    child = find(part.register)
    return [n for n in child.writable if n not in {part.link, "division_code", *child.sealed}]


@pytest.mark.parametrize(("register", "part"), PARTS)
def test_a_form_with_too_many_rows_is_refused_in_words(register, part, parent, officer):
    lines = [{"cells": {}}] * (MOST + 1)
    form = _form(officer, register, part, parent[0]) | {f"part-{part.register}": json.dumps(lines)}
    answer = officer.post(f"/{register.name}/edit/{parent[0]}", data=form)
    assert answer.status_code == 422
    assert str(MOST) in answer.get_data(as_text=True)
    for nonsense in ("{", "7", '[7]', '[{"id": "x"}]', '[{"cells": 7}]'):
        assert officer.post(f"/{register.name}/edit/{parent[0]}", data=form | {f"part-{part.register}": nonsense}).status_code == 422


def test_parent_and_children_are_saved_together_or_not_at_all(officer, db_session):
    register = find("law_firms")
    part = register.parts[0]
    before = db_session.scalar(select(func.count()).select_from(register.model))
    twin = _words(find(part.register), part)
    form = fields_of(officer.get("/law_firms/add").get_data(as_text=True)) | new_row(register, COUNTY)
    answer = officer.post("/law_firms/add", data=form | {f"part-{part.register}": json.dumps([{"cells": twin}, {"cells": twin}])})
    assert answer.status_code == 422
    assert json.loads(fields_of(answer.get_data(as_text=True))[f"part-{part.register}"])[1]["errors"]
    db_session.rollback()
    assert db_session.scalar(select(func.count()).select_from(register.model)) == before
    answer = officer.post("/law_firms/add", data=form | {f"paste-{part.register}": "\t".join(
        twin.get(name, "") for name in offered_columns(register, part))})
    assert answer.status_code == 302, complaints(answer)
    assert len(_children(part, int(answer.location.rsplit("/", 1)[1]))) == 1


def test_parts_that_one_may_not_write_are_not_there(app, officer):
    from unittest.mock import patch

    with app.test_request_context(), patch("app.web.parts.may", return_value=False):
        assert offered(find("law_firms")) == []
