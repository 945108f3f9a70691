"""The record page (记录页): few statements, its course and history in words, and a way back for one field."""
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select, text

from app.audit import AuditEntry
from app.core.register import find, registers
from app.database import db
from app.web.history import may_restore, typed
from tests.forms import complaints
from tests.web.test_attachments import ITEMS, MINE, _loose

pytestmark = pytest.mark.usefixtures("issued")
ALL = [pytest.param(register, id=register.name) for register in registers()]
WRITTEN = [p for p in ALL if not p.values[0].frozen and p.values[0].area != "divisions"]
STATEMENTS = 10


@pytest.mark.parametrize("register", ALL)
def test_a_record_page_costs_few_statements(register, officer, statements, db_session):
    """The row with the most to tell: parts, files, links and a long history."""
    pk = db_session.scalar(select(AuditEntry.row_id).where(AuditEntry.table_name == register.table.name, AuditEntry.row_id.in_(
        select(register.model.id))).limit(1)) or db_session.scalar(select(register.model.id).limit(1))
    officer.get(f"/{register.name}/show/{pk}")
    with statements() as seen:
        answer = officer.get(f"/{register.name}/show/{pk}")
    assert answer.status_code == 200
    assert len(seen) <= STATEMENTS, "\n".join(seen)


def _text_column(register):
    """A plain text column that a person may change freely."""
    return next((n for n, c in register.writable.items() if c.info["kind"] in ("text", "note") and not {"check", "shown_when"} & c.info.keys()
                 and may_restore(register, n) and n not in register.key), None)


def _changed(register, name, value):
    """A loose row in which the field was changed from what it said; its id, old value and the entry of the change."""
    row = _loose(register, MINE) or _loose(register, MINE[:6])
    old = getattr(row, name)
    setattr(row, name, value)
    db.session.commit()
    entry = db.session.scalar(select(AuditEntry).where(AuditEntry.table_name == register.table.name, AuditEntry.row_id == row.id)
                              .order_by(AuditEntry.id.desc()).limit(1))
    return row, old, entry


def _bring_back(person, register, row, entry, name, version=None):
    return person.send(f"/{register.name}/restore/{row.id}", entry=entry.id, field=name, row_version=version or row.row_version)


@pytest.mark.parametrize("register", [p for p in WRITTEN if _text_column(p.values[0])])
def test_one_field_is_brought_back_by_an_ordinary_change(register, officer, db_session):
    name = _text_column(register)
    row, old, entry = _changed(register, name, "改错了的内容")
    page = officer.get(f"/{register.name}/show/{row.id}").get_data(as_text=True)
    assert f'name="entry" value="{entry.id}"' in page
    others = {n: typed(c, getattr(row, n)) for n, c in register.writable.items() if n != name and n not in register.sealed}
    answer = _bring_back(officer, register, row, entry, name)
    if old is None and not register.columns[name].nullable:
        assert answer.status_code == 422
        return
    assert answer.status_code == 302, (complaints(answer), getattr(row, name), old, row.id)
    db_session.expire_all()
    assert getattr(row, name) == old
    assert {n: typed(register.columns[n], getattr(row, n)) for n in others} == others, "nothing else moved"
    last = db_session.scalar(select(AuditEntry).where(AuditEntry.table_name == register.table.name, AuditEntry.row_id == row.id)
                             .order_by(AuditEntry.id.desc()).limit(1))
    assert (list(last.changes), last.action) == ([name], "update")
    assert "恢复" in last.note


@pytest.mark.parametrize(("name", "value"), [("grade", "major"), ("due_on", "2031-05-06"), ("measures", None), ("category", "04")])
def test_every_kind_of_value_finds_its_way_back(name, value, officer, db_session):
    kind = ITEMS.columns[name].info
    value = kind["choice"](value) if kind["kind"] == "choice" else date.fromisoformat(value) if kind["kind"] == "day" else value
    row = _loose(ITEMS, MINE)
    if getattr(row, name) == value:
        setattr(row, name, "原来的措施" if value is None else None)
        db_session.commit()
    row, old, entry = _changed(ITEMS, name, value)
    assert _bring_back(officer, ITEMS, row, entry, name).status_code == 302
    db_session.expire_all()
    assert getattr(row, name) == old


def test_a_record_that_moved_on_is_not_overwritten(officer, db_session):
    row, old, entry = _changed(ITEMS, "responsible_person", "甲某")
    answer = _bring_back(officer, ITEMS, row, entry, "responsible_person", version=row.row_version - 1)
    assert answer.status_code == 409
    assert "他人刚刚修改" in answer.get_data(as_text=True)
    db_session.expire_all()
    assert row.responsible_person == "甲某" != old


def test_what_no_longer_passes_the_checks_is_not_brought_back(officer, db_session):
    row = _loose(ITEMS, MINE)
    db_session.execute(text("INSERT INTO audit_entry (at, actor, action, table_name, row_id, division_code, changes) VALUES (now(), 'x', 'update', "
                            "'supervision_item', :i, :d, '{\"title\": [null, \"x\"]}')"), {"i": row.id, "d": row.division_code})
    db_session.commit()
    entry = db_session.scalar(select(AuditEntry).where(AuditEntry.table_name == "supervision_item").order_by(AuditEntry.id.desc()).limit(1))
    assert _bring_back(officer, ITEMS, row, entry, "title").status_code == 422


def test_sealed_fields_the_course_and_foreign_entries_have_no_way_back(officer, leader, db_session):
    for register in registers():
        flow = register.workflow
        fixed = {*register.sealed, *({flow.column, *(s.stamps for s in flow.transitions if s.stamps)} if flow else ())}
        assert not [name for name in fixed if may_restore(register, name)]
    row, _old, entry = _changed(ITEMS, "responsible_person", "乙某")
    other = db_session.scalar(select(ITEMS.model).where(ITEMS.model.id != row.id, ITEMS.model.division_code.startswith(MINE)))
    for pk, entry_id, field in ((row.id, entry.id, "state"), (row.id, entry.id, "nothing"), (row.id, entry.id, "title"), (other.id, entry.id,
                                "responsible_person"), (row.id, "x", "title"), (row.id, "9" * 30, "title")):
        assert officer.send(f"/supervision_items/restore/{pk}", entry=entry_id, field=field, row_version=1).status_code == 404, (pk, field)
    assert _bring_back(leader, ITEMS, row, entry, "responsible_person").status_code == 403
    assert "data-confirm" not in leader.get(f"/supervision_items/show/{row.id}").get_data(as_text=True).split('id="past"')[1].split("</ol>")[0]


def test_a_closed_record_brings_nothing_back(officer, db_session):
    row, _old, entry = _changed(ITEMS, "responsible_person", "丙某")
    state = row.state
    assert state not in ITEMS.workflow.locked
    row.state, row.closed_on = ITEMS.workflow.locked[0], date(2030, 1, 1)
    db_session.commit()
    assert _bring_back(officer, ITEMS, row, entry, "responsible_person").status_code == 409
    assert 'class="bring-back"' not in officer.get(f"/supervision_items/show/{row.id}").get_data(as_text=True)


def test_the_course_tells_every_step_with_its_words(officer, db_session):
    row = _loose(ITEMS, MINE)
    row.state = ITEMS.workflow.course[1]
    db_session.commit()
    assert officer.send(f"/supervision_items/step/{row.id}/decline", note="不属于本单位职责").status_code == 302
    page = officer.get(f"/supervision_items/show/{row.id}").get_data(as_text=True)
    course = page.split('id="course"')[1].split("</ol>")[0]
    assert "不属于本单位职责" in course
    assert str(ITEMS.workflow.find("decline").label) in course


@pytest.mark.parametrize("register", [p for p in ALL if p.values[0].sensitive and p.values[0].sealed])
def test_who_opened_sealed_data_is_shown_to_those_who_may_open_it(register, officer, make_user, db_session):
    row = _loose(register, MINE)
    officer.send(f"/{register.name}/reveal/{row.id}", reason="走访前核对联系方式")
    page = officer.get(f"/{register.name}/show/{row.id}").get_data(as_text=True)
    assert "走访前核对联系方式" in page.split('id="access"')[1]
    village = make_user("村社区录入员", MINE).get(f"/{register.name}/show/{row.id}").get_data(as_text=True)
    assert 'id="access"' not in village
    assert "走访前核对联系方式" not in village


def test_names_stand_in_the_history_where_numbers_are_kept(officer, db_session):
    register = find("legal_contracts")
    name = next(n for n, c in register.writable.items() if c.info["kind"] == "link")
    target = find(register.columns[name].info["register"])
    row = _loose(register, MINE) or _loose(register, MINE[:6])
    new = db_session.scalar(select(target.model.id).where(target.model.id != getattr(row, name)).limit(1))
    row, old, _entry = _changed(register, name, new)
    past = officer.get(f"/{register.name}/show/{row.id}").get_data(as_text=True).split('id="past"')[1]
    assert f"<del>{old}</del>" not in past
    assert f"<ins>{new}</ins>" not in past
