"""FAB's security manager, made ours (安全管理): nobody regains a right by itself, and a page asks for rights once."""
from __future__ import annotations

from typing import Any

from flask import g
from flask_appbuilder.security.sqla.manager import SecurityManager
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from flask_login import current_user
from sqlalchemy import select, union

from app.security.models import UserAccount
from app.security.sessions import person_of
from app.security.sign_in import AuthDBView, authenticate

Pair = tuple[str, str]


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


class PinganSecurityManager(SecurityManager):
    """Accounts and rights. Rights come from the tables alone: no built-in role, no public one, no token."""

    user_model = UserAccount
    authdbview = AuthDBView

    def register_views(self) -> None:
        """Only the sign-in page; our own screens replace FAB's."""
        self.auth_view = AuthDBView()
        self.appbuilder.add_view_no_menu(self.auth_view)

    def create_db(self) -> None:
        """Nothing: tables come from migrations, roles from ``flask security sync``."""

    def add_permissions_view(self, base_permissions: Any, view_menu: Any) -> None:
        """Nothing: FAB would give every new permission to an all-powerful role."""

    def add_permissions_menu(self, view_menu_name: str) -> None:
        """Nothing, likewise."""

    def load_user(self, pk: Any) -> UserAccount | None:
        """The person of a session that still holds, by one statement."""
        return person_of(str(pk))

    def load_user_jwt(self, _jwt_header: Any, jwt_data: Any) -> None:
        """Nobody: tokens outlive a changed password, so the console hands none out."""

    def validate_api_key(self, api_key_string: str) -> None:
        """Nobody, likewise."""

    def auth_user_db(self, username: str, password: str) -> UserAccount | None:
        """The one way to check a password, with its lock, also for FAB's own callers."""
        return authenticate(username or "", password or "", "")

    def pairs(self, user_id: int) -> frozenset[Pair]:
        """Everything a person may do; asked once in a request."""
        kept: dict[int, frozenset[Pair]] = g.setdefault("permission_pairs", {})
        if user_id not in kept:
            rows = self.session.execute(pairs_of(user_id))
            kept[user_id] = frozenset((verb, subject) for verb, subject in rows)
        return kept[user_id]

    def has_access(self, permission_name: str, view_name: str) -> bool:
        """Whether the person signed in may."""
        return bool(current_user and current_user.is_authenticated and (permission_name, view_name) in self.pairs(current_user.id))

    def _has_view_access(self, user: Any, permission_name: str, view_name: str) -> bool:
        return (permission_name, view_name) in self.pairs(user.id)

    def is_item_public(self, permission_name: str, view_name: str) -> bool:
        """Nothing is public."""
        return False

    def get_user_menu_access(self, menu_names: list[str] | None = None) -> set[str]:
        """Nothing: the menu is made by the web room."""
        return set()
