"""Schedules (计划任务): which task the clock starts, how often, at what time of day."""
from __future__ import annotations

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, select
from sqlalchemy.orm import Mapped, Session

from app.core import columns as col
from app.core.base import Choice, Stamped
from app.core.period import KINDS, IsWorkday, Period
from app.jobs.calendar import workdays

SHANGHAI = ZoneInfo("Asia/Shanghai")
CATCH_UP = 3
"""After an outage at most this many periods of a schedule are made; older ones interest nobody."""


class Recurrence(Choice):
    """How often; each value is also the kind of period."""

    half_month = "half_month", _("Half-monthly")
    monthly = "monthly", _("Monthly")
    weekly = "weekly", _("Weekly")
    daily = "daily", _("Daily")


class Shift(Choice):
    """What happens to a day that is a day of rest."""

    forward = "forward", _("To the next working day")
    back = "back", _("To the working day before")
    none = "none", _("Keep the day")


class Schedule(Stamped):
    """A row that admins edit; switched off rather than deleted, because the run log refers to it."""

    __tablename__ = "schedule"
    __table_args__ = (
        CheckConstraint("hour BETWEEN 0 AND 23", name="hour_of_day"),
        CheckConstraint("minute BETWEEN 0 AND 59", name="minute_of_hour"),
        col.choice_check("recurrence", Recurrence),
        col.choice_check("shift", Shift),
        {"info": {"audited": True}},
    )

    name: Mapped[str] = col.text(_("Name"), 60, unique=True)
    task: Mapped[str] = col.text(_("Task"), 60)
    recurrence: Mapped[Recurrence] = col.choice(_("How often"), Recurrence)
    hour: Mapped[int] = col.count(_("Hour"))
    minute: Mapped[int] = col.count(_("Minute"), default=0, server_default="0")
    shift: Mapped[Shift] = col.choice(_("On a day of rest"), Shift, default=Shift.forward)
    active: Mapped[bool] = col.flag(_("Active"), default=True)
    catch_up_from: Mapped[date] = col.day(_("Periods from"))

    @property
    def kind(self) -> type[Period]:
        """The kind of period that the schedule counts in."""
        return KINDS[self.recurrence.value]

    def moment(self, period: Period, is_workday: IsWorkday) -> datetime:
        """When the period's run is due, in the county's time."""
        day = period.due(self.shift.value, is_workday)
        return datetime.combine(day, time(self.hour, self.minute), SHANGHAI)

    def due_periods(self, now: datetime, is_workday: IsWorkday) -> list[Period]:
        """The periods whose moment has come, oldest first, at most the latest CATCH_UP of them."""
        found: list[Period] = []
        period = self.kind.containing(now.astimezone(SHANGHAI).date())
        while period.end >= self.catch_up_from and len(found) < CATCH_UP:
            if self.moment(period, is_workday) <= now:
                found.append(period)
            period = period.previous()
        return found[::-1]

    def next_moment(self, now: datetime, is_workday: IsWorkday) -> datetime:
        """When the clock will start it next."""
        period = self.kind.containing(now.astimezone(SHANGHAI).date()).previous()
        while period.end < self.catch_up_from or self.moment(period, is_workday) <= now:
            period = period.next()
        return self.moment(period, is_workday)


def _catch_up_from(kind: type[Period], today: date, is_workday: IsWorkday) -> date:
    """The start of the latest period whose due day has surely passed, so that a first start makes it at once."""
    period = kind.latest_finished(today)
    while period.due("forward", is_workday) >= today:
        period = period.previous()
    return period.start


def ensure_default_schedules(session: Session, today: date) -> list[Schedule]:
    """Make the usual schedules of a new console; a task that has any schedule is left alone."""
    from app.jobs.tasks import tasks

    taken, is_workday = set(session.scalars(select(Schedule.task))), workdays(session)
    usual = {task.name: task.usual for task in tasks().values() if task.usual is not None and task.name not in taken}
    made = [
        Schedule(name=u.name, task=task, recurrence=Recurrence(u.recurrence), hour=u.hour, minute=u.minute, shift=Shift.forward,
                 active=True, catch_up_from=_catch_up_from(KINDS[u.recurrence], today, is_workday))
        for task, u in usual.items()
    ]
    session.add_all(made)
    session.flush()
    return made
