"""Import batches (导入批次): what an upload added and changed, so that it can be undone as a whole."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, UniqueConstraint, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now
from app.core.register import Register
from app.database import db


class ImportBatch(Base):
    """One upload that was written. Whoever wrote it sees it, and nobody else."""

    __tablename__ = "import_batch"
    __table_args__ = ({"info": {"owner": "user_id"}},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    register: Mapped[str] = mapped_column(String(60), index=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    file: Mapped[str] = mapped_column(String(200))
    sha256: Mapped[str] = mapped_column(String(64))
    added: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    changed: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    left_out: Mapped[int] = mapped_column(Integer, default=0, server_default="0", info={"label": _("Rows left out")})
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"))
    undone_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ImportChange(Base):
    """One row of a batch: as it was before (nothing for a new row), and the version that the import left."""

    __tablename__ = "import_change"
    __table_args__ = ({"info": {"owner": "user_id"}},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    batch_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("import_batch.id", ondelete="CASCADE"), index=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    row_id: Mapped[int] = mapped_column(BigInteger)
    version: Mapped[int] = mapped_column(Integer)
    before: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))


class ImportWords(Base):
    """The headers that a person's files use for a register's columns (列名对应), remembered for the next file."""

    __tablename__ = "import_words"
    __table_args__ = (UniqueConstraint("user_id", "register", name="uq_import_words_once"), {"info": {"owner": "user_id"}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    register: Mapped[str] = mapped_column(String(60))
    words: Mapped[dict[str, str]] = mapped_column(JSONB)


def known_words(register: Register, user_id: int) -> dict[str, str]:
    """Header to column, as the person chose before."""
    mine = select(ImportWords.words).where(ImportWords.user_id == user_id, ImportWords.register == register.name)
    return db.session.scalar(mine) or {}


def remember_words(register: Register, user_id: int, words: dict[str, str]) -> None:
    """Keep what was chosen, over what was chosen before."""
    new = insert(ImportWords).values(user_id=user_id, register=register.name, words=words)
    db.session.execute(new.on_conflict_do_update(constraint="uq_import_words_once", set_={"words": ImportWords.words.concat(new.excluded.words)}))


def latest(register: Register, user_id: int, most: int = 5) -> list[ImportBatch]:
    """The person's last batches of the register, newest first."""
    mine = select(ImportBatch).where(ImportBatch.register == register.name, ImportBatch.user_id == user_id)
    return list(db.session.scalars(mine.order_by(ImportBatch.id.desc()).limit(most)))


def same_file(register: Register, user_id: int, sha256: str) -> ImportBatch | None:
    """A batch of this very file that still stands."""
    return db.session.scalar(select(ImportBatch).where(
        ImportBatch.register == register.name, ImportBatch.user_id == user_id, ImportBatch.sha256 == sha256, ImportBatch.undone_at.is_(None)))


def images(register: Register, ids: list[int]) -> dict[int, dict[str, Any]]:
    """The rows as they stand now, as the database writes them (sealed values stay sealed)."""
    table = register.table
    rows = db.session.execute(select(table.c.id, func.to_jsonb(table.table_valued())).where(table.c.id.in_(ids)))
    return dict(rows.tuples().all())
