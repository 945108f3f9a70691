"""The run log page (运行记录): who, when, why, how long and what came of it; a failed run starts once more from here."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, func, select

from app.core import period as periods
from app.database import db
from app.database.scope import current_scope
from app.jobs.runs import JobRun, RunRefused, Status, Why, requeue
from app.jobs.schedule_page import task_label
from app.jobs.schedules import SHANGHAI, Schedule
from app.security import may
from app.web.gate import needs
from app.web.page import Page

SIZE = 50


def _chosen(choices: type, value: str | None) -> Any:
    return choices(value) if value in list(choices) else None


def _number(value: str | None) -> int | None:
    return int(value) if value and value.isascii() and value.isdigit() and len(value) < 9 else None


class RunPage(Page):
    """The run log, newest first."""

    route_base = "/runs"
    default_view = "list"
    permission = class_permission_name = "runs"
    menu_label = _("Run log")
    menu_icon = "history"

    def _asked(self) -> dict[str, Any]:
        """The query's words that make sense; others count as not given."""
        args = request.args
        return {"q": args.get("q", "").strip()[:80], "status": _chosen(Status, args.get("status")),
                "why": _chosen(Why, args.get("why")), "schedule": _number(args.get("schedule"))}

    def _query(self, asked: dict[str, Any]) -> Select[Any]:
        query = select(JobRun)
        if asked["q"]:
            query = query.where(JobRun.period.contains(asked["q"], autoescape=True)
                                | JobRun.message.contains(asked["q"], autoescape=True)
                                | JobRun.who.contains(asked["q"], autoescape=True))
        for name, column in (("status", JobRun.status), ("why", JobRun.why), ("schedule", JobRun.schedule_id)):
            query = query.where(column == asked[name]) if asked[name] is not None else query
        return query

    @expose("/")
    @needs("read")
    def list(self) -> Any:
        """One page of the log."""
        asked = self._asked()
        query = self._query(asked)
        total = db.session.scalar(select(func.count()).select_from(query.subquery())) or 0
        last = max(1, -(-total // SIZE))
        number = min(max(1, _number(request.args.get("page")) or 1), last)
        rows = db.session.scalars(
            query.order_by(JobRun.queued_at.desc(), JobRun.id.desc()).limit(SIZE).offset((number - 1) * SIZE))
        page = {"rows": [self._row(run) for run in rows], "total": total, "capped": False, "q": asked["q"],
                "asked": any(value not in (None, "") for value in asked.values()),
                "filters": self._filters(asked), "list_url": url_for("RunPage.list"), "pages": self._pages(asked, number, last)}
        return render_template("jobs/runs.html", page=page, may_write=may("write", self.permission),
                               crumbs=[(self.menu_label, None)])

    def _row(self, run: JobRun) -> dict[str, Any]:
        queued, started = (at.astimezone(SHANGHAI) if at else None for at in (run.queued_at, run.started_at))
        return {"run": run, "task": task_label(run.task), "period": periods.parse(run.period).label,
                "queued_at": queued, "started_at": started, "failed": run.status is Status.failed}

    def _filters(self, asked: dict[str, Any]) -> list[dict[str, Any]]:
        schedules = db.session.execute(select(Schedule.id, Schedule.name).order_by(Schedule.name))
        listed = (
            ("status", gettext("Status"), [(each.value, each.label) for each in Status]),
            ("why", gettext("Why"), [(each.value, each.label) for each in Why]),
            ("schedule", gettext("Schedule"), [tuple(row) for row in schedules]),
        )
        return [{"name": name, "label": label, "kind": "choice", "options": options,
                 "value": "" if asked[name] is None else asked[name], "picked": [asked[name]], "single": True} for name, label, options in listed]

    def _pages(self, asked: dict[str, Any], number: int, last: int) -> list[tuple[int | None, str, bool]]:
        """The first, the last and the near page numbers, with gaps."""
        words = {name: str(value) for name, value in asked.items() if value not in (None, "")}
        made: list[tuple[int | None, str, bool]] = []
        for each in sorted({1, last, *range(max(1, number - 2), min(last, number + 2) + 1)}):
            if made and made[-1][0] != each - 1:
                made.append((None, "", False))
            made.append((each, f"{url_for('RunPage.list')}?{urlencode({**words, 'page': each})}", each == number))
        return made

    @expose("/<int:run_id>/retry", methods=["POST"])
    @needs("write")
    def retry(self, run_id: int) -> Any:
        """Start a failed run once more."""
        try:
            requeue(db.session, min(run_id, 2**31), who=current_scope().actor)
        except RunRefused as refusal:
            db.session.rollback()
            flash(str(refusal), "warning")
            return redirect(url_for("RunPage.list"))
        db.session.commit()
        flash(gettext("The run is queued again."), "success")
        return redirect(url_for("RunPage.list"))


pages = (RunPage,)
