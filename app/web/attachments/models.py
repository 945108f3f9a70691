"""The table of attachments (附件): what a record's files are called; the files themselves lie in a folder."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, CheckConstraint, DateTime, Index, Integer, String, Text, func, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, Choice, now
from app.core.register import Register
from app.database import db
from app.security.models import UserAccount


class Side(Choice):
    """What a file shows of a matter that was put right."""

    before = "before", _("Before putting right"), "amber"
    after = "after", _("After putting right"), "green"
    other = "other", _("Other"), "grey"


class Attachment(Base):
    """One file of one record. The row stands in the division of its record, and the database keeps it there."""

    __tablename__ = "attachment"
    __table_args__ = (
        CheckConstraint("kind IN ('before', 'after', 'other')", name="kind"),
        Index("ix_attachment_register_row_id", "register", "row_id"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    register: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int] = mapped_column(BigInteger)
    division_code: Mapped[str] = mapped_column(Text(collation="C"), index=True)
    kind: Mapped[str] = mapped_column(String(10), default="other", server_default="other")
    name: Mapped[str] = mapped_column(String(160))
    type: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64), index=True)
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"))
    created_by: Mapped[int | None] = mapped_column(Integer)


def of_record(register: Register, row: Any) -> list[tuple[Attachment, str]]:
    """The files of a record with the names of those who added them, oldest first."""
    name = func.coalesce(func.nullif(func.concat(UserAccount.last_name, UserAccount.first_name), ""), UserAccount.username)
    person = select(name).where(UserAccount.id == Attachment.created_by)
    query = select(Attachment, func.coalesce(person.scalar_subquery(), "")).where(
        Attachment.register == register.name, Attachment.row_id == row.id).order_by(Attachment.id)
    return list(db.session.execute(query).tuples())


def count_of(register: Register, row: Any) -> int:
    """How many files a record has."""
    return db.session.scalar(select(func.count()).select_from(Attachment).where(
        Attachment.register == register.name, Attachment.row_id == row.id)) or 0
