"""The day by which a record must be done (办理期限): which column says it, and in which states it still counts."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_

from app.core.base import Choice

SOON, LATE = "soon", "late"


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """A due day; once the record has left the ``open`` states nothing is due any more."""

    column: str
    open: tuple[Choice, ...]
    soon: int = 7
    """Days before the due day from which a record counts as due soon."""

    def condition(self, model: Any, state: str, which: str, day: date) -> ColumnElement[bool]:
        """The records that are late on a day, or due soon after it."""
        due, last = getattr(model, self.column), day + timedelta(days=self.soon)
        return and_(getattr(model, state).in_(self.open), due < day if which == LATE else due.between(day, last))

    def left(self, row: Any, state: str, day: date) -> int | None:
        """Days left on a day, negative when late; None where nothing is due."""
        due = getattr(row, self.column)
        return (due - day).days if due is not None and getattr(row, state) in self.open else None
