"""The 37 ways in and out that a stock console leaves open (越权尝试): a clerk of one town tries each on another town's row.

The list is that of the design's study of Flask-AppBuilder; what a way is called there stands as its name here.
Every answer is read for a canary that only the foreign row carries, and afterwards the foreign town must be as it was.
"""
from __future__ import annotations

import io
import json

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import UniqueConstraint, func, select

from app.core.register import find, registers
from app.database import db
from tests.test_exits import MINE, OTHERS, _moved_here, _one_of

pytestmark = pytest.mark.usefixtures("issued")
SCOPED = [r for r in registers() if not r.shared]
CANARY = "泄漏探针"
REFUSED = (302, 400, 403, 404, 405, 409, 422)


class Attempt:
    """What a clerk of ``MINE`` knows and does: the foreign row's number, and every path that might take it."""

    def __init__(self, clerk, register, foreign_id, own_id):
        self.clerk, self.register, self.pk, self.own = clerk, register, foreign_id, own_id
        self.name, self.token = register.name, clerk.csrf()

    def get(self, path):
        return self.clerk.get(path)

    def form(self, path, **fields):
        return self.clerk.post(path, data={"csrf_token": self.token, **fields})

    def json(self, method, path, **body):
        return getattr(self.clerk, method)(path, json=body, headers={"X-CSRFToken": self.token, "If-Match": "*"})

    def children(self):
        return [(find(part.register), part.link) for part in self.register.parts]

    def links(self):
        return [n for n, c in self.register.columns.items() if c.info["kind"] == "link"]


READS = {
    "list": lambda a: [a.get(f"/{a.name}/list/?size=100"), a.get(f"/{a.name}/list/?division_code={OTHERS}")],
    "list-count": lambda a: [a.get(f"/api/v1/{a.name}/?q={CANARY}&size=1")],
    "show/<id>": lambda a: [a.get(f"/{a.name}/show/{a.pk}")],
    "edit/<id> GET": lambda a: [a.get(f"/{a.name}/edit/{a.pk}")],
    "child list": lambda a: [a.get(f"/{c.name}/list/?{link}={a.pk}") for c, link in a.children()],
    "child show": lambda a: [a.get(f"/api/v1/{c.name}/?{link}={a.pk}") for c, link in a.children()],
    "add form drop-down": lambda a: [a.get(f"/lookup/{a.name}?q={CANARY}"), a.get(f"/lookup/{a.name}")],
    "edit form drop-down": lambda a: [a.get(f"/lookup/{find(a.register.columns[n].info['register']).name}?q={CANARY}") for n in a.links()],
    "search form drop-down": lambda a: [a.get(f"/{r.name}/list/?{n}={a.pk}") for r in registers() for n, c in r.columns.items()
                                        if c.info.get("register") == a.name],
    "order by related": lambda a: [a.get(f"/{a.name}/list/?sort={n}") for n in ("division_code", "-division_code")],
    "MasterDetail list/<pk>": lambda a: [a.get(f"/{a.name}/list/{a.pk}")],
    "GroupBy chart": lambda a: [a.get("/"), a.get(f"/{a.name}/chart/")],
    "DirectBy chart": lambda a: [a.get(f"/{a.name}/chart/{a.pk}"), a.get(f"/search/?q={CANARY}")],
    "single action/<name>/<pk>": lambda a: [a.get(f"/{a.name}/action/muldelete/{a.pk}")],
    "download other's file": lambda a: [a.get(f"/{a.name}/download/{a.pk}"), a.get(f"/briefings/{a.pk}/download" if a.name == "briefings" else
                                                                                f"/{a.name}/download/{CANARY}.pdf")],
    "API list": lambda a: [a.get(f"/api/v1/{a.name}/?size=100"), a.get(f"/api/v1/{a.name}/?q=(filters:!((col:id,opr:eq,value:{a.pk})))")],
    "API count": lambda a: [a.get(f"/api/v1/{a.name}/?count=true&division_code={OTHERS}")],
    "API get/<id>": lambda a: [a.get(f"/api/v1/{a.name}/{a.pk}")],
    "API _info drop-down": lambda a: [a.get(f"/api/v1/{a.name}/_info"), a.get(f"/api/v1/{a.name}/related/division")],
    "API show nested to-many": lambda a: [a.get(f"/api/v1/{a.name}/{a.pk}?q=(columns:!(parts))")],
    "API filter oracle on related": lambda a: [a.get(f"/api/v1/{a.name}/?{n}={a.pk}") for n in a.links()],
    "API filter count oracle": lambda a: [a.get(f"/{a.name}/list/?q={CANARY}")],
    "export": lambda a: [a.get(f"/export/{a.name}?q={CANARY}"), a.form(f"/export/{a.name}?q={CANARY}", reason="季度核对服务情况")],
}
WRITES = {
    "bulk action_post": lambda a: [a.form(f"/{a.name}/action_post", action="muldelete", rowid=a.pk)],
    "edit/<id> POST": lambda a: [a.form(f"/{a.name}/edit/{a.pk}", division_code=MINE, row_version="1")],
    "add row into other division": lambda a: [a.form(f"/{a.name}/add", division_code=OTHERS)],
    "add via _flt_ exclude_cols trick": lambda a: [a.form(f"/{a.name}/add?_flt_0_division_code={OTHERS}&division_code={OTHERS}")],
    "add with related object of other division": lambda a: [a.form(f"/{a.name}/add", division_code=MINE, **dict.fromkeys(a.links(), a.pk))],
    "edit: move own row to other division": lambda a: [a.form(f"/{a.name}/edit/{a.own}", division_code=OTHERS)] if a.own else [],
    "add child to other's parent": lambda a: [a.form(f"/{c.name}/add", division_code=MINE, **{link: a.pk}) for c, link in a.children()],
    "API put/<id>": lambda a: [a.json("put", f"/api/v1/{a.name}/{a.pk}")],
    "API post into other division": lambda a: [a.json("post", f"/api/v1/{a.name}/", division_code=OTHERS)],
    "API post with related of other division": lambda a: [a.json("post", f"/api/v1/{a.name}/", division_code=MINE, **{n: {"name": "x"}})
                                                          for n in a.links()],
    "API put: move own row out": lambda a: [a.json("put", f"/api/v1/{a.name}/{a.own}", division_code=OTHERS)] if a.own else [],
    "API bulk: add into or upsert in other division": lambda a: [
        a.json("post", f"/api/v1/{a.name}/bulk", mode=mode, rows=[{"division_code": OTHERS, **dict.fromkeys(a.links(), a.pk)}])
        for mode in ("create", "upsert")],
    "API delete/<id>": lambda a: [a.json("delete", f"/api/v1/{a.name}/{a.pk}")],
    "delete/<id> POST": lambda a: [a.form(f"/{a.name}/delete/{a.pk}")],
    "bulk delete action": lambda a: [a.form(f"/{a.name}/action_post", action="muldelete", rowid=[a.pk]), a.form(f"/{a.name}/batch/delete", ids=a.pk)],
}


def _words(answer):
    """All that an answer says, whatever it is packed in."""
    if answer.data[:2] == b"PK":
        return str(CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python())
    return json.dumps(answer.get_json(), ensure_ascii=False) if answer.is_json else answer.data.decode(errors="replace")


def test_the_table_has_all_the_ways():
    """The thirty-seventh, the unique check, is proved on the tables themselves below."""
    assert len(READS) + len(WRITES) + 1 == 37 + len(["export", "API bulk"])


def _marked(register):
    """A foreign row that carries the canary where the register has room for words."""
    column = getattr(register.model, register.scope_column)
    there = db.session.scalars(select(register.model).where(column >= OTHERS, column < OTHERS + "~").order_by(register.model.id))
    row = next((each for each in there if not register.locked(each)), None) or _moved_here(register, OTHERS)
    rooms = [n for n in (*register.title, *register.listed, *register.columns) if n in register.columns
             and register.columns[n].info["kind"] in ("text", "note") and (getattr(register.columns[n].type, "length", None) or 99) >= 20
             and n not in ("code", "credit_code", "legal_basis", "phone", "path_name")]
    if rooms:
        setattr(row, rooms[0], f"{CANARY}{row.id}")
        db.session.commit()
    return row.id


def _town(register):
    """What the other town holds, to see afterwards that nothing moved."""
    column = getattr(register.model, register.scope_column)
    db.session.expire_all()
    held = select(func.count(), func.max(register.model.row_version)).where(column >= OTHERS, column < OTHERS + "~")
    return tuple(db.session.execute(held).one())


@pytest.mark.parametrize("register", [pytest.param(r, id=r.name) for r in SCOPED])
def test_none_of_the_ways_leads_to_another_towns_row(register, db_session, clerk):
    foreign_id, own = _marked(register), _one_of(register, MINE)
    attempt, before = Attempt(clerk, register, foreign_id, own.id if own else None), _town(register)
    db_session.rollback()
    leaks = [way for way, attack in READS.items() for answer in attack(attempt)
             if f"{CANARY}{foreign_id}" in _words(answer) or answer.status_code >= 500]
    leaks += [way for way, attack in WRITES.items() for answer in attack(attempt)
              if answer.status_code not in REFUSED or f"{CANARY}{foreign_id}" in _words(answer)]
    assert leaks == []
    assert _town(register) == before


@pytest.mark.parametrize("register", [pytest.param(r, id=r.name) for r in registers()])
def test_a_unique_check_never_tells_of_a_row_elsewhere(register):
    """Each unique key holds the division, or hangs on a row that the person sees already, or is drawn by chance."""
    table = register.table
    own = {register.scope_column, "uid", *(c.name for c in table.columns if c.info.get("kind") == "link")}
    keys = [{c.name for c in constraint.columns} for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    keys += [{c.name for c in index.columns} for index in table.indexes if index.unique]
    assert [key for key in keys if not key & own] == []


def test_the_canary_sings_for_those_who_may_hear_it(db_session, officer):
    register = find("supervision_items")
    foreign_id = _marked(register)
    db_session.rollback()
    heard = [way for way in ("list", "show/<id>", "API get/<id>", "export", "list-count") if any(
        f"{CANARY}{foreign_id}" in _words(answer) for answer in READS[way](Attempt(officer, register, foreign_id, None)))]
    assert heard == ["list", "show/<id>", "API get/<id>", "export", "list-count"]
