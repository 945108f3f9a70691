"""Assignments (后台任务): long work that one person asked for, done by the worker under that person's own scope and rights."""
from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, Text, select, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import columns as col
from app.core.base import Base, now
from app.core.progress import Tell
from app.database import db
from app.database.models import modules
from app.jobs.deferral import defer_assignment
from app.jobs.runs import Status

DAYS = 7
"""How long an assignment and what came of it are kept."""


class Assignment(Base):
    """One piece of work and how far it is. Whoever asked for it sees it, and nobody else."""

    __tablename__ = "assignment"
    __table_args__ = (col.choice_check("status", Status), {"info": {"owner": "user_id", "kept": ("at", DAYS)}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(20))
    register: Mapped[str] = mapped_column(String(60))
    title: Mapped[str] = mapped_column(String(200))
    given: Mapped[dict[str, Any]] = mapped_column(JSONB)
    """What the work needs to know."""
    language: Mapped[str] = mapped_column(String(5), default="zh", server_default="zh")
    status: Mapped[Status] = col.choice(_("Status"), Status, default=Status.queued)
    done: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    total: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    message: Mapped[str] = mapped_column(Text, default="", server_default="")
    came: Mapped[dict[str, Any]] = mapped_column(JSONB, default=dict, server_default=text("'{}'::jsonb"))
    """What came of it, for the page that shows it."""
    next_url: Mapped[str | None] = mapped_column(String(300))
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"), index=True)
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))

    @property
    def is_open(self) -> bool:
        """Whether it still waits or runs."""
        return self.status in (Status.queued, Status.running)


Deed = Callable[[Assignment, Tell], str]
"""The work itself: it fills in ``came`` and ``next_url``, never commits, and answers with a sentence. A ValueError's words are told."""


@cache
def deeds() -> dict[str, Deed]:
    """Every kind of assignment: the ``assignments`` dictionaries of the modules of every room."""
    found: dict[str, Deed] = {}
    for module in modules():
        own = getattr(module, "assignments", None)
        for kind, deed in own.items() if isinstance(own, dict) else ():
            if found.setdefault(kind, deed) is not deed:
                raise ValueError(f"Two assignments are named {kind!r}; rename the one in {module.__name__}.")
    return found


def send(user_id: int, kind: str, register: str, title: str, given: dict[str, Any]) -> Assignment:
    """Queue an assignment in the caller's transaction; one that does the same already is answered instead."""
    # Two presses at once meet here, so that the same file is never written twice.
    key = f"assignment {user_id} {kind} {json.dumps(given, sort_keys=True)}"
    db.session.execute(text("SELECT pg_advisory_xact_lock(hashtext(:key))"), {"key": key})
    same = select(Assignment).where(Assignment.user_id == user_id, Assignment.kind == kind, Assignment.given == given,
                                Assignment.status.in_((Status.queued, Status.running)))
    if (waiting := db.session.scalar(same)) is not None:
        return waiting
    assignment = Assignment(user_id=user_id, kind=kind, register=register, title=title[:200], given=given, language=str(get_locale() or "zh")[:2],
                    status=Status.queued)
    db.session.add(assignment)
    db.session.flush()
    defer_assignment(db.session, assignment.id, user_id)
    return assignment


def latest(session: Session, user_id: int, most: int) -> list[Assignment]:
    """The person's assignments, newest first."""
    return list(session.scalars(select(Assignment).where(Assignment.user_id == user_id).order_by(Assignment.id.desc()).limit(most)))
