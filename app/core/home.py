"""What an area puts on the first page (工作台): figures, things to do, and parts of its own."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Card:
    """One figure with the way to the rows behind it."""

    label: Any
    value: str
    unit: Any = ""
    note: Any = ""
    url: str
    tone: str = "blue"
    icon: str = "file-text"


@dataclass(frozen=True, kw_only=True)
class Due:
    """One thing to do, with its days: negative when overdue."""

    title: str
    url: str
    where: str
    days: int


@dataclass(frozen=True, kw_only=True)
class Block:
    """What an area puts on the first page; shown to those who may read ``register``."""

    register: str
    cards: Callable[[], list[Card]] = field(default=list)
    todo: Callable[[], list[Due]] = field(default=list)
    extra: Callable[[], dict[str, Any]] = field(default=dict)
    """Named parts of the page: ``tiles``, ``briefings``, ``annual``, ``trend_svg``."""
