"""What the worker does for one (我的后台任务): progress, outcome and files, also after the page was closed."""
from __future__ import annotations

from typing import Any

from flask import abort, render_template
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.core.register import find
from app.database import db
from app.jobs.assignments import DAYS, Assignment, latest
from app.web.cells import shown
from app.web.gate import signed_in
from app.web.page import Page

MOST = 100


def told(assignment: Assignment) -> dict[str, Any]:
    """One assignment for the pages and the bell."""
    try:
        label = str(find(assignment.register).label)
    except KeyError:
        label = assignment.register
    share = round(100 * assignment.done / assignment.total) if assignment.total else 0
    return {"what": what(assignment.kind), "kind": assignment.kind, "register": label, "title": assignment.title,
            "status": assignment.status, "open": assignment.is_open, "message": assignment.message,
            "done": assignment.done, "total": assignment.total, "share": share, "at": shown(assignment.at, "time"),
            "next": assignment.next_url, "url": f"/assignments/{assignment.id}"}


def what(kind: str) -> str:
    """The kind of work in words."""
    return {"check": _("Check of an import"), "import": _("Import"), "export": _("Export")}.get(kind, kind)


class AssignmentPage(Page):
    """One's own assignments; row security keeps everybody else's away."""

    route_base = "/assignments"
    default_view = "list"

    @expose("/")
    @signed_in
    def list(self) -> Any:
        """All that are kept, newest first."""
        rows = [told(assignment) for assignment in latest(db.session, current_user.id, MOST)]
        return render_template("jobs/assignments.html", rows=rows, days=DAYS, crumbs=[(_("My background work"), None)])

    @expose("/<int:pk>")
    @signed_in
    def show(self, pk: int) -> Any:
        """How far one is; the page asks again by itself until it is over."""
        assignment = db.session.scalar(select(Assignment).where(Assignment.id == pk, Assignment.user_id == current_user.id)) if pk < 2**31 else None
        if assignment is None:
            abort(404)
        return render_template("jobs/assignment.html", row=told(assignment), days=DAYS,
                               crumbs=[(_("My background work"), "/assignments/"), (what(assignment.kind), None)])


pages = (AssignmentPage,)
