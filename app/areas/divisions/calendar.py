"""The county's day: what date it is in China, wherever the server stands."""
from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

from app.core.base import now

CHINA = ZoneInfo("Asia/Shanghai")


def today() -> date:
    """The date by which deadlines are judged."""
    return now().astimezone(CHINA).date()
