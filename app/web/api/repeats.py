"""Sent twice, done once (幂等键): the answer to a request with an Idempotency-Key is kept for a day and given again."""
from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from flask import Response, make_response, request
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, Text, UniqueConstraint, delete, func, select, text, update
from sqlalchemy.dialects.postgresql import JSONB, insert
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now
from app.database import db
from app.web.api.problems import Refused

CONSTRAINT, DAYS, HEADER = "uq_api_answer_once", 1, "Idempotency-Key"
TOLD_AGAIN = ("ETag", "Location", "Content-Type")


class ApiAnswer(Base):
    """What was answered to a request that carried a key. Only whoever sent it sees it; personal data stands in it as masks."""

    __tablename__ = "api_answer"
    __table_args__ = (UniqueConstraint("user_id", "key", name=CONSTRAINT), {"info": {"owner": "user_id", "kept": ("at", DAYS)}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64))
    """Of the whole request: the same key with another body is a mistake of the program."""
    status: Mapped[int | None] = mapped_column(Integer)
    headers: Mapped[dict[str, str] | None] = mapped_column(JSONB)
    body: Mapped[str | None] = mapped_column(Text)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"), index=True)


def _key() -> str | None:
    said = request.headers.get(HEADER)
    if said is not None and not re.fullmatch(r"[\x21-\x7e]{1,200}", said):
        raise Refused(400, "bad_idempotency_key", _("An Idempotency-Key has 1 to 200 printable ASCII characters."))
    return said


def _digest() -> str:
    said = [request.method.encode(), request.full_path.encode(), request.headers.get("If-Match", "").encode(), request.get_data()]
    return hashlib.sha256(b"\0".join(said)).hexdigest()


def _claim(key: str) -> tuple[int | None, Response | None]:
    """The number of a fresh claim, or the earlier answer; it waits while the same request is still being worked on."""
    mine = (ApiAnswer.user_id == current_user.id, ApiAnswer.key == key)
    db.session.execute(delete(ApiAnswer).where(*mine, ApiAnswer.at < func.now() - text(f"interval '{DAYS} days'")))
    new = insert(ApiAnswer).values(user_id=current_user.id, key=key, digest=_digest())
    claim = db.session.scalar(new.on_conflict_do_nothing(constraint=CONSTRAINT).returning(ApiAnswer.id))
    return (claim, None) if claim is not None else (None, _again(db.session.scalars(select(ApiAnswer).where(*mine)).one()))


def _again(kept: ApiAnswer) -> Response:
    if kept.digest != _digest():
        raise Refused(422, "idempotency_key_reused", _("This Idempotency-Key was used for another request; choose a new one."))
    answer = Response(kept.body, kept.status, kept.headers or {})
    answer.headers["Idempotency-Replayed"] = "true"
    return answer


def written(method: Callable[..., Any]) -> Callable[..., Any]:
    """Save what the method changed together with its answer, or neither; a refusal is kept for nobody."""
    @wraps(method)
    def wrapped(self: Any, *args: Any, **options: Any) -> Any:
        key = _key()
        claim, earlier = _claim(key) if key is not None else (None, None)
        if earlier is not None:
            db.session.commit()
            return earlier
        answer = make_response(method(self, *args, **options))
        if claim is not None:
            told = {name: answer.headers[name] for name in TOLD_AGAIN if name in answer.headers}
            db.session.execute(update(ApiAnswer).where(ApiAnswer.id == claim).values(
                status=answer.status_code, headers=told, body=answer.get_data(as_text=True)))
        db.session.commit()
        return answer

    return wrapped
