"""The first page (工作台): what is due, the figures, the charts and the newest briefings, each area adding its part."""
from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import make_response, redirect, render_template, request, url_for
from flask_appbuilder import IndexView, expose
from flask_babel import gettext as _
from flask_login import current_user

from app.areas.divisions.calendar import today
from app.core.home import Block
from app.core.period import HalfMonth
from app.core.register import registers
from app.database.models import modules
from app.security import may
from app.web.cells import ZONE

GROUND = "divisions"
"""The area that everybody reads and that is nobody's own work."""
FACES = {"desk": "home", "cockpit": "cockpit"}
"""The faces of the first page and their templates."""
KEPT = 365 * 24 * 3600
LEGEND = ((80, "high"), (65, "good"), (50, "fair"), (0, "low"))
"""The shades of a rate, by the lowest percentage of each."""


def blocks() -> list[Block]:
    """The blocks of the areas that the signed-in person may read, in their order."""
    found = (getattr(module, "home", None) for module in modules("app.areas", "app.jobs", "app.security"))
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
        "business": business(), "greeting": greeting(), "today": datetime.now(ZONE).strftime("%Y-%m-%d"), "shade": shade, "legend": LEGEND,
        "cards": [card for part in found for card in part.cards], "works": [work for block in shown if (work := block.work())],
        "tiles": [tile for part in found for tile in part.tiles], "charts": {chart.name: chart for part in found for chart in part.charts},
        "lists": [each for part in found for each in part.lists],
        "papers": [paper for part in found for paper in part.papers] if may("read", "briefings") else None,
        "annual": next((part.annual for part in found if part.annual), None),
        "progress": [part.progress for part in found if part.progress],
    }


def business(verb: str = "read") -> bool:
    """Whether the person holds the verb on any register of the county's work."""
    return any(may(verb, register.name) for register in registers() if register.area != GROUND)


def cockpit() -> dict[str, Any]:
    """What leaders look at first: the papers, the last half-month beside the one before, the towns in order, what is late."""
    shown = blocks()
    found = [block.part() for block in shown]
    span = HalfMonth.latest_finished(today())
    tiles = [tile for part in found for tile in part.tiles]
    return {
        "greeting": greeting(), "today": today().isoformat(), "period": span, "changes": [each for block in shown for each in block.changes()],
        "cards": [card for part in found for card in part.cards], "works": [work for block in shown if (work := block.work())],
        "ranking": sorted(tiles, key=lambda tile: -tile.rate) if len(tiles) > 1 else [], "shade": shade,
        "charts": {chart.name: chart for part in found for chart in part.charts}, "papers": [paper for part in found for paper in part.papers],
        "progress": [part.progress for part in found if part.progress],
    }


def face() -> str:
    """The face of the first page that this person chose; without a choice, leaders get the cockpit and everybody else the desk."""
    if not business():
        return "desk"
    chosen = request.args.get("face") or request.cookies.get(f"face-{current_user.id}")
    return chosen if chosen in FACES else "desk" if business("write") else "cockpit"


class HomePage(IndexView):
    """The page behind ``/``."""

    @expose("/")
    def index(self) -> Any:
        """The first page of whoever is signed in, or the sign-in page."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login"))
        chosen = face()
        made = cockpit() if chosen == "cockpit" else page()
        answer = make_response(render_template(f"{FACES[chosen]}.html", page=made, crumbs=[(_("Home"), None)]))
        if request.args.get("face") == chosen:
            answer.set_cookie(f"face-{current_user.id}", chosen, max_age=KEPT, httponly=True, samesite="Lax", secure=request.is_secure)
        return answer
