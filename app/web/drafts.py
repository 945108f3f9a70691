"""Drafts of forms (草稿): what somebody has typed and not saved yet, kept on the server for fourteen days."""
from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from flask import request
from flask_login import current_user
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, UniqueConstraint, delete, func, select, text
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import MultiDict

from app.core.base import Base, now
from app.core.register import Register
from app.database import db

CONSTRAINT, DAYS, LONGEST = "uq_form_draft_once", 14, 400_000
LONGEST_PLACE = 300


class FormDraft(Base):
    """One unsaved form. Only whoever typed it sees it, and personal data is never in it."""

    __tablename__ = "form_draft"
    __table_args__ = (
        UniqueConstraint("user_id", "register", "row_id", "given", name=CONSTRAINT),
        {"info": {"owner": "user_id", "kept": ("updated_at", DAYS)}},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    register: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int] = mapped_column(BigInteger)
    """The record; 0 for a new one."""
    given: Mapped[str] = mapped_column(String(LONGEST_PLACE), default="", server_default="")
    """What the address of a new record's form fills in, such as the parent."""
    values: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    updated_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"), index=True)


def given(register: Register) -> str:
    """What the address fills in."""
    return urlencode(sorted((name, value) for name, value in request.args.items() if name in register.writable))[:LONGEST_PLACE]


def _here(register: Register, row_id: int) -> tuple[Any, ...]:
    return (FormDraft.user_id == current_user.id, FormDraft.register == register.name, FormDraft.row_id == row_id,
            FormDraft.given == given(register))


def found(register: Register, row_id: int) -> FormDraft | None:
    """One's own draft of this form."""
    return db.session.scalar(select(FormDraft).where(*_here(register, row_id), FormDraft.updated_at > func.now() - text(f"interval '{DAYS} days'")))


def drop(register: Register, row_id: int) -> None:
    """Forget it; saving does this in its own transaction."""
    db.session.execute(delete(FormDraft).where(*_here(register, row_id)))


def _kept(register: Register, name: str) -> bool:
    # A grid of child rows is one field; it has no columns of personal data.
    also = ("row_version", "opened", *(f"part-{part.register}" for part in register.parts))
    return name in also or (name in register.writable and name not in register.sealed)


def keep(register: Register, row_id: int) -> datetime | None:
    """Keep what the browser sent, without personal data; None when it is more than a form can hold."""
    values = {name: words for name, words in request.form.lists() if _kept(register, name)}
    values["opened"] = [json.dumps({n: v for n, v in _loaded(values).items() if n not in register.sealed}, ensure_ascii=False)]
    if sum(len(word) for words in values.values() for word in words) > LONGEST or "\x00" in str(values):
        return None
    new = insert(FormDraft).values(user_id=current_user.id, register=register.name, row_id=row_id, given=given(register), values=values)
    kept = new.on_conflict_do_update(constraint=CONSTRAINT, set_={"values": new.excluded["values"], "updated_at": func.now()})
    return db.session.scalar(kept.returning(FormDraft.updated_at))


def _loaded(values: dict[str, list[str]]) -> dict[str, Any]:
    try:
        said = json.loads(values.get("opened", [""])[0] or "{}")
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}


def typed(draft: FormDraft, snapshot: str) -> MultiDict[str, str]:
    """The draft as a browser would send it; of personal data stands what the record holds now."""
    values = MultiDict(draft.values)
    values["opened"] = json.dumps(json.loads(snapshot or "{}") | _loaded(draft.values), ensure_ascii=False)
    return values
