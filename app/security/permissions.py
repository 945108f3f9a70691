"""The permissions of everything the console has (权限同步): written by one command, never at a web start."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import current_app
from flask_appbuilder.security.sqla.models import Permission, PermissionView, Role, ViewMenu, assoc_permissionview_role
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.register import VERBS, registers
from app.security.roles import SHIPPED, SYSTEM, Subject, gives

LOCK = 371625_01
SCREENS: dict[str, tuple[Any, tuple[str, ...]]] = {
    "users": (_("Users"), ("read", "write")),
    "roles": (_("Roles"), ("read", "write")),
    "schedules": (_("Schedules"), ("read", "write")),
    "runs": (_("Run log"), ("read", "write")),
    "audit": (_("Audit trail"), ("read", "export")),
    "webhooks": (_("Event subscriptions"), ("read", "write")),
    "appearance": (_("Appearance"), ("read", "write")),
    "fields": (_("Fields and forms"), ("read", "write")),
    "saved_views": (_("Shared queries"), ("write",)),
    "briefings": (_("Briefings"), ("read", "write", "export")),
}
AREAS_OF_SCREENS = {"briefings": "briefings"}
"""Screens that are work of the county; every other screen belongs to the console itself."""
Pair = tuple[str, str]


def _asked_by_views() -> dict[str, set[str]]:
    """Verbs that hand-written pages ask for, by subject."""
    found: dict[str, set[str]] = {}
    for view in current_app.appbuilder.baseviews:  # type: ignore[attr-defined]
        verbs = {name.removeprefix("can_") for name in view.base_permissions or ()} & set(VERBS)
        if view.class_permission_name != type(view).__name__:
            found.setdefault(view.class_permission_name, set()).update(verbs)
    return found


def subjects() -> list[Subject]:
    """Everything a permission can be about, registers first."""
    asked = _asked_by_views()
    made = {r.name: Subject(r.name, r.area, r.verbs(), r.label, r.sensitive) for r in registers()}
    for name in (*SCREENS, *asked):
        if name not in made:
            label, verbs = SCREENS.get(name, (name, ()))
            wanted = {*verbs, *asked.get(name, ())}
            made[name] = Subject(name, AREAS_OF_SCREENS.get(name, SYSTEM), tuple(v for v in VERBS if v in wanted), label)
    return [subject for subject in made.values() if subject.verbs]


def _ids(session: Session, model: Any, names: Iterable[str]) -> dict[str, int]:
    """The ids of the names, adding those that are missing."""
    table = model.__table__
    session.execute(insert(table).on_conflict_do_nothing(), [{"name": name} for name in dict.fromkeys(names)])
    return {name: number for number, name in session.execute(select(table.c.id, table.c.name))}


def _add_pairs(session: Session, wanted: list[Subject]) -> tuple[dict[Pair, int], set[Pair]]:
    """Every pair of subject and verb with its id, and which of them are new."""
    verb_ids = _ids(session, Permission, (f"can_{verb}" for subject in wanted for verb in subject.verbs))
    subject_ids = _ids(session, ViewMenu, (subject.name for subject in wanted))
    table = PermissionView.__table__
    known = {(v, s): n for n, v, s in session.execute(select(table.c.id, table.c.permission_id, table.c.view_menu_id))}
    pairs = {(s.name, v): (verb_ids[f"can_{v}"], subject_ids[s.name]) for s in wanted for v in s.verbs}
    new = {pair for pair, ids in pairs.items() if ids not in known}
    for pair in sorted(new):
        verb, subject = pairs[pair]
        known[verb, subject] = session.execute(
            table.insert().values(permission_id=verb, view_menu_id=subject).returning(table.c.id)).scalar_one()
    return {pair: known[ids] for pair, ids in pairs.items()}, new


def sync(session: Session) -> int:
    """Write down every permission and, once, the shipped roles; answer how many permissions are new.

    A shipped role gets its rights when it is made, and those of a subject when the subject is new. What an administrator
    has taken away is never given back. Two processes at once wait for each other. The caller commits.
    """
    session.execute(select(func.pg_advisory_xact_lock(LOCK)))
    wanted = subjects()
    ids, new = _add_pairs(session, wanted)
    table = Role.__table__
    there = set(session.scalars(select(table.c.name)))
    role_ids = _ids(session, Role, SHIPPED)
    rows = [
        {"permission_view_id": ids[subject.name, verb], "role_id": role_ids[role]}
        for role in SHIPPED for subject in wanted for verb in subject.verbs
        if gives(role, subject, verb) and (role not in there or (subject.name, verb) in new)
    ]
    if rows:
        session.execute(insert(assoc_permissionview_role).on_conflict_do_nothing(), rows)
    return len(new)
