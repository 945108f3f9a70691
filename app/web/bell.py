"""The bell (待办提醒): the open work of whoever is signed in, fetched after the page so that no page waits for it."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, jsonify, render_template
from flask_appbuilder import expose
from flask_login import current_user
from sqlalchemy import select

from app.core.base import now
from app.core.home import Work
from app.database import db
from app.jobs.assignment_page import told
from app.jobs.assignments import Assignment
from app.jobs.runs import Status
from app.web.home import blocks
from app.web.page import Page

MOST = 10


def open_work() -> list[Work]:
    """What every area says is waiting for this person."""
    return [work for block in blocks() if (work := block.work())]


def assignments() -> list[dict[str, Any]]:
    """What the worker has of this person: what is not done yet, and what was done in the last day."""
    lately = Assignment.status.in_((Status.queued, Status.running)) | (Assignment.finished_at > now() - timedelta(days=1))
    mine = select(Assignment).where(Assignment.user_id == current_user.id, lately).order_by(Assignment.id.desc()).limit(5)
    return [told(assignment) for assignment in db.session.scalars(mine)]


class BellPage(Page):
    """A count, and the ten most urgent things; the browser asks at most once a minute."""

    route_base = "/bell"
    default_view = "ring"

    @expose("", methods=["GET"])
    def ring(self) -> Any:
        """``{"count", "html"}``."""
        if not current_user.is_authenticated:
            abort(401)
        works = open_work()
        count, overdue = sum(work.due.rows for work in works), sum(work.late.rows for work in works)
        todo = sorted((due for work in works for due in work.first), key=lambda due: due.days)
        html = render_template("bell.html", todo=todo[:MOST], count=count, overdue=overdue, assignments=assignments())
        return jsonify(count=count, html=html)


pages = (BellPage,)
