"""The audit table: writes come by trigger, reads and exports by ``record``."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Index, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now
from app.database import db
from app.database.scope import current_scope


class AuditEntry(Base):
    """One thing that happened to one row; the application can add entries and never change them."""

    __tablename__ = "audit_entry"
    __table_args__ = (Index("ix_audit_entry_table_name_row_id", "table_name", "row_id"),)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, index=True)
    user_id: Mapped[int | None] = mapped_column(Integer, index=True)
    actor: Mapped[str] = mapped_column(String(120), default="")
    action: Mapped[str] = mapped_column(String(40))
    table_name: Mapped[str] = mapped_column(String(63))
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    division_code: Mapped[str | None] = mapped_column(Text(collation="C"), index=True)
    changes: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'::jsonb"))
    note: Mapped[str] = mapped_column(Text, default="", server_default="")


def record(action: str, table: str, row_id: int | None, division_code: str | None, detail: str = "") -> None:
    """Write down a reading, an export or a download, in the transaction that does it.

    The entry is flushed at once: if it cannot be written, the deed fails with it.
    """
    scope = current_scope()
    entry = {"at": now(), "action": action, "table_name": table, "row_id": row_id, "division_code": division_code,
             "user_id": scope.user_id, "actor": scope.actor or "system", "note": detail, "changes": {}}
    db.session.execute(AuditEntry.__table__.insert().inline(), [entry])
