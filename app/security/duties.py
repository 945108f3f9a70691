"""Separation of duties (三员分立): whoever administers, grants or audits does nothing else."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Group,
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_group_role,
    assoc_permissionview_role,
    assoc_user_group,
    assoc_user_role,
)
from flask_babel import gettext as _
from sqlalchemy import event, inspect, select, union
from sqlalchemy.orm import Session

from app.core.register import registers
from app.security.models import UserAccount
from app.security.roles import GROUND

SYSTEM_DUTY, SECURITY_DUTY, AUDIT_DUTY, BUSINESS_DUTY = "system", "security", "audit", "business"


class MixedDuties(ValueError):
    """Somebody would hold two duties that must stay apart; the text says who and what to do."""


def duty_of(permission: str, subject: str) -> str | None:
    """The duty that a right belongs to; looking at users or runs and the tree of divisions belong to none."""
    if subject == "roles":
        return SECURITY_DUTY
    if subject == "audit":
        return AUDIT_DUTY
    if subject in ("users", "schedules", "runs", "webhooks"):
        return SYSTEM_DUTY if permission == "can_write" else None
    ground = {r.name for r in registers() if r.area == GROUND}
    business = {r.name for r in registers()} - ground | {"briefings"}
    return BUSINESS_DUTY if subject in business else None


def duties_of(pairs: Iterable[tuple[str, str]]) -> set[str]:
    """The duties in a set of rights."""
    return {duty for pair in pairs if (duty := duty_of(*pair))}


def role_duties(connection: Any) -> dict[int, set[str]]:
    """The duties of every role, by its id."""
    pair, verb, subject, held = PermissionView.__table__, Permission.__table__, ViewMenu.__table__, assoc_permissionview_role
    rows = connection.execute(select(held.c.role_id, verb.c.name, subject.c.name).select_from(
        held.join(pair, pair.c.id == held.c.permission_view_id)
        .join(verb, verb.c.id == pair.c.permission_id).join(subject, subject.c.id == pair.c.view_menu_id)))
    made: dict[int, set[str]] = {}
    for role, permission, name in rows:
        if duty := duty_of(permission, name):
            made.setdefault(role, set()).add(duty)
    return made


def user_duties(connection: Any) -> dict[int, set[str]]:
    """The duties of every person, by their roles and their groups' roles."""
    own = select(assoc_user_role.c.user_id, assoc_user_role.c.role_id)
    group = select(assoc_user_group.c.user_id, assoc_group_role.c.role_id).join(
        assoc_group_role, assoc_group_role.c.group_id == assoc_user_group.c.group_id)
    duties, made = role_duties(connection), {}
    for user, role in connection.execute(union(own, group)):
        made.setdefault(user, set()).update(duties.get(role, ()))
    return made


def refuse_mixed(connection: Any) -> None:
    """Raise MixedDuties if anybody holds two duties now."""
    mixed = [user for user, duties in user_duties(connection).items() if len(duties) > 1]
    if mixed:
        table = UserAccount.__table__
        names = connection.execute(select(table.c.username).where(table.c.id.in_(mixed)).order_by(table.c.username)).scalars()
        raise MixedDuties(_(
            "System administration, security administration, auditing and daily work must lie with different people: "
            "%(names)s. Take one of the roles away.", names=", ".join(names)))


GRANTING = {UserAccount: ("roles", "groups"), Role: ("permissions", "user", "groups"), Group: ("roles", "users")}


def _regranted(row: Any) -> bool:
    names = GRANTING.get(type(row), ())
    return any(inspect(row).attrs[name].history.has_changes() for name in names)


@event.listens_for(Session, "after_flush")
def _after_flush(session: Session, context: Any) -> None:
    """Hold the rule for every path that saves an account, a role or a group: pages, commands, imports."""
    if any(_regranted(row) for row in (*session.new, *session.dirty)):
        refuse_mixed(session.connection())
