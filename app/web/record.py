"""The page of one record: its facts in groups, its course, its parts and its history."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from sqlalchemy import select

from app.areas.divisions.calendar import today
from app.core.base import Choice
from app.core.register import Part, Register, areas, find
from app.core.workflow import StepRefused, Transition
from app.database import db
from app.database.scope import current_scope
from app.security import may
from app.web.attachments.show import box
from app.web.cells import Names, cell, title_of
from app.web.history import Past

PART_ROWS = 50
FACTS_ABOVE = 4
"""So many facts stand under the title."""


def endpoint(register: Register) -> str:
    """The endpoint of the register's view."""
    return "".join(part.title() for part in register.name.split("_")) + "View"


def crumbs(register: Register, last: str | None = None) -> list[tuple[Any, str | None]]:
    """Where the page stands: area, register, record."""
    area = areas()[register.area]
    there = url_for(f"{endpoint(register)}.list")
    tail = [(register.label, there), (last, None)] if last else [(register.label, None)]
    return [(area.label, None), *tail]


def page(register: Register, row: Any, can: Callable[[str], bool], before: int | None = None) -> dict[str, Any]:
    """Everything the record page prints; of its trail the entries before one, the newest if none is named."""
    names, past = Names(), Past(register, row, before)
    names.learn(register, [row], register.columns, past.pointed_at())
    own = current_scope().holds(getattr(row, register.scope_column))
    open_ = own and not register.frozen and not register.locked(row)
    course = past.course()
    over, title = _heading(register, row, names)
    return {
        "register": register, "title": title, "over": over, "tags": _tags(register, row), "above": _above(register, row, names),
        "groups": _groups(register, row, names), "steps": _steps(register, row, course),
        "actions": _actions(register, row, can) if own else [], "parts": [_part(p, row, open_) for p in _readable(register)],
        "course": course, "history": past.changes(names, open_ and can("write")), "access": past.access(), "older": past.older(), "before": before,
        "files": None if register.frozen else box(register, row), "version": row.row_version,
        "edit_url": None, "delete_url": None, "reveal_url": None, "own": own,
    }


def _readable(register: Register) -> list[Part]:
    return [part for part in register.parts if may("read", part.register)]


def _heading(register: Register, row: Any, names: Names) -> tuple[str, str]:
    """The number of a record, small above its title, where its title begins with one."""
    first, *rest = register.title
    column = register.columns.get(first)
    if rest and column is not None and column.info["kind"] == "number" and any(getattr(row, name) for name in rest):
        return cell(register, row, first, names).text, " ".join(filter(None, (cell(register, row, name, names).text for name in rest)))
    return "", title_of(register, row, names)


def _tags(register: Register, row: Any) -> list[tuple[str, str]]:
    """The state, and what else is listed as one of a closed list, but not twice what reads the same."""
    names = [register.states, *(n for n in register.listed if n != register.states and n not in register.title)]
    found = [getattr(row, name) for name in names if name]
    return list(dict.fromkeys((str(value.label), value.tone) for value in found if isinstance(value, Choice)))[:3]


def _above(register: Register, row: Any, names: Names) -> list[tuple[str, str, str]]:
    """A few facts under the title, as (kind, label, words): where, who, until when."""
    made = []
    for name in dict.fromkeys(("division_code", *register.listed)):
        column = register.columns.get(name) if name not in register.title else None
        if column is not None and column.info["kind"] in ("division", "link", "text", "day") and (words := cell(register, row, name, names).text):
            made.append((column.info["kind"], str(column.info["label"]), words))
    return made[:FACTS_ABOVE]


def _groups(register: Register, row: Any, names: Names) -> list[tuple[Any, list[Any]]]:
    made: dict[str, tuple[Any, list[Any]]] = {}
    for name, column in register.columns.items():
        label = column.info.get("group", _("Basic information"))
        secret = name if column.info["kind"] == "sealed" and getattr(row, name) is not None else None
        made.setdefault(str(label), (label, []))[1].append((column.info["label"], cell(register, row, name, names), secret))
    return list(made.values())


def _steps(register: Register, row: Any, course: list[dict[str, Any]]) -> list[tuple[str, str, str, str]]:
    flow = register.workflow
    if flow is None:
        return []
    state = getattr(row, flow.column)
    place = flow.course.index(state) if state in flow.course else -1
    reached = {entry["value"]: (entry["at"], entry["actor"]) for entry in course}
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
