"""Closing and opening accounts (停用启用): one rule for one account and for many, whoever asks."""
from __future__ import annotations

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_login import current_user

from app.database import db
from app.security.duties import BUSINESS_DUTY, user_duties
from app.security.models import UserAccount
from app.security.trail import record


class BadSwitch(ValueError):
    """Accounts cannot be closed so; the text says why."""


def _checked(users: list[UserAccount]) -> None:
    """BadSwitch when closing these would close one's own account, or the last administrator of a kind."""
    closing = {user.id for user in users}
    if current_user.id in closing:
        raise BadSwitch(_("You cannot close your own account."))
    held = user_duties(db.session)
    special = set().union(*(held.get(number, set()) for number in closing)) - {BUSINESS_DUTY}
    if not special:
        return
    open_ = {user.id for user in db.session.query(UserAccount).filter(UserAccount.active, UserAccount.id.in_(held))}
    left = set().union(*(held[number] for number in open_ - closing))
    if special - left:
        raise BadSwitch(_("The last administrator of a kind cannot be closed; have another one named first."))


def switch(users: Iterable[UserAccount], active: bool) -> int:
    """Open or close the accounts, all or none; their sessions end. Answers how many were changed."""
    changed = [user for user in users if bool(user.active) != active]
    if not active:
        _checked(changed)
    for user in changed:
        user.active, user.epoch = active, (user.epoch or 0) + 1
        record("account", user.id, f"{user.username}; active: {active}")
    db.session.flush()
    return len(changed)
