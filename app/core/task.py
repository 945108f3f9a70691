"""Work that the clock can start (任务): any room declares its own in a dictionary named ``tasks``."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Usual:
    """The schedule that a new console starts with."""

    name: str
    """Data, in the county's language; admins may change it."""
    recurrence: str
    hour: int
    minute: int = 0


@dataclass(frozen=True)
class Task:
    """Work that takes time, done once for a period; it never commits, so that work and run log stand or fall together."""

    name: str
    label: Any
    run: Callable[[str], str | None]
    """Takes the period's text; answers with a sentence for the run log, or None if nothing was to do."""
    usual: Usual | None = None


@dataclass(frozen=True)
class Errand:
    """Small work that is done whenever there is some (杂务): the clock looks every few seconds and sends it to the queue.

    Any room declares its own in a dictionary named ``errands``. An errand commits by itself, piece by piece.
    """

    name: str
    is_due: Callable[[], bool]
    run: Callable[[], Any]


class TaskRefused(ValueError):
    """The task cannot be done; the message says to people why and what to do."""
