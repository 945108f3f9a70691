"""Every table of the console, imported so that migrations and mappers see them all."""
from __future__ import annotations

import importlib
import pkgutil
from types import ModuleType

ROOMS = ("app.areas", "app.security", "app.audit", "app.jobs", "app.web")


def modules(*rooms: str) -> list[ModuleType]:
    """Every module of the rooms, in the order of their names."""
    found: list[ModuleType] = []
    for room in rooms or ROOMS:
        package = importlib.import_module(room)
        names = [room, *(each.name for each in pkgutil.walk_packages(package.__path__, room + "."))]
        found += [importlib.import_module(name) for name in sorted(names)]
    return found
