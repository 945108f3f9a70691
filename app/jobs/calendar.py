"""The work calendar (工作日历): days of rest on weekdays, and working days at weekends."""
from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
from flask_babel import lazy_gettext as _
from sqlalchemy import Date, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core import columns as col
from app.core.base import Base, Choice
from app.core.period import IsWorkday

HOLIDAYS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "National Day": "国庆节", "Mid-autumn Festival": "中秋节",
    "Anti-Fascist 70th Day": "抗战胜利七十周年",
}
FIRST_YEAR = 2024
"""Registers of the console reach no further back."""


class DayKind(Choice):
    """What the State Council's notice makes of a day."""

    work = "work", _("Working day"), "green"
    rest = "rest", _("Day of rest"), "grey"


class WorkDay(Base):
    """One day that the yearly notice names; all other days follow the weekday rule."""

    __tablename__ = "work_calendar"
    __table_args__ = (col.choice_check("kind", DayKind), {"info": {"audited": True}})

    day: Mapped[date] = mapped_column(Date, primary_key=True, info={"label": _("Day"), "kind": "day"})
    kind: Mapped[DayKind] = col.choice(_("Kind"), DayKind)
    note: Mapped[str | None] = col.text(_("Note"), 60)


def is_workday(session: Session, day: date) -> bool:
    """Whether offices work on the day; Monday to Friday where the calendar says nothing."""
    kind = session.scalar(select(WorkDay.kind).where(WorkDay.day == day))
    return day.weekday() < 5 if kind is None else kind is DayKind.work


def workdays(session: Session) -> IsWorkday:
    """The whole calendar read once, for code that asks about many days."""
    named = {row.day: row.kind is DayKind.work for row in session.execute(select(WorkDay.day, WorkDay.kind))}
    return lambda day: named.get(day, day.weekday() < 5)


def has_year(session: Session, year: int) -> bool:
    """Whether the notice for the year has been entered."""
    days = select(func.count()).select_from(WorkDay).where(func.extract("year", WorkDay.day) == year)
    return bool(session.scalar(days))


def _named_days(year: int) -> list[dict[str, object]]:
    """The days of a year that the notice names; none for a year the library does not know."""
    found: list[dict[str, object]] = []
    for offset in range((date(year + 1, 1, 1) - date(year, 1, 1)).days):
        day = date(year, 1, 1) + timedelta(days=offset)
        _rest, name = chinese_calendar.get_holiday_detail(day)
        working = chinese_calendar.is_workday(day)
        if name or working != (day.weekday() < 5):
            kind = DayKind.work if working else DayKind.rest
            note = HOLIDAYS.get(str(name), name) if name else None
            found.append({"day": day, "kind": kind, "note": f"{note}调休上班" if working and note else note})
    return found


def known_years() -> range:
    """The years that the installed library has notices for."""
    return range(FIRST_YEAR, max(day.year for day in chinese_calendar.holidays) + 1)


def seed_calendar(session: Session) -> int:
    """Enter every known year; days already there stay as an admin left them. Answers with the days added."""
    rows = [row for year in known_years() for row in _named_days(year)]
    added = insert(WorkDay).values(rows).on_conflict_do_nothing().returning(WorkDay.day)
    return len(session.execute(added).all())
