"""The first page (工作台): what is due, the figures, the newest briefings, each area adding its own block."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask_appbuilder import IndexView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.core.home import Block
from app.database.models import modules
from app.documents.charts import line
from app.security import may
from app.web.cells import ZONE


def _blocks() -> Iterator[Block]:
    for module in modules("app.areas"):
        block = getattr(module, "home", None)
        if isinstance(block, Block) and may("read", block.register):
            yield block


def _greeting() -> str:
    hour = datetime.now(ZONE).hour
    name = current_user.full_name
    if hour < 12:
        return _("Good morning, %(name)s", name=name)
    return _("Good afternoon, %(name)s", name=name) if hour < 18 else _("Good evening, %(name)s", name=name)


def page() -> dict[str, Any]:
    """Everything the first page prints."""
    blocks = list(_blocks())
    todo = sorted((due for block in blocks for due in block.todo()), key=lambda due: due.days)
    made: dict[str, Any] = {
        "greeting": _greeting(), "today": datetime.now(ZONE).strftime("%Y-%m-%d"), "tiles": [], "briefings": [],
        "annual": None, "trend_svg": None, "cards": [card for block in blocks for card in block.cards()],
        "todo": todo, "todo_count": len(todo), "overdue_count": sum(due.days < 0 for due in todo),
    }
    for block in blocks:
        made |= block.extra()
    if trend := made.get("trend"):
        series = [{"label": str(label), "values": values} for label, values in trend["series"]]
        made["trend_svg"] = line(trend["labels"], series, height=150)
    return made


class HomePage(IndexView):
    """The page behind ``/``."""

    @expose("/")
    def index(self) -> Any:
        """The first page of whoever is signed in, or the sign-in page."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login"))
        return render_template("home.html", page=page(), crumbs=[(_("Home"), None)])
