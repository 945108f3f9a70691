"""Reporting periods: days, weeks, months, half-months (半月) and quarters, and the day each falls due."""
from __future__ import annotations

import calendar
import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import ClassVar, Literal, Self

IsWorkday = Callable[[date], bool]
Rule = Literal["forward", "back", "none"]
ONE_DAY = timedelta(days=1)
LONGEST_REST = 15
"""No holiday lasts this many days; a calendar that says otherwise is wrong."""


def shifted(day: date, rule: Rule, is_workday: IsWorkday) -> date:
    """Move a due date off a day of rest: to the next working day, to the one before, or not at all."""
    if rule == "none":
        return day
    if rule not in ("forward", "back"):
        raise ValueError(f"The shift rule must be forward, back or none, not {rule!r}.")
    step = ONE_DAY if rule == "forward" else -ONE_DAY
    for _attempt in range(LONGEST_REST):
        if is_workday(day):
            return day
        day += step
    raise ValueError(f"The work calendar has no working day within {LONGEST_REST} days of {day}; correct it.")


class Period(ABC):
    """A stretch of days that follows another without a gap; its text is what tables keep."""

    kind: ClassVar[str]
    pattern: ClassVar[re.Pattern[str]]

    @property
    @abstractmethod
    def start(self) -> date:
        """The first day."""

    @property
    @abstractmethod
    def end(self) -> date:
        """The last day."""

    @property
    @abstractmethod
    def label(self) -> str:
        """The name that documents print; documents are Chinese in every language of the console."""

    @classmethod
    @abstractmethod
    def containing(cls, day: date) -> Self:
        """The period that the day lies in."""

    def previous(self) -> Self:
        """The period before this one."""
        return type(self).containing(self.start - ONE_DAY)

    def next(self) -> Self:
        """The period after this one."""
        return type(self).containing(self.end + ONE_DAY)

    def due(self, rule: Rule, is_workday: IsWorkday) -> date:
        """The day its report is due: the day after its end, shifted off days of rest by the rule."""
        return shifted(self.end + ONE_DAY, rule, is_workday)

    @classmethod
    def latest_finished(cls, day: date) -> Self:
        """The last period that has ended before the day."""
        return cls.containing(day).previous()

    @classmethod
    def _parts(cls, text: str) -> tuple[str, ...]:
        found = cls.pattern.fullmatch(text)
        if found is None:
            raise ValueError(f"{text!r} is not a period of the kind {cls.kind}.")
        return found.groups()

    @classmethod
    @abstractmethod
    def parse(cls, text: str) -> Self:
        """Read the text back; a text that is no such period is a ValueError that says so."""


@dataclass(frozen=True, order=True)
class Day(Period):
    """One day, such as 2026-11-22."""

    day: date
    kind: ClassVar[str] = "daily"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4}-\d{2}-\d{2})")

    def __str__(self) -> str:
        return self.day.isoformat()

    @property
    def start(self) -> date:
        return self.day

    @property
    def end(self) -> date:
        return self.day

    @property
    def label(self) -> str:
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day)

    @classmethod
    def parse(cls, text: str) -> Self:
        return cls(date.fromisoformat(cls._parts(text)[0]))


@dataclass(frozen=True, order=True)
class Week(Period):
    """One ISO week, Monday to Sunday, such as 2026-W47."""

    year: int
    week: int
    kind: ClassVar[str] = "weekly"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4})-W(\d{2})")

    def __str__(self) -> str:
        return f"{self.year:04d}-W{self.week:02d}"

    @property
    def start(self) -> date:
        return date.fromisocalendar(self.year, self.week, 1)

    @property
    def end(self) -> date:
        return date.fromisocalendar(self.year, self.week, 7)

    @property
    def label(self) -> str:
        return f"{self.year}年第{self.week}周"

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(*day.isocalendar()[:2])

    @classmethod
    def parse(cls, text: str) -> Self:
        year, week = cls._parts(text)
        return cls.containing(date.fromisocalendar(int(year), int(week), 1))


@dataclass(frozen=True, order=True)
class Month(Period):
    """One calendar month, such as 2026-11."""

    year: int
    month: int
    kind: ClassVar[str] = "monthly"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4})-(\d{2})")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @property
    def start(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def end(self) -> date:
        return date(self.year, self.month, calendar.monthrange(self.year, self.month)[1])

    @property
    def label(self) -> str:
        return f"{self.year}年{self.month}月"

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        year, month = cls._parts(text)
        return cls.containing(date(int(year), int(month), 1))


@dataclass(frozen=True, order=True)
class HalfMonth(Period):
    """The 1st to the 16th ('2026-11-a'), or the 17th to the end of the month ('2026-11-b')."""

    year: int
    month: int
    half: Literal["a", "b"]
    kind: ClassVar[str] = "half_month"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4})-(\d{2})-([ab])")

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}-{self.half}"

    @property
    def start(self) -> date:
        return date(self.year, self.month, 1 if self.half == "a" else 17)

    @property
    def end(self) -> date:
        return date(self.year, self.month, 16) if self.half == "a" else Month(self.year, self.month).end

    @property
    def label(self) -> str:
        return f"{self.year}年{self.month}月{'上' if self.half == 'a' else '下'}半月"

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day.year, day.month, "a" if day.day <= 16 else "b")

    @classmethod
    def parse(cls, text: str) -> Self:
        year, month, half = cls._parts(text)
        return cls.containing(date(int(year), int(month), 1 if half == "a" else 17))


@dataclass(frozen=True, order=True)
class Quarter(Period):
    """Three months, such as 2026-Q4."""

    year: int
    quarter: int
    kind: ClassVar[str] = "quarterly"
    pattern: ClassVar[re.Pattern[str]] = re.compile(r"(\d{4})-Q([1-4])")

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.quarter}"

    @property
    def start(self) -> date:
        return date(self.year, self.quarter * 3 - 2, 1)

    @property
    def end(self) -> date:
        return Month(self.year, self.quarter * 3).end

    @property
    def label(self) -> str:
        return f"{self.year}年第{'一二三四'[self.quarter - 1]}季度"

    @classmethod
    def containing(cls, day: date) -> Self:
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def parse(cls, text: str) -> Self:
        year, quarter = cls._parts(text)
        return cls.containing(date(int(year), int(quarter) * 3, 1))


KINDS: dict[str, type[Period]] = {kind.kind: kind for kind in (Day, Week, Month, HalfMonth, Quarter)}


def parse(text: str) -> Period:
    """Read any period by its form; the message lists the forms."""
    for kind in KINDS.values():
        if kind.pattern.fullmatch(text):
            return kind.parse(text)
    raise ValueError(
        f"{text!r} is not a period; write 2026-11-a or 2026-11-b (half-month), 2026-11 (month), "
        "2026-Q4 (quarter), 2026-W47 (week) or 2026-11-22 (day)."
    )
