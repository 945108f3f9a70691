"""The rights of a role as a matrix (权限矩阵): what it holds, what it was shipped with, and what a change would give and take."""
from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.register import VERBS, areas
from app.database import db
from app.security.duties import MixedDuties, duties_of, refuse_mixed
from app.security.models import Post, UserAccount
from app.security.permissions import subjects
from app.security.roles import SHIPPED, Subject, gives

Pairs = set[tuple[str, str]]
LEVELS = {6: _("the county"), 9: _("a town"), 10: _("a department"), 12: _("a village or community")}
"""Levels of divisions by the length of their codes (GB/T 10114), since an administrator of rights sees no register."""
MOST_NAMED = 20
"""People named on the page of a role; the rest are a number."""

VERB_LABELS = {
    "read": _("Look"), "write": _("Add and change"), "delete": _("Delete"), "import": _("Import"),
    "export": _("Export"), "reveal": _("Open sealed data"),
}


def held_by(role_id: int) -> set[tuple[str, str]]:
    """Permission and subject of everything the role gives."""
    pair, verb, subject, held = PermissionView.__table__, Permission.__table__, ViewMenu.__table__, assoc_permissionview_role
    rows = db.session.execute(select(verb.c.name, subject.c.name).select_from(
        held.join(pair, pair.c.id == held.c.permission_view_id).join(verb, verb.c.id == pair.c.permission_id)
        .join(subject, subject.c.id == pair.c.view_menu_id)).where(held.c.role_id == role_id))
    return {(permission, name) for permission, name in rows}


def grouped(all_subjects: Iterable[Subject]) -> list[tuple[Any, list[Subject]]]:
    """The subjects by area, in the order of the menu, the console's own screens last."""
    labels = {name: area.label for name, area in areas().items()} | {"briefings": _("Briefings"), "system": _("System")}
    made = [(label, [s for s in all_subjects if s.area == name]) for name, label in labels.items()]
    return [(label, found) for label, found in made if found]


def chosen(form: Any) -> set[tuple[str, str]]:
    """The boxes that were ticked, as far as they exist."""
    known = {(verb, s.name) for s in subjects() for verb in s.verbs}
    sent = {tuple(each.split(":", 1)) for each in form.getlist("give") if ":" in each}
    return {(f"can_{verb}", name) for verb, name in sent & known}


def put_on(role: Role, wanted: set[tuple[str, str]]) -> None:
    """Give the role exactly these rights; MixedDuties when somebody would hold two duties."""
    if len(duties_of(wanted)) > 1:
        raise MixedDuties(gettext(
            "A role cannot hold system administration, security administration, auditing and daily work together. "
            "Tick boxes of one kind."))
    pair, verb, subject = PermissionView.__table__, Permission.__table__, ViewMenu.__table__
    rows = db.session.execute(select(pair.c.id, verb.c.name, subject.c.name).select_from(
        pair.join(verb, verb.c.id == pair.c.permission_id).join(subject, subject.c.id == pair.c.view_menu_id)))
    ids = {number for number, permission, name in rows if (permission, name) in wanted}
    held = assoc_permissionview_role
    db.session.execute(delete(held).where(held.c.role_id == role.id, held.c.permission_view_id.not_in(ids)))
    if ids:
        db.session.execute(insert(held).on_conflict_do_nothing(), [{"role_id": role.id, "permission_view_id": i} for i in sorted(ids)])
    refuse_mixed(db.session)


def shipped(role: Role) -> Pairs | None:
    """What the role held when it was shipped; None for a role that a county made."""
    if role.name not in SHIPPED:
        return None
    return {(f"can_{verb}", s.name) for s in subjects() for verb in s.verbs if gives(role.name, s, verb)}


def mark(held: Pairs) -> str:
    """A short word for a set of rights, by which a page notices that somebody else changed them meanwhile."""
    return hashlib.sha256("\n".join(sorted(map(" ".join, held))).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Change:
    """What saving would give and take, in words: register or screen, and verbs."""

    given: list[tuple[Any, list[Any]]]
    taken: list[tuple[Any, list[Any]]]

    @classmethod
    def between(cls, before: Pairs, wanted: Pairs) -> Change:
        """The change from one set of rights to another."""
        return cls(_in_words(wanted - before), _in_words(before - wanted))

    @property
    def count(self) -> int:
        """How many boxes differ."""
        return sum(len(verbs) for _subject, verbs in (*self.given, *self.taken))


def _in_words(pairs: Pairs) -> list[tuple[Any, list[Any]]]:
    found = [(s.label, [VERB_LABELS[verb] for verb in VERBS if verb in s.verbs and (f"can_{verb}", s.name) in pairs]) for s in subjects()]
    return [(label, verbs) for label, verbs in found if verbs]


@dataclass(frozen=True)
class Holders:
    """Who holds a role: how many, some of them, and at which levels they work, since the level says whose records they see."""

    count: int
    people: list[UserAccount]
    levels: list[tuple[Any, int]]


def holders(role: Role) -> Holders:
    """The people of a role, by three statements."""
    held = select(assoc_user_role.c.user_id).where(assoc_user_role.c.role_id == role.id)
    count = db.session.scalar(select(func.count()).select_from(held.subquery())) or 0
    people = db.session.scalars(select(UserAccount).where(UserAccount.id.in_(held)).order_by(UserAccount.username).limit(MOST_NAMED))
    length = func.length(Post.division_code)
    levels = db.session.execute(select(length, func.count(Post.user_id.distinct())).where(Post.user_id.in_(held)).group_by(length).order_by(length))
    return Holders(count, list(people), [(LEVELS[figures], number) for figures, number in levels])
