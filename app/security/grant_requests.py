"""Requests for grants that a second person must agree to (授权复核): what waits, for how long, and who may decide."""
from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, Integer, String, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.base import Base, now
from app.database.scope import current_scope
from app.security.models import UserAccount
from app.security.trail import record
from app.security.user_form import Grants

LIFE = timedelta(days=7)


class GrantRequest(Base):
    """Roles and posts that somebody asked for on an account's behalf, until another person agrees."""

    __tablename__ = "grant_request"
    __table_args__ = (
        CheckConstraint("state IN ('waiting', 'approved', 'refused', 'withdrawn')", name="state_known"),
        CheckConstraint("state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> user_id AND decided_by IS DISTINCT FROM requested_by)",
                        name="two_people"),
        Index("ix_grant_request_waiting", "expires_at", postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    roles: Mapped[list[int]] = mapped_column(JSONB)
    posts: Mapped[dict[str, str]] = mapped_column(JSONB)
    state: Mapped[str] = mapped_column(String(9), default="waiting", server_default="waiting")
    requested_by: Mapped[int | None] = mapped_column(Integer)
    """Empty when a command on the server asked."""
    requested_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_by: Mapped[int | None] = mapped_column(Integer)
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def grants(self) -> Grants:
        """What is asked for, as on the account form."""
        return Grants(set(self.roles), dict(self.posts))

    @property
    def waits(self) -> bool:
        """Whether it can still be agreed to."""
        return self.state == "waiting" and self.expires_at > now()


def risky(session: Session, user: UserAccount, wanted: Grants) -> Grants:
    """What of the wanted grants the account does not hold yet and gets only by a second person; the database says which."""
    had = Grants.of(session, user)
    roles = {role for role in wanted.roles - had.roles if session.scalar(select(func.pingan_risky_role(role)))}
    posts = {code: reach for code, reach in wanted.posts.items()
             if had.posts.get(code) != reach and session.scalar(select(func.pingan_risky_post(code, reach)))}
    return Grants(roles, posts)


def ask(session: Session, user: UserAccount, part: Grants) -> GrantRequest:
    """Write the request down; an older one for the same account gives way to it."""
    me = current_scope().user_id
    session.execute(update(GrantRequest).where(GrantRequest.user_id == user.id, GrantRequest.state == "waiting").values(
        state="withdrawn", decided_by=me, decided_at=func.now()), execution_options={"synchronize_session": False})
    asked = GrantRequest(user_id=user.id, roles=sorted(part.roles), posts=part.posts, requested_by=me, expires_at=now() + LIFE)
    session.add(asked)
    session.flush()
    record("grant_request", user.id, f"asked; {part.words(session)}")
    return asked


def may_agree(session: Session, asked: GrantRequest, me: int) -> bool:
    """Whether this person may decide; the database has the rule."""
    return bool(session.scalar(select(func.pingan_may_agree(me, asked.requested_by, asked.user_id))))


def decide(session: Session, asked: GrantRequest, state: str, me: int) -> None:
    """Approve, refuse or withdraw; what is approved is on the account when this returns."""
    # The database's own time of the transaction: the triggers let the grant pass in this transaction alone.
    session.execute(update(GrantRequest).where(GrantRequest.id == asked.id).values(state=state, decided_by=me, decided_at=func.now()))
    session.refresh(asked)
    if state == "approved":
        user = session.get_one(UserAccount, asked.user_id)
        held = Grants.of(session, user)
        Grants(held.roles | set(asked.roles), {**held.posts, **asked.posts}).put_on(session, user)
        record("grant", user.id, Grants.of(session, user).words(session))
    record("grant_request", asked.user_id, f"{state}; {asked.grants.words(session)}")


def waiting(*more: Any) -> Any:
    """The requests that can still be decided, the oldest first, as a query."""
    return select(GrantRequest).where(GrantRequest.state == "waiting", GrantRequest.expires_at > now(), *more).order_by(GrantRequest.id)


def to_decide(session: Session, me: int) -> list[GrantRequest]:
    """What waits for this person."""
    return list(session.scalars(waiting(func.pingan_may_agree(me, GrantRequest.requested_by, GrantRequest.user_id))))
