"""Access tokens (访问令牌): a program's way in, with no more than its owner may at the moment it is used.

A token is shown once and kept as a digest. It opens the interface alone, never a page; what it may do is its own choice of registers, verbs
and division, cut down at every request to the rights and posts that its owner holds then.
"""
from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g, has_request_context, request
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint, case, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now
from app.database import db
from app.database.scope import Range
from app.security.models import UserAccount
from app.security.rights import present_stamp
from app.security.sessions import digest

MARK, MOST_DAYS, MOST_TOKENS = "pat_", 366, 20
VERBS = ("read", "write", "delete")
LONGEST = 200


class ApiToken(Base):
    """A token of one account. It is looked up before anybody is known, so no row rule stands on it; this module alone finds people by it.

    A trigger on accounts ends the tokens of whoever is closed, and opening the account again does not bring them back.
    """

    __tablename__ = "api_token"
    __table_args__ = (UniqueConstraint("digest", name="uq_api_token_digest"), {"info": {"unsaid": "digest"}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    prefix: Mapped[str] = mapped_column(String(16))
    """The beginning, by which people recognise it in lists and logs."""
    digest: Mapped[str] = mapped_column(String(64))
    registers: Mapped[list[str]] = mapped_column(JSONB)
    """The registers it is for; empty for all."""
    verbs: Mapped[list[str]] = mapped_column(JSONB)
    within: Mapped[str | None] = mapped_column(Text(collation="C"))
    """The division it is for, with everything below; empty for all of its owner's."""
    created_by: Mapped[int | None] = mapped_column(Integer)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revoked_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    used_from: Mapped[str] = mapped_column(String(64), default="", server_default="")
    minute: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    hits: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Requests within that minute, counted for all processes together."""

    def works(self, moment: datetime) -> bool:
        """Whether it still opens anything."""
        return self.revoked_at is None and moment < self.expires_at


@dataclass(frozen=True)
class Bearer:
    """The token of the running request."""

    id: int
    name: str
    registers: frozenset[str]
    verbs: frozenset[str]
    within: str | None
    hits: int

    def allows(self, permission: str, subject: str) -> bool:
        """Whether the token itself is meant for that, whatever its owner may."""
        return permission.removeprefix("can_") in self.verbs and (not self.registers or subject in self.registers)

    def cut(self, ranges: tuple[Range, ...]) -> tuple[Range, ...]:
        """What is left of its owner's divisions."""
        if self.within is None:
            return ranges
        own = Range.below(self.within)
        cut = (Range(max(each.low, own.low), min(each.high, own.high)) for each in ranges)
        return tuple(each for each in cut if each.low < each.high)

    def is_over(self) -> bool:
        """Whether it has sent more than it may in this minute."""
        return self.hits > int(current_app.config["API_PER_MINUTE"])


def sent() -> str | None:
    """The token of a request to the interface; None where there is none. A request that brings one is judged by it alone."""
    if not has_request_context() or not request.path.startswith("/api/"):
        return None
    scheme, _blank, said = request.headers.get("Authorization", "").partition(" ")
    return said.strip() if scheme.lower() == "bearer" else None


def bearer() -> Bearer | None:
    """The token by which this request came in."""
    kept: Bearer | None = g.get("bearer")
    return kept


def person_of(_request: Any = None) -> UserAccount | None:
    """The owner of the token that was sent, if it still holds and the account is open."""
    said = sent()
    if said is None or not said.startswith(MARK) or len(said) > LONGEST:
        return None
    found = _used(digest(said))
    if found is None:
        return None
    user_id, g.bearer = found
    person, stamp = db.session.execute(select(UserAccount, present_stamp()).where(UserAccount.id == user_id),
                                       execution_options={"populate_existing": True}).one()
    g.rights_stamp = stamp
    if not person.active:
        g.pop("bearer")
        return None
    return person


def _used(token_digest: str) -> tuple[int, Bearer] | None:
    """Find the token and count its use by one statement, on a connection of its own: a page that only reads never commits."""
    table, minute = ApiToken.__table__.c, func.date_trunc("minute", func.now())
    query = update(ApiToken).where(table.digest == token_digest, table.revoked_at.is_(None), table.expires_at > func.now()).values(
        used_at=func.now(), used_from=(request.remote_addr or "")[:64], minute=minute,
        hits=case((table.minute == minute, table.hits + 1), else_=1))
    with db.engine.begin() as connection:
        row = connection.execute(query.returning(table.user_id, table.id, table.name, table.registers, table.verbs, table.within, table.hits)).first()
    if row is None:
        return None
    return row.user_id, Bearer(row.id, row.name, frozenset(row.registers), frozenset(row.verbs), row.within, row.hits)


def make(owner: UserAccount, name: str, registers: list[str], verbs: list[str], within: str | None, days: int,
         by: int | None) -> tuple[ApiToken, str]:
    """A new token and its text, which is never known again; the caller commits."""
    said = MARK + secrets.token_urlsafe(36)
    made = ApiToken(user_id=owner.id, name=name, prefix=said[:12], digest=digest(said), registers=registers, verbs=verbs, within=within,
                    created_by=by, expires_at=now() + timedelta(days=min(days, MOST_DAYS)))
    db.session.add(made)
    db.session.flush()
    return made, said


def of_person(user_id: int) -> list[ApiToken]:
    """The tokens of an account, those that work first."""
    found = db.session.scalars(select(ApiToken).where(ApiToken.user_id == user_id).order_by(ApiToken.id.desc()))
    moment = now()
    return sorted(found, key=lambda each: not each.works(moment))


def working(user_id: int) -> int:
    """How many of them work."""
    query = select(func.count()).select_from(ApiToken).where(
        ApiToken.user_id == user_id, ApiToken.revoked_at.is_(None), ApiToken.expires_at > func.now())
    return db.session.scalar(query) or 0


def revoke(user_id: int, number: int) -> ApiToken | None:
    """End one of an account's tokens; None when there is none such that still works."""
    found = db.session.scalar(select(ApiToken).where(ApiToken.user_id == user_id, ApiToken.id == number, ApiToken.revoked_at.is_(None)))
    if found is not None:
        found.revoked_at = now()
        db.session.flush()
    return found


def users_since(moment: datetime) -> set[int]:
    """The accounts whose tokens were used since then."""
    return set(db.session.scalars(select(ApiToken.user_id).where(ApiToken.used_at >= moment).distinct()))
