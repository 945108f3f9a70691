"""The run log (运行记录): one row per schedule and period, which is also the claim that makes it happen once."""
from __future__ import annotations

from datetime import datetime

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, DateTime, ForeignKey, Numeric, String, UniqueConstraint, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship

from app.core import columns as col
from app.core.base import Base, Choice, now
from app.core.period import Period
from app.jobs.deferral import defer
from app.jobs.schedules import Schedule

CLOCK = "clock"


class Status(Choice):
    """How far a run is."""

    queued = "queued", _("Queued"), "blue"
    running = "running", _("Running"), "cyan"
    done = "done", _("Done"), "green"
    nothing = "nothing", _("Nothing to do"), "grey"
    failed = "failed", _("Failed"), "red"


class Why(Choice):
    """What made the run happen."""

    on_time = "on_time", _("On time")
    caught_up = "caught_up", _("Caught up"), "amber"
    by_hand = "by_hand", _("By hand"), "violet"


class JobRun(Base):
    """Who, when, why, how long, and what came of it."""

    __tablename__ = "job_run"
    __table_args__ = (
        UniqueConstraint("schedule_id", "period", name="period_once"),
        col.choice_check("status", Status),
        col.choice_check("why", Why),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    schedule_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("schedule.id", ondelete="RESTRICT"))
    task: Mapped[str] = col.text(_("Task"), 60)
    period: Mapped[str] = mapped_column(String(12))
    status: Mapped[Status] = col.choice(_("Status"), Status, default=Status.queued, index=True)
    who: Mapped[str] = col.text(_("Started by"), 120)
    why: Mapped[Why] = col.choice(_("Why"), Why)
    queued_at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, index=True)
    started_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    finished_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    seconds: Mapped[float | None] = mapped_column(Numeric(10, 1, asdecimal=False))
    message: Mapped[str | None] = col.note(_("What came of it"))
    error: Mapped[str | None] = col.text(_("Error"), 300)

    schedule: Mapped[Schedule] = relationship(lazy="joined", innerjoin=True)


class RunRefused(ValueError):
    """The run cannot be started; the message says why."""


def claim(session: Session, schedule: Schedule, period: Period, *, who: str = CLOCK, why: Why = Why.on_time) -> int | None:
    """Take the period and queue its job in the session's transaction; None if somebody has it already."""
    values = {"schedule_id": schedule.id, "task": schedule.task, "period": str(period), "status": Status.queued,
              "who": who, "why": why, "queued_at": now()}
    statement = insert(JobRun).values(**values).on_conflict_do_nothing(constraint="period_once")
    run_id = session.scalar(statement.returning(JobRun.id))
    if run_id is not None:
        defer(session, run_id, schedule.id)
    return run_id


def requeue(session: Session, run_id: int, who: str) -> JobRun:
    """Start a failed run once more, by hand."""
    run = session.get(JobRun, run_id, with_for_update={"of": JobRun}, populate_existing=True)
    if run is None:
        raise RunRefused(str(_("There is no such run. Reload the page.")))
    if run.status is not Status.failed:
        raise RunRefused(str(_("Only a failed run can be started again; this one is: %(status)s.", status=run.status.label)))
    run.status, run.who, run.why, run.queued_at = Status.queued, who, Why.by_hand, now()
    run.started_at = run.finished_at = run.seconds = run.message = run.error = None
    session.flush()
    defer(session, run.id, run.schedule_id)
    return run


def run_now(session: Session, schedule: Schedule, period: Period, who: str) -> int:
    """Start the period by hand, or once more if it failed; a period that is made is not made twice."""
    run_id = claim(session, schedule, period, who=who, why=Why.by_hand)
    if run_id is not None:
        return run_id
    run = session.scalars(select(JobRun).where(JobRun.schedule_id == schedule.id, JobRun.period == str(period))).one()
    if run.status is Status.failed:
        return requeue(session, run.id, who).id
    raise RunRefused(str(_(
        "%(period)s is in the run log already (%(status)s); a period is made once.",
        period=period.label, status=run.status.label)))
