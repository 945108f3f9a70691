"""The lock after wrong passwords (登录锁定): counted in the database, the same for names that exist and names that do not."""
from __future__ import annotations

import itertools
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from app.core.base import now
from app.security.models import SignInAttempt

TRIES = 5
WINDOW = timedelta(minutes=15)
TRIES_PER_ADDRESS = 100
"""A whole town can stand behind one address, so this is far above what honest mistakes make."""
KEPT = timedelta(days=180)
TOGETHER = timedelta(minutes=1)


def account_key(name: str) -> str:
    """The name under which tries are counted: no other spelling of it gives fresh tries."""
    return name.replace("\x00", "").strip().casefold()[:128]


def take_turn(session: Session, key: str) -> None:
    """Let tries at one account follow each other, so that many at once are still counted one by one."""
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))


def is_locked(session: Session, key: str, moment: datetime | None = None) -> bool:
    """Whether the last five tries failed within the window, and the lock that follows has not run out."""
    moment = moment or now()
    cleared = select(func.max(SignInAttempt.id)).where(
        SignInAttempt.name == key, SignInAttempt.outcome.in_(("ok", "cleared"))
    ).scalar_subquery()
    failed = session.scalars(
        select(SignInAttempt.at).where(
            SignInAttempt.name == key, SignInAttempt.outcome == "failed",
            SignInAttempt.id > func.coalesce(cleared, 0), SignInAttempt.at > moment - 2 * WINDOW,
        ).order_by(SignInAttempt.id.desc()).limit(TRIES)
    ).all()
    return len(failed) == TRIES and failed[0] - failed[-1] <= WINDOW and moment < failed[0] + WINDOW


def is_flooding(session: Session, address: str, moment: datetime | None = None) -> bool:
    """Whether one address has tried so many passwords that it is guessing, not mistyping."""
    since = (moment or now()) - WINDOW
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
