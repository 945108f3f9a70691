"""What people may do and where they work (权限缓存), kept in each process and correct in all of them at once.

One row, ``rights_stamp``, gets a new random value whenever roles, permissions, groups or posts change: triggers see to that, whatever
the path of the change. The value is read with the session, by the statement that every request sends anyway; rights kept under
another value are read anew.
"""
from __future__ import annotations

import uuid
from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Any

from flask import g
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from sqlalchemy import func, select, union

from app.database import db
from app.security.models import Post, RightsStamp

Pair = tuple[str, str]
MOST = 2_000
"""People whose rights a process keeps; whoever was longest away goes first."""


@dataclass(frozen=True)
class Rights:
    """Everything a person may do, and for which divisions, as of a stamp."""

    stamp: uuid.UUID
    pairs: frozenset[Pair]
    posts: tuple[tuple[str, str], ...]
    roles: frozenset[int]
    all_roles: tuple[tuple[int, str], ...]
    """Every role there is, for those who may give something to a role."""


def roles_of(user_id: int) -> Any:
    """The roles a person holds, by themselves or through a group, as a query."""
    own = select(assoc_user_role.c.role_id).where(assoc_user_role.c.user_id == user_id)
    group = select(assoc_group_role.c.role_id).join(
        assoc_user_group, assoc_user_group.c.group_id == assoc_group_role.c.group_id
    ).where(assoc_user_group.c.user_id == user_id)
    return union(own, group)


def pairs_of(user_id: int) -> Any:
    """Permission and subject of everything a person may do, as one query."""
    pair, verb, subject = PermissionView.__table__, Permission.__table__, ViewMenu.__table__
    held = assoc_permissionview_role
    return select(verb.c.name, subject.c.name).distinct().select_from(
        held.join(pair, pair.c.id == held.c.permission_view_id)
        .join(verb, verb.c.id == pair.c.permission_id).join(subject, subject.c.id == pair.c.view_menu_id)
    ).where(held.c.role_id.in_(roles_of(user_id).subquery().select()))


def present_stamp() -> Any:
    """The stamp as a column for the statement that finds the session."""
    return select(RightsStamp.stamp).scalar_subquery()


def _read(user_id: int) -> Rights:
    """Rights and stamp by one statement: what an open transaction changed carries a stamp that nobody else ever sees."""
    held = pairs_of(user_id).subquery()
    pairs = select(func.json_agg(func.json_build_array(held.c[0], held.c[1]))).scalar_subquery()
    post = Post.__table__.c
    posts = select(func.json_agg(func.json_build_array(post.division_code, post.reach))).where(post.user_id == user_id).scalar_subquery()
    own = select(func.array_agg(roles_of(user_id).subquery().c[0])).scalar_subquery()
    role = Role.__table__.c
    every = select(func.json_agg(func.json_build_array(role.id, role.name))).scalar_subquery()
    stamp, may, works, holds, known = db.session.execute(select(present_stamp(), pairs, posts, own, every)).one()
    return Rights(stamp, frozenset((verb, subject) for verb, subject in may or ()), tuple((code, reach) for code, reach in works or ()),
                  frozenset(holds or ()), tuple(sorted((number, name) for number, name in known or ())))


class RightsCache:
    """The rights that one process keeps."""

    def __init__(self) -> None:
        self._kept: OrderedDict[int, Rights] = OrderedDict()
        self._lock = Lock()

    def of(self, user_id: int) -> Rights:
        """The person's rights as of the stamp that this request has read; a request without a stamp reads them itself."""
        stamp = g.get("rights_stamp")
        with self._lock:
            kept = self._kept.get(user_id)
            if kept is not None and stamp is not None and kept.stamp == stamp:
                self._kept.move_to_end(user_id)
                return kept
        read = _read(user_id)
        g.rights_stamp = read.stamp
        with self._lock:
            self._kept[user_id] = read
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return read
