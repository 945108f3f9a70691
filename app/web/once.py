"""A form is saved once (防重复提交): whoever presses twice, or repeats on a broken line, gets the first answer again."""
from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

from flask import request
from flask_login import current_user
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, UniqueConstraint, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now
from app.core.register import Register
from app.database import db

CONSTRAINT = "uq_form_key_once"


class FormKey(Base):
    """A form that has been saved, and the row that came of it. Only whoever sent it sees it."""

    __tablename__ = "form_key"
    __table_args__ = (UniqueConstraint("user_id", "key", name=CONSTRAINT), {"info": {"owner": "user_id", "kept": ("at", 2)}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64))
    register: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int | None] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"), index=True)


def new_key() -> str:
    """The key that a form carries from the moment it is opened."""
    return secrets.token_urlsafe(18)


def _sent() -> str | None:
    """The key together with what was typed: the same form, sent again after a change, is another save."""
    if not re.fullmatch(r"[\w-]{20,60}", request.form.get("form_key", "")):
        return None
    said = [request.path, *(f"{name}={value}" for name, value in request.form.items(multi=True) if name != "csrf_token")]
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


class Once:
    """The claim of one request on its form; it waits while another request with the same form is saving."""

    def __init__(self, register: Register) -> None:
        self.earlier: int | None = None
        self._id: int | None = None
        if (key := _sent()) is None:
            return
        new = insert(FormKey).values(user_id=current_user.id, key=key, register=register.name)
        self._id = db.session.scalar(new.on_conflict_do_nothing(constraint=CONSTRAINT).returning(FormKey.id))
        if self._id is None:
            mine = select(FormKey.row_id).where(FormKey.user_id == current_user.id, FormKey.key == key)
            self.earlier = db.session.scalar(mine)

    def saved(self, row_id: int) -> None:
        """Note the row in the transaction that saves it."""
        if self._id is not None:
            db.session.execute(update(FormKey).where(FormKey.id == self._id).values(row_id=row_id))
