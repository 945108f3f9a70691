"""The schedules page (计划任务): what the clock starts, when it is next due, and a button to start it now."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select

from app.core.base import now
from app.core.period import IsWorkday
from app.database import db
from app.database.scope import current_scope
from app.jobs.calendar import has_year, workdays
from app.jobs.runs import JobRun, RunRefused, run_now
from app.jobs.schedule_form import ScheduleForm
from app.jobs.schedules import SHANGHAI, Schedule
from app.jobs.tasks import tasks
from app.security import may
from app.web.gate import needs
from app.web.page import Page


def task_label(name: str) -> Any:
    """The task's name for people; a task that is gone keeps its own name."""
    found = tasks().get(name)
    return found.label if found else name


class SchedulePage(Page):
    """The schedules, for admins."""

    route_base = "/schedules"
    default_view = "list"
    permission = class_permission_name = "schedules"
    menu_label = _("Schedules")
    menu_icon = "calendar-time"

    def _crumbs(self, last: str | None = None) -> list[tuple[Any, str | None]]:
        first = [(self.menu_label, url_for("SchedulePage.list") if last else None)]
        return [*first, (last, None)] if last else first

    def _found(self, schedule_id: int) -> Schedule:
        found = db.session.get(Schedule, schedule_id) if schedule_id < 2**31 else None
        return found or abort(404)

    @expose("/")
    @needs("read")
    def list(self) -> Any:
        """All schedules with their next moment and their latest run."""
        is_workday, moment = workdays(db.session), now()
        rows = [self._row(s, is_workday) for s in db.session.scalars(select(Schedule).order_by(Schedule.name))]
        year = moment.astimezone(SHANGHAI).year + (moment.astimezone(SHANGHAI).month == 12)
        unknown = None if has_year(db.session, year) else year
        return render_template(
            "jobs/schedules.html", rows=rows, unknown_year=unknown, crumbs=self._crumbs(),
            may_write=may("write", self.permission),
        )

    def _row(self, schedule: Schedule, is_workday: IsWorkday) -> dict[str, Any]:
        latest = select(JobRun).where(JobRun.schedule_id == schedule.id).order_by(JobRun.queued_at.desc()).limit(1)
        next_at = schedule.next_moment(now(), is_workday) if schedule.active else None
        return {"schedule": schedule, "task": task_label(schedule.task), "next_at": next_at, "latest": db.session.scalar(latest)}

    @expose("/add", methods=["GET", "POST"])
    @needs("write")
    def add(self) -> Any:
        """A new schedule; it starts with the period that runs today."""
        return self._edit(Schedule(active=True), gettext("Add schedule"))

    @expose("/<int:schedule_id>", methods=["GET", "POST"])
    @needs("write")
    def edit(self, schedule_id: int) -> Any:
        """Change a schedule, or switch it off."""
        schedule = self._found(schedule_id)
        return self._edit(schedule, gettext("Edit schedule: %(name)s", name=schedule.name))

    def _edit(self, schedule: Schedule, title: str) -> Any:
        form = ScheduleForm(obj=schedule if schedule.id else None, schedule=schedule)
        if form.is_submitted() and form.validate():
            form.fill(schedule)
            db.session.add(schedule)
            db.session.commit()
            flash(gettext("The schedule is saved."), "success")
            return redirect(url_for("SchedulePage.list"))
        code = 422 if form.is_submitted() else 200
        return render_template("jobs/schedule_form.html", form=form, title=title, crumbs=self._crumbs(title)), code

    @expose("/<int:schedule_id>/run", methods=["POST"])
    @needs("write")
    def run(self, schedule_id: int) -> Any:
        """Start the latest finished period by hand."""
        schedule = self._found(schedule_id)
        period = schedule.kind.latest_finished(now().astimezone(SHANGHAI).date())
        try:
            run_now(db.session, schedule, period, who=current_scope().actor)
        except RunRefused as refusal:
            db.session.rollback()
            flash(str(refusal), "warning")
            return redirect(url_for("SchedulePage.list"))
        db.session.commit()
        flash(gettext("%(period)s is queued; the run log shows how it goes.", period=period.label), "success")
        return redirect(url_for("RunPage.list", schedule=schedule_id))


pages = (SchedulePage,)
