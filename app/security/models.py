"""People and their posts (账号与任职): who signs in, and for which divisions they work."""
from __future__ import annotations

import uuid
from datetime import datetime

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import BigInteger, Boolean, CheckConstraint, DateTime, ForeignKey, Index, Integer, String, Text, UniqueConstraint, Uuid, text
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
    """Goes up whenever every open session of this person must end; the database raises it too, see ``login_session``."""
    factor_due_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """From here on the person must have a second factor; empty for whoever needs none or has one."""
    source: Mapped[str] = mapped_column(String(8), default="local", server_default="local")
    """Who keeps the password: ``local``, the directory (``ldap``) or the sign-on service (``oidc``)."""
    idle_closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    """When the account was closed because nobody had used it; empty again once somebody opens it."""

    density: Mapped[str] = mapped_column(String(5), default="", server_default="")
    """How high the rows of lists are unless a list has a height of its own: ``dense``, ``airy`` or as usual."""
    page_size: Mapped[int] = mapped_column(Integer, default=20, server_default="20")
    shows_tabs: Mapped[bool] = mapped_column(Boolean, default=True, server_default="true")
    """Whether the pages opened lately stand as tabs under the top bar."""
    language: Mapped[str] = mapped_column(String(2), default="", server_default="")
    """The language from every sign-in on; empty: as chosen in the browser."""

    @property
    def full_name(self) -> str:
        """The name as people say it; Chinese names are kept whole in one column."""
        return f"{self.last_name}{self.first_name}"

    def get_full_name(self) -> str:
        """The same, where FAB asks."""
        return self.full_name


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


class RightsStamp(Base):
    """One row whose value changes with anybody's rights (权限戳): processes compare it with what they keep.

    It says nothing about anybody, so it needs no row rule; only the triggers of migration 0004 write it.
    """

    __tablename__ = "rights_stamp"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stamp: Mapped[uuid.UUID] = mapped_column(Uuid, server_default=text("gen_random_uuid()"))


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


class LoginSession(Base):
    """An open session (登录会话): the cookie holds a random number and nothing else, and this row holds everything.

    The row is looked up before anybody is known, by the digest of that number, so no row rule can stand on it; only
    ``app.security.sessions`` reads the table. A trigger on accounts, roles, groups and posts ends the rows of whoever is changed.
    """

    __tablename__ = "login_session"
    __table_args__ = (
        CheckConstraint("stage IN ('open', 'code')", name="stage_known"),
        CheckConstraint("method IN ('password', 'code', 'recovery', 'ldap', 'oidc')", name="method_known"),
        UniqueConstraint("token_digest", name="uq_login_session_token"),
        Index("ix_login_session_user_id", "user_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    token_digest: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    epoch: Mapped[int] = mapped_column(Integer)
    """The person's epoch when the password was checked; a later one makes the session void."""
    stage: Mapped[str] = mapped_column(String(4), default="open", server_default="open")
    """``code`` while only the password is proved: such a session opens nothing but the second step."""
    method: Mapped[str] = mapped_column(String(8), default="password", server_default="password")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    seen_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    proved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
    """When the person last showed a password or a code; what is dangerous asks for a fresh proof."""
    ends_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    idle_minutes: Mapped[int] = mapped_column(Integer)
    address: Mapped[str] = mapped_column(String(64), default="", server_default="")
    agent: Mapped[str] = mapped_column(String(60), default="", server_default="")


class SecondFactor(Base):
    """A person's second factor (双因素): the sealed secret, and the last step whose code was taken."""

    __tablename__ = "second_factor"

    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"), primary_key=True)
    secret: Mapped[str] = mapped_column(Text)
    confirmed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    last_step: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)


class RecoveryCode(Base):
    """One of ten codes for the day the phone is lost (恢复码); kept as a digest, good once."""

    __tablename__ = "recovery_code"
    __table_args__ = (Index("ix_recovery_code_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("second_factor.user_id", ondelete="CASCADE"))
    digest: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class FormerPassword(Base):
    """A password that was used before (历史口令), as a hash, so that it is not used again at once."""

    __tablename__ = "former_password"
    __table_args__ = (Index("ix_former_password_user_id", "user_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("ab_user.id", ondelete="CASCADE"))
    hash: Mapped[str] = mapped_column(String(256))
    replaced_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now)
