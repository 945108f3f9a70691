"""The clock's work on the first page: what failed, what ran lately, what comes next."""
from __future__ import annotations

from flask_babel import format_datetime
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core.base import now
from app.core.home import Block, Card, Line, Listed, Part
from app.database import db
from app.jobs.calendar import workdays
from app.jobs.health import signs
from app.jobs.runs import JobRun, Status
from app.jobs.schedules import SHANGHAI, Schedule
from app.security import may

LATEST = 8


def _moment(moment: object) -> str:
    return str(format_datetime(moment, "MM-dd HH:mm")) if moment else ""


def part() -> Part:
    """Failed runs, and the latest ones."""
    failed, every = db.session.execute(select(func.count().filter(JobRun.status == Status.failed), func.count())).one()
    runs = db.session.scalars(select(JobRun).order_by(JobRun.queued_at.desc(), JobRun.id.desc()).limit(LATEST)).all()
    lines = [Line(title=run.schedule.name, note=f"{run.period} · {_moment(run.queued_at.astimezone(SHANGHAI))}", tag=run.status.label,
                  tone=run.status.tone, url=f"/runs/?schedule={run.schedule_id}") for run in runs]
    return Part(
        cards=[Card(label=_("Failed runs"), value=str(failed), rows=failed, unit=_("runs"), url=f"/runs/?status={Status.failed.value}",
                    tone="red" if failed else "green", icon="alert-triangle" if failed else "circle-check"),
               Card(label=_("Runs"), value=str(every), rows=every, unit=_("runs"), url="/runs/", icon="history")],
        lists=[_health(), Listed(name="runs", title=_("Latest runs"), url="/runs/", lines=lines, empty=_("Nothing has run yet")),
               *([_coming()] if may("read", "schedules") else [])])


def _coming() -> Listed:
    """The schedules that are on, the next to run first."""
    is_workday, moment = workdays(db.session), now()
    schedules = db.session.scalars(select(Schedule).where(Schedule.active)).all()
    following = sorted(((each.next_moment(moment, is_workday), each) for each in schedules), key=lambda pair: pair[0])
    lines = [Line(title=each.name, url="/schedules/", note=_moment(when), tag=each.recurrence.label, tone="blue")
             for when, each in following[:LATEST]]
    return Listed(name="next", title=_("Next runs"), url="/schedules/", lines=lines, empty=_("No schedule is switched on"))


def _health() -> Listed:
    """How the console itself fares, what is worst first."""
    order = {"red": 0, "amber": 1}
    found = sorted(signs(), key=lambda sign: order.get(sign.tone, 2))
    lines = [Line(title=sign.label, note=sign.words, tag=sign.verdict, tone=sign.tone, url=sign.url) for sign in found]
    return Listed(name="health", title=_("Running state"), url="/running/", lines=lines, empty="")


home = Block("runs", part, order=60)
