"""The lock after wrong passwords (登录锁定): counted in the database, the same for names that exist and names that do not."""
from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from flask import current_app
from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session, aliased

from app.core.base import now
from app.security.models import SignInAttempt

TRIES_PER_ADDRESS = 100
"""A whole town can stand behind one address, so this is far above what honest mistakes make."""
KEPT = timedelta(days=180)
TOGETHER = timedelta(minutes=1)


def tries_allowed() -> int:
    """How many tries may fail before an account is locked."""
    return int(current_app.config["LOCK_TRIES"])


def window() -> timedelta:
    """How long a lock lasts; failed tries count together for as long."""
    return timedelta(minutes=current_app.config["LOCK_MINUTES"])


def words() -> dict[str, int]:
    """The two limits, for texts that tell people of them."""
    return {"tries": tries_allowed(), "minutes": window() // timedelta(minutes=1)}


def account_key(name: str) -> str:
    """The name under which tries are counted: no other spelling of it gives fresh tries."""
    return name.replace("\x00", "").strip().casefold()[:128]


def take_turn(session: Session, key: str) -> None:
    """Let tries at one account follow each other, so that many at once are still counted one by one."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def is_locked(session: Session, key: str, moment: datetime | None = None) -> bool:
    """Whether the last allowed tries failed within the window, and the lock that follows has not run out."""
    moment, most, span = moment or now(), tries_allowed(), window()
    cleared = select(func.max(SignInAttempt.id)).where(
        SignInAttempt.name == key, SignInAttempt.outcome.in_(("ok", "cleared"))
    ).scalar_subquery()
    failed = session.scalars(
        select(SignInAttempt.at).where(
            SignInAttempt.name == key, SignInAttempt.outcome == "failed",
            SignInAttempt.id > func.coalesce(cleared, 0), SignInAttempt.at > moment - 2 * span,
        ).order_by(SignInAttempt.id.desc()).limit(most)
    ).all()
    return len(failed) == most and failed[0] - failed[-1] <= span and moment < failed[0] + span


def locked_names(moment: datetime | None = None) -> Select[tuple[str]]:
    """The names that are locked now, as a query: the same rule as ``is_locked``, for lists of accounts."""
    moment, most, span = moment or now(), tries_allowed(), window()
    cleared = aliased(SignInAttempt)
    last = select(func.coalesce(func.max(cleared.id), 0)).where(
        cleared.name == SignInAttempt.name, cleared.outcome.in_(("ok", "cleared"))).scalar_subquery()
    place = func.row_number().over(partition_by=SignInAttempt.name, order_by=SignInAttempt.id.desc()).label("place")
    failed = select(SignInAttempt.name, SignInAttempt.at, place).where(
        SignInAttempt.outcome == "failed", SignInAttempt.at > moment - 2 * span, SignInAttempt.id > last).subquery()
    latest = func.max(failed.c.at)
    return select(failed.c.name).where(failed.c.place <= most).group_by(failed.c.name).having(
        func.count() == most, latest - func.min(failed.c.at) <= span, latest > moment - span)


def is_flooding(session: Session, address: str, moment: datetime | None = None) -> bool:
    """Whether one address has tried so many passwords that it is guessing, not mistyping."""
    since = (moment or now()) - window()
    tries = select(func.count()).select_from(SignInAttempt).where(
        SignInAttempt.address == address, SignInAttempt.outcome == "failed", SignInAttempt.at > since
    )
    return bool(address) and (session.scalar(tries) or 0) >= TRIES_PER_ADDRESS


def note(session: Session, key: str, outcome: str, address: str = "") -> None:
    """Write a try down, and let very old ones go."""
    session.add(SignInAttempt(name=key, outcome=outcome, address=address[:64], at=now()))
    if outcome == "ok":
        session.execute(delete(SignInAttempt).where(SignInAttempt.name == key, SignInAttempt.at < now() - KEPT))


def latest(session: Session, key: str, most: int = 40) -> list[SignInAttempt]:
    """The last tries to sign in under a name, newest first."""
    query = select(SignInAttempt).where(SignInAttempt.name == key, SignInAttempt.outcome != "cleared")
    return list(session.scalars(query.order_by(SignInAttempt.id.desc()).limit(most)))


def is_shared(tries: list[SignInAttempt]) -> bool:
    """Whether two addresses entered within a minute under one name, as when people share an account."""
    entered = sorted((each for each in tries if each.outcome == "ok"), key=lambda each: each.at)
    return any(a.address != b.address and b.at - a.at <= TOGETHER for a, b in itertools.pairwise(entered))
