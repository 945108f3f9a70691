"""How far long work is (进度): whoever does it tells, whoever waits may listen."""
from __future__ import annotations

from collections.abc import Callable

Tell = Callable[[int, int], None]
"""Takes how many rows are done and how many there are."""


def silent(done: int, total: int) -> None:
    """Nobody listens."""
