"""States and the steps between them, as data (办理流程)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from app.core.base import Choice


@dataclass(frozen=True, kw_only=True)
class Transition:
    """One step somebody may take: from some states to one state."""

    name: str
    label: Any
    source: tuple[Choice, ...]
    target: Choice
    verb: str = "write"
    """The permission verb that the person needs."""
    needs_note: bool = False
    """Whether words are asked (a return must say why)."""
    tone: str = "primary"
    stamps: str | None = None
    """A day column that this step fills with today."""
    requires: tuple[str, ...] = ()
    """Columns that must be filled before the step."""


class StepRefused(ValueError):
    """The step cannot be taken; the message says why, in the reader's language."""


@dataclass(frozen=True, kw_only=True)
class Workflow:
    """The course of a record: which states, in which order, and the steps between them."""

    column: str
    course: tuple[Choice, ...]
    """The states of the straight way, in order, for the step bar."""
    transitions: tuple[Transition, ...]
    locked: tuple[Choice, ...] = ()
    """States in which nobody changes the record or its parts any more; the database holds this."""

    def find(self, name: str) -> Transition | None:
        """The step of that name."""
        return next((step for step in self.transitions if step.name == name), None)

    def offered(self, row: Any) -> tuple[Transition, ...]:
        """The steps that the row's state allows."""
        state = getattr(row, self.column)
        return tuple(step for step in self.transitions if state in step.source)
