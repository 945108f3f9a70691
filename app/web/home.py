"""The first page (工作台): what is due, the figures, the charts and the newest briefings, each area adding its part."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import redirect, render_template, url_for
from flask_appbuilder import IndexView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.core.home import Block
from app.database.models import modules
from app.security import may
from app.web.cells import ZONE

LEGEND = ((80, "high"), (65, "good"), (50, "fair"), (0, "low"))
"""The shades of a rate, by the lowest percentage of each."""


def blocks() -> list[Block]:
    """The blocks of the areas that the signed-in person may read, in their order."""
    found = (getattr(module, "home", None) for module in modules("app.areas"))
    return sorted((each for each in found if isinstance(each, Block) and may("read", each.register)), key=lambda each: each.order)


def shade(rate: int) -> str:
    """The shade of a rate; its figure always stands beside it."""
    return next(name for lowest, name in LEGEND if rate >= lowest)


def greeting() -> str:
    """A greeting by the county's hour."""
    hour = datetime.now(ZONE).hour
    name = current_user.full_name
    if hour < 12:
        return _("Good morning, %(name)s", name=name)
    return _("Good afternoon, %(name)s", name=name) if hour < 18 else _("Good evening, %(name)s", name=name)


def page() -> dict[str, Any]:
    """Everything the first page prints."""
    shown = blocks()
    found = [block.part() for block in shown]
    return {
        "greeting": greeting(), "today": datetime.now(ZONE).strftime("%Y-%m-%d"), "shade": shade, "legend": LEGEND,
        "cards": [card for part in found for card in part.cards], "works": [work for block in shown if (work := block.work())],
        "tiles": [tile for part in found for tile in part.tiles], "charts": {chart.name: chart for part in found for chart in part.charts},
        "papers": [paper for part in found for paper in part.papers], "annual": next((part.annual for part in found if part.annual), None),
    }


class HomePage(IndexView):
    """The page behind ``/``."""

    @expose("/")
    def index(self) -> Any:
        """The first page of whoever is signed in, or the sign-in page."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login"))
        return render_template("home.html", page=page(), crumbs=[(_("Home"), None)])
