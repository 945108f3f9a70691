"""People and their posts (账号与任职): who signs in, and for which divisions they work."""
from __future__ import annotations

from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now


class UserAccount(User):
    """FAB's user with what the console must know besides; both live in one table."""

    __tablename__ = "ab_user"

    must_change: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    password_changed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    one_time_expires_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    signed_in_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    epoch: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    """Goes up whenever every open session of this person must end."""

    @property
    def full_name(self) -> str:
        """The name as people say it; Chinese names are kept whole in one column."""
        return f"{self.last_name}{self.first_name}"

    def get_full_name(self) -> str:
        """The same, where FAB asks."""
        return self.full_name

    def get_id(self) -> str:
        """What the session cookie holds: a session of an older epoch names nobody."""
        return f"{self.id}.{self.epoch}"


class Post(Base):
    """A person's work for a division: with everything below it, or for the division alone."""

    __tablename__ = "post"
    __table_args__ = (
        CheckConstraint("reach IN ('below', 'alone')", name="reach_known"),
        UniqueConstraint("user_id", "division_code", name="uq_post_once"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    division_code: Mapped[str] = mapped_column(
        Text(collation="C"), ForeignKey("division.code", onupdate="CASCADE"), index=True
    )
    reach: Mapped[str] = mapped_column(String(5), default="below", server_default="below")


class SignInAttempt(Base):
    """One try to sign in; the lock counts these, so it holds for every process and every path."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        CheckConstraint("outcome IN ('ok', 'failed', 'refused', 'cleared')", name="outcome_known"),
        Index("ix_sign_in_attempt_name_at", "name", "at"),
        Index("ix_sign_in_attempt_address_at", "address", "at"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    name: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(64), default="")
    outcome: Mapped[str] = mapped_column(String(8))
