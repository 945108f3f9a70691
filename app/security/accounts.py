"""Accounts as they are made (开户): every one starts with a password for one sign-in, and none exists by default."""
from __future__ import annotations

import csv
import os
import re
from collections.abc import Iterable
from datetime import timedelta
from pathlib import Path

from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext as _
from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from app.areas.divisions.divisions import Division
from app.core.base import now
from app.security import lockout, password_history, passwords
from app.security.models import Post, UserAccount
from app.security.roles import (
    AUDITOR,
    COUNTY_OFFICER,
    LEADER,
    SECURITY_ADMIN,
    SUPERVISOR,
    SYSTEM_ADMIN,
    TOWN_CLERK,
    VILLAGE_CLERK,
)

ONE_TIME_LIFE = timedelta(hours=24)
DEMO_LIFE = timedelta(days=30)
FIRST_ADMIN = "admin"
COUNTY, TOWN, OTHER_TOWN = "371625", "371625101", "371625102"


class BadAccount(ValueError):
    """An account cannot be made so; the text says what to do."""


def checked_name(session: Session, username: str) -> str:
    """The user name in its one spelling, or BadAccount."""
    name = username.strip().lower()
    if not re.fullmatch(r"[a-z0-9][a-z0-9._-]{1,30}[a-z0-9]", name):
        raise BadAccount(_("A user name has 3 to 32 small letters, figures, points or hyphens, such as caowang-li."))
    if session.scalar(select(exists().where(UserAccount.username == name))):
        raise BadAccount(_("There is an account of this name already; choose another."))
    return name


def create(session: Session, username: str, full_name: str, roles: Iterable[str] = (), *, life: timedelta = ONE_TIME_LIFE) -> tuple[UserAccount, str]:
    """A new account and its one-time password; BadAccount when a name will not do."""
    name, said = checked_name(session, username), " ".join(full_name.split())
    if not 1 <= len(said) <= 64:
        raise BadAccount(_("Write the person's full name, at most 64 characters."))
    user = UserAccount(username=name, first_name=said, last_name="", email=f"{name}@invalid", active=True, epoch=0)
    user.roles = list(session.scalars(select(Role).where(Role.name.in_(list(roles)))))
    session.add(user)
    return user, give_one_time(session, user, life)


def create_system(session: Session, username: str, full_name: str) -> UserAccount:
    """An account that another system works under: nobody signs in with it, tokens are its only way in."""
    user, _password = create(session, username, full_name)
    user.source, user.must_change, user.one_time_expires_at = "system", False, None
    user.password = passwords.hashed(passwords.one_time())
    session.flush()
    return user


def give_one_time(session: Session, user: UserAccount, life: timedelta = ONE_TIME_LIFE) -> str:
    """A password for one sign-in; every open session ends and a lock is lifted."""
    password_history.keep(session, user)
    password = passwords.one_time()
    user.password, user.must_change = passwords.hashed(password), True
    user.one_time_expires_at, user.source = now() + life, "local"
    user.epoch = (user.epoch or 0) + 1
    lockout.note(session, lockout.account_key(user.username), "cleared")
    session.flush()
    return password


def give_post(session: Session, user: UserAccount, code: str, reach: str = "below") -> None:
    """Add a post, unless the division does not exist."""
    if session.scalar(select(exists().where(Division.code == code))):
        session.add(Post(user_id=user.id, division_code=code, reach=reach))
        session.flush()


def first_admin(session: Session) -> tuple[str, str] | None:
    """The first account of an empty console with its one-time password; None when there are people already."""
    if session.scalar(select(exists().select_from(UserAccount))):
        return None
    user, password = create(session, FIRST_ADMIN, SYSTEM_ADMIN, [SYSTEM_ADMIN])
    give_post(session, user, COUNTY)
    return user.username, password


DEMO: tuple[tuple[str, str, str, str, str], ...] = (
    ("demo-admin", "系统管理（演示）", SYSTEM_ADMIN, COUNTY, "below"),
    ("demo-security", "安全管理（演示）", SECURITY_ADMIN, COUNTY, "below"),
    ("demo-audit", "审计（演示）", AUDITOR, COUNTY, "below"),
    ("demo-county", "县级业务（演示）", COUNTY_OFFICER, COUNTY, "below"),
    ("demo-town", "曹王镇录入（演示）", TOWN_CLERK, TOWN, "below"),
    ("demo-village", "村录入（演示）", VILLAGE_CLERK, "", "alone"),
    ("demo-supervisor", "督查指导（演示）", SUPERVISOR, COUNTY, "below"),
    ("demo-leader", "县领导（演示）", LEADER, COUNTY, "below"),
    ("demo-town-leader", "镇领导（演示）", LEADER, TOWN, "below"),
)


def demo_users(session: Session, data_dir: Path | str) -> list[tuple[str, ...]]:
    """One person for each role, those that are missing: user name, name, role, division, one-time password.

    They are written to ``demo-users.csv`` in the data folder too, readable by its owner alone.
    """
    there = set(session.scalars(select(UserAccount.username)))
    village = session.scalar(select(Division.code).where(Division.parent_code == TOWN).order_by(Division.code).limit(1)) or TOWN
    made: list[tuple[str, ...]] = []
    for username, name, role, code, reach in DEMO:
        if username not in there:
            user, password = create(session, username, name, [role], life=DEMO_LIFE)
            give_post(session, user, code or village, reach)
            made.append((username, name, role, code or village, password))
    if made:
        _write(Path(data_dir) / "demo-users.csv", made)
    return made


def _write(path: Path, rows: list[tuple[str, ...]]) -> None:
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("username", "name", "role", "division", "one-time password"))
        writer.writerows(rows)
