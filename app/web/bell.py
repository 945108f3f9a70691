"""The bell (待办提醒): the open work of whoever is signed in, fetched after the page so that no page waits for it."""
from __future__ import annotations

from typing import Any

from flask import abort, jsonify, render_template
from flask_appbuilder import expose
from flask_login import current_user

from app.core.home import Block, Due
from app.database.models import modules
from app.security import may
from app.web.page import Page

MOST = 10


def open_work() -> list[Due]:
    """What every area says is waiting for this person, the longest overdue first."""
    blocks = (getattr(module, "home", None) for module in modules("app.areas"))
    mine = (block for block in blocks if isinstance(block, Block) and may("read", block.register))
    return sorted((due for block in mine for due in block.todo()), key=lambda due: due.days)


class BellPage(Page):
    """A count, and the ten most urgent things; the browser asks at most once a minute."""

    route_base = "/bell"
    default_view = "ring"

    @expose("", methods=["GET"])
    def ring(self) -> Any:
        """``{"count", "html"}``."""
        if not current_user.is_authenticated:
            abort(401)
        todo = open_work()
        html = render_template("bell.html", todo=todo[:MOST], count=len(todo), overdue=sum(due.days < 0 for due in todo))
        return jsonify(count=len(todo), html=html)


pages = (BellPage,)
