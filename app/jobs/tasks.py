"""What a schedule can start (任务): each area names its own tasks, and they are found here."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.database.models import modules


@dataclass(frozen=True)
class Task:
    """Work that takes time, done once for a period; it never commits, so that work and run log stand or fall together."""

    name: str
    label: Any
    run: Callable[[str], str | None]
    """Takes the period's text; answers with a sentence for the run log, or None if nothing was to do."""


class TaskRefused(ValueError):
    """The task cannot be done; the message says to people why and what to do."""


@cache
def tasks() -> dict[str, Task]:
    """Every task by its name: the ``tasks`` dictionaries of the modules under app.areas."""
    found: dict[str, Task] = {}
    for module in modules("app.areas"):
        own = getattr(module, "tasks", None)
        for task in own.values() if isinstance(own, dict) else ():
            if found.setdefault(task.name, task) is not task:
                raise ValueError(f"Two tasks are named {task.name!r}; rename the one in {module.__name__}.")
    return found
