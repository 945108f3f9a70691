"""Accounts that nobody uses (闲置账号): closed every night, but never the last administrator of a kind."""
from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.core.base import now
from app.core.task import Task, Usual
from app.database import db
from app.security.duties import BUSINESS_DUTY, user_duties
from app.security.models import UserAccount
from app.security.sessions import sweep
from app.security.tokens import users_since
from app.security.trail import record


def last_use(user: UserAccount) -> datetime:
    """When the account was last used, opened or opened again."""
    local = [moment.astimezone(UTC) for moment in (user.created_on, user.changed_on) if moment]
    return max(filter(None, (user.signed_in_at, *local)), default=datetime.min.replace(tzinfo=UTC))


def unused(users: list[UserAccount], held: dict[int, set[str]], before: datetime) -> list[UserAccount]:
    """Which of the open accounts to close: for each special duty the one used last stays, however long ago that was."""
    latest = sorted(users, key=lambda user: (last_use(user), user.id))
    spared: dict[str, int] = {}
    for user in latest:
        spared |= dict.fromkeys(held.get(user.id, set()) - {BUSINESS_DUTY}, user.id)
    return [user for user in latest if last_use(user) < before and user.id not in spared.values()]


def close_unused() -> list[str]:
    """Close them, each with an entry in the trail; their user names."""
    days = current_app.config["UNUSED_DAYS"]
    if not days:
        return []
    users = list(db.session.scalars(select(UserAccount).where(UserAccount.active)))
    since = now() - timedelta(days=days)
    busy = users_since(since)
    found = [user for user in unused(users, user_duties(db.session), since) if user.id not in busy]
    for user in found:
        user.active, user.idle_closed_at = False, now()
        record("close_unused", user.id, f"{user.username}: unused for {days} days")
    db.session.flush()
    return [user.username for user in found]


def run(period: str) -> str | None:
    """The nightly work: close unused accounts, drop the rows of sessions that have ended."""
    closed, swept = close_unused(), sweep()
    if not closed and not swept:
        return None
    words: Any = gettext("Accounts closed because unused: %(names)s. Ended sessions removed: %(count)s.",
                         names="、".join(closed) or gettext("none"), count=swept)
    return str(words)


tasks = {"close_unused_accounts": Task("close_unused_accounts", _("Close unused accounts"), run, Usual("停用长期未用账号", "daily", 2, 30))}
