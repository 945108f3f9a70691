"""Reading the yearly notice on holidays (国务院办公厅放假通知) as people paste it: a line for each day or stretch of days."""
from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import gettext as _
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.jobs.calendar import DayKind, WorkDay

DAY = r"(\d{4})\s*[-./年]\s*(\d{1,2})\s*[-./月]\s*(\d{1,2})\s*日?"
LINE = re.compile(rf"^{DAY}(?:\s*(?:至|到|~|～|—|–)\s*{DAY})?[\s,，:：]*(休息?|放假|班|上班|rest|work)?[\s,，:：]*(.*)$", re.IGNORECASE)
REST, WORK = ("休", "休息", "放假", "rest"), ("班", "上班", "work")
LONGEST = 31


@dataclass(frozen=True)
class Named:
    """One day that the notice names."""

    day: date
    kind: DayKind
    note: str | None


@dataclass(frozen=True)
class Mistake:
    """A line that cannot be read, with what to do."""

    line: int
    text: str
    words: str


class _Unread(ValueError):
    pass


def read(text: str) -> tuple[list[Named], list[Mistake]]:
    """The days of the lines, and the lines that are wrong; with any wrong line nothing should be written."""
    days: dict[date, Named] = {}
    mistakes: list[Mistake] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            for named in _line(line.strip()):
                if days.setdefault(named.day, named).kind is not named.kind:
                    raise _Unread(_("%(day)s stands here twice with different kinds.", day=named.day))
        except _Unread as wrong:
            mistakes.append(Mistake(number, line.strip()[:60], str(wrong)))
    return sorted(days.values(), key=lambda each: each.day), mistakes


def _line(line: str) -> Iterator[Named]:
    found = LINE.match(line)
    if found is None:
        raise _Unread(_("Write a day or a stretch, then 休 or 班, then a note: 2027-02-06至2027-02-12 休 春节."))
    first = _day(found.group(1, 2, 3))
    last = _day(found.group(4, 5, 6)) if found.group(4) else first
    word, note = (found.group(7) or "").lower(), found.group(8).strip()[:60] or None
    if word not in (*REST, *WORK):
        raise _Unread(_("Say 休 (day of rest) or 班 (working day) after the day."))
    if not 0 <= (last - first).days < LONGEST:
        raise _Unread(_("The stretch must run forward and be at most %(days)s days long.", days=LONGEST))
    for offset in range((last - first).days + 1):
        yield Named(first + timedelta(days=offset), DayKind.rest if word in REST else DayKind.work, note)


def _day(parts: tuple[str, ...]) -> date:
    try:
        day = date(*map(int, parts))
    except ValueError:
        raise _Unread(_("There is no such day: %(day)s.", day="-".join(parts))) from None
    if not 2000 <= day.year <= 2100:
        raise _Unread(_("The year must lie between 2000 and 2100."))
    return day


def put(session: Session, days: list[Named]) -> None:
    """Write the days down over what was there."""
    new = insert(WorkDay).values([{"day": each.day, "kind": each.kind, "note": each.note} for each in days])
    session.execute(new.on_conflict_do_update(index_elements=[WorkDay.day], set_={"kind": new.excluded.kind, "note": new.excluded.note}))
