"""The bell (待办提醒): the open work of whoever is signed in, fetched after the page so that no page waits for it."""
from __future__ import annotations

from typing import Any

from flask import abort, jsonify, render_template
from flask_appbuilder import expose
from flask_login import current_user

from app.core.home import Work
from app.web.home import blocks
from app.web.page import Page

MOST = 10


def open_work() -> list[Work]:
    """What every area says is waiting for this person."""
    return [work for block in blocks() if (work := block.work())]


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
        html = render_template("bell.html", todo=todo[:MOST], count=count, overdue=overdue)
        return jsonify(count=count, html=html)


pages = (BellPage,)
