"""The page of one record: its facts in groups, its course, its parts and its history."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import AuditEntry
from app.core.register import Part, Register, areas, find
from app.core.workflow import StepRefused, Transition
from app.database import db
from app.database.scope import current_scope
from app.security import may
from app.web.attachments.allowed import may_see
from app.web.attachments.show import box
from app.web.cells import Names, cell, shown, title_of, today

HISTORY = 50
PART_ROWS = 50
ACCESS = ("reveal", "download", "attach", "detach", "export")
"""Deeds whose words may say something about a person; in a sensitive register they are for those who may open sealed data."""
DEEDS = ("insert", "update", "delete", "reveal", "export", "import", "download", "attach", "detach")


def endpoint(register: Register) -> str:
    """The endpoint of the register's view."""
    return "".join(part.title() for part in register.name.split("_")) + "View"


def crumbs(register: Register, last: str | None = None) -> list[tuple[Any, str | None]]:
    """Where the page stands: area, register, record."""
    area = areas()[register.area]
    there = url_for(f"{endpoint(register)}.list")
    tail = [(register.label, there), (last, None)] if last else [(register.label, None)]
    return [(area.label, None), *tail]


def page(register: Register, row: Any, can: Callable[[str], bool]) -> dict[str, Any]:
    """Everything the record page prints."""
    names = Names()
    names.learn(register, [row], register.columns)
    own = current_scope().holds(getattr(row, register.scope_column))
    open_ = own and not register.locked(row)
    history = _history(register, row)
    return {
        "register": register, "title": title_of(register, row, names), "subtitle": _subtitle(register, row, names),
        "tag": _tag(register, row), "groups": _groups(register, row, names), "steps": _steps(register, row, history),
        "actions": _actions(register, row, can) if own else [], "parts": [_part(p, row, open_) for p in _readable(register)],
        "history": history, "files": None if register.frozen else box(register, row),
        "edit_url": None, "delete_url": None, "reveal_url": None, "own": own,
    }


def _readable(register: Register) -> list[Part]:
    return [part for part in register.parts if may("read", part.register)]


def _subtitle(register: Register, row: Any, names: Names) -> str:
    return names.of("divisions", getattr(row, "division_code", None)) if "division_code" in register.columns else row.code


def _tag(register: Register, row: Any) -> tuple[str, str] | None:
    state = getattr(row, register.states) if register.states else None
    return (str(state.label), state.tone) if state is not None else None


def _groups(register: Register, row: Any, names: Names) -> list[tuple[Any, list[Any]]]:
    made: dict[str, tuple[Any, list[Any]]] = {}
    for name, column in register.columns.items():
        label = column.info.get("group", _("Basic information"))
        secret = name if column.info["kind"] == "sealed" and getattr(row, name) is not None else None
        made.setdefault(str(label), (label, []))[1].append((column.info["label"], cell(register, row, name, names), secret))
    return list(made.values())


def _steps(register: Register, row: Any, history: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    flow = register.workflow
    if flow is None:
        return []
    state = getattr(row, flow.column)
    place = flow.course.index(state) if state in flow.course else -1
    reached: dict[str, tuple[str, str]] = {}
    for entry in reversed(history):
        if entry["state"]:
            reached[entry["state"]] = (entry["at"], entry["actor"])
    made = []
    for number, each in enumerate(flow.course):
        status = "done" if number < place or (number == place == len(flow.course) - 1) else "now" if number == place else "todo"
        when, who = reached.get(each.value, ("", "")) if status != "todo" else ("", "")
        made.append((str(each.label), status, when, who))
    return made


def _actions(register: Register, row: Any, can: Callable[[str], bool]) -> list[dict[str, Any]]:
    flow = register.workflow
    offered = flow.offered(row) if flow else ()
    return [{"name": t.name, "label": t.label, "tone": t.tone, "needs_note": t.needs_note,
             "url": url_for(f"{endpoint(register)}.step", pk=row.id, name=t.name)} for t in offered if can(t.verb)]


def _part(part: Part, row: Any, own: bool) -> dict[str, Any]:
    child = find(part.register)
    query = select(child.model).where(getattr(child.model, part.link) == row.id).order_by(child.model.id.desc())
    rows, names = list(db.session.scalars(query.limit(PART_ROWS))), Names()
    listed = [name for name in child.listed if name not in (part.link, "division_code")]
    names.learn(child, rows, listed)
    view = endpoint(child)
    division = getattr(row, "division_code", None)
    may_add = own and may("write", child.name) and not child.frozen
    return {
        "label": child.label, "count": len(rows), "columns": [child.columns[n].info["label"] if n in child.columns else n for n in listed],
        "rows": [{"url": url_for(f"{view}.show", pk=r.id), "cells": [cell(child, r, n, names) for n in listed]} for r in rows],
        "add_url": url_for(f"{view}.add", **{part.link: row.id, "division_code": division}) if may_add else None,
    }


def _history(register: Register, row: Any) -> list[dict[str, Any]]:
    mine = select(AuditEntry).where(AuditEntry.table_name == register.table.name, AuditEntry.row_id == row.id)
    if not may_see(register):
        mine = mine.where(AuditEntry.action.not_in(ACCESS))
    entries = db.session.scalars(mine.order_by(AuditEntry.id.desc()).limit(HISTORY))
    return [_entry(register, entry) for entry in entries]


def _entry(register: Register, entry: AuditEntry) -> dict[str, Any]:
    columns, changes = register.columns, []
    for name, (old, new) in entry.changes.items():
        if name in columns:
            changes.append((str(columns[name].info["label"]), _said(columns[name], old), _said(columns[name], new)))
    column = register.workflow.column if register.workflow else None
    state = entry.changes[column][1] if column in entry.changes else None
    return {"at": shown(entry.at, "time"), "actor": entry.actor, "action": deed(entry.action), "note": entry.note,
            "changes": changes, "state": state}


def _said(column: Any, value: Any) -> str:
    """A stored value of the trail in words."""
    if value is None:
        return ""
    if column.info["kind"] == "choice":
        known = {member.value: str(member.label) for member in column.info["choice"]}
        return known.get(value, str(value))
    return shown(value, "") if isinstance(value, bool) else str(value)


def deed(action: str) -> str:
    """What was done, in words."""
    return {
        "insert": _("added"), "update": _("changed"), "delete": _("deleted"), "reveal": _("opened sealed data"),
        "export": _("exported"), "import": _("imported"), "download": _("downloaded"),
        "attach": _("added a file"), "detach": _("removed a file"),
        "sign_in": _("signed in"), "sign_out": _("signed out"), "password": _("changed the password"), "account": _("changed an account"),
        "grant": _("gave roles or divisions"), "reset_password": _("reset a password"), "role": _("changed a role"),
        "end_session": _("ended sessions"), "second_factor": _("changed the second factor"), "close_unused": _("closed an unused account"),
    }.get(action, action)


def take(register: Register, row: Any, step: Transition, note: str) -> None:
    """Move the row by one step, or raise StepRefused saying what is missing."""
    flow = register.workflow
    if flow is not None and getattr(row, flow.column) == step.target and step.target not in step.source:
        raise StepRefused(_("The step has just been taken; nothing was done twice."))
    if flow is None or getattr(row, flow.column) not in step.source:
        raise StepRefused(_("The record is no longer in the state from which this step starts. Load the page again."))
    if step.needs_note and len(note) < 2:
        raise StepRefused(_("Please say why; a few words are enough."))
    for name in step.requires:
        if getattr(row, name) in (None, ""):
            raise StepRefused(_("Fill in “%(what)s” first.", what=register.columns[name].info["label"]))
    setattr(row, flow.column, step.target)
    if step.stamps:
        setattr(row, step.stamps, today())
