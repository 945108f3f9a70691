"""What a schedule can start (任务): each room names its own tasks, and they are found here."""
from __future__ import annotations

from functools import cache

from app.core.task import Errand, Task
from app.database.models import modules


@cache
def tasks() -> dict[str, Task]:
    """Every task by its name: the ``tasks`` dictionaries of the modules of every room."""
    found: dict[str, Task] = {}
    for module in modules():
        own = getattr(module, "tasks", None)
        for task in own.values() if isinstance(own, dict) else ():
            if found.setdefault(task.name, task) is not task:
                raise ValueError(f"Two tasks are named {task.name!r}; rename the one in {module.__name__}.")
    return found


@cache
def errands() -> dict[str, Errand]:
    """Every errand by its name: the ``errands`` dictionaries of the modules of every room."""
    found: dict[str, Errand] = {}
    for module in modules():
        own = getattr(module, "errands", None)
        found |= {errand.name: errand for errand in own.values()} if isinstance(own, dict) else {}
    return found
