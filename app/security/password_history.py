"""Passwords of before (历史口令): how old the present one may become, and which may not come back."""
from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.core.base import now
from app.security import passwords
from app.security.models import FormerPassword, UserAccount


def is_too_old(user: UserAccount) -> bool:
    """Whether the rules ask for another password by now; one whose age is unknown is not."""
    days = passwords.profile().days
    return bool(days) and user.source == "local" and user.password_changed_at is not None and user.password_changed_at < now() - timedelta(days=days)


def was_used(session: Session, user: UserAccount, password: str) -> bool:
    """Whether the password is the present one or one of those kept from before."""
    most = passwords.profile().kept
    former = session.scalars(select(FormerPassword.hash).where(FormerPassword.user_id == user.id).order_by(
        FormerPassword.id.desc()).limit(max(most - 1, 0)))
    return any(passwords.is_right(each, password) for each in (user.password, *former))


def keep(session: Session, user: UserAccount) -> None:
    """Remember the present password as a former one, unless it was for one sign-in only."""
    if user.id is None or not user.password or user.one_time_expires_at is not None:
        return
    session.add(FormerPassword(user_id=user.id, hash=user.password, replaced_at=now()))
    session.flush()


def put(session: Session, user: UserAccount, password: str) -> None:
    """Give the person a password of their own; the former one is kept as long as the rules ask."""
    keep(session, user)
    kept = select(FormerPassword.id).where(FormerPassword.user_id == user.id).order_by(FormerPassword.id.desc()).limit(
        passwords.profile().kept)
    session.execute(delete(FormerPassword).where(FormerPassword.user_id == user.id, FormerPassword.id.not_in(kept)))
    user.password, user.password_changed_at = passwords.hashed(password), now()
    user.must_change, user.one_time_expires_at = False, None


def refresh_hash(user: UserAccount, password: str) -> bool:
    """Hash a right password anew when the cost of a hash was raised since; whether it was."""
    if user.password and user.password.startswith(f"{passwords.method()}$"):
        return False
    user.password = passwords.hashed(password)
    return True


def note_age(user: UserAccount) -> None:
    """At sign-in: whoever's password is too old chooses another before anything else."""
    if is_too_old(user):
        user.must_change = True
