"""The big screen (态势大屏): the county's figures on a wall, aggregates only, refreshed by themselves."""
from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from flask import jsonify, render_template, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _

from app.web.gate import needs
from app.web.home import cockpit
from app.web.page import Page


class ScreenPage(Page):
    """One page for a wall; it asks for its figures again every minute without keeping the session alive."""

    route_base = "/screen"
    default_view = "show"
    permission = class_permission_name = "supervision_items"
    menu_label, menu_area, menu_icon = _("Big screen"), "supervision", "device-desktop"

    @expose("/", methods=["GET"])
    @needs("read")
    def show(self) -> Any:
        """The page, or its figures when the page itself asks: no name of a person or an item is among them."""
        made = cockpit()
        told = {"moment": f"{datetime.now(ZoneInfo('Asia/Shanghai')):%Y-%m-%d %H:%M:%S}",
                "strip": render_template("screen/strip.html", page=made), "tiles": render_template("screen/tiles.html", page=made),
                "charts": {name: chart.data for name, chart in made["charts"].items()}}
        if request.headers.get("X-Background"):
            return jsonify(told)
        return render_template("screen/screen.html", page=made, told=told)


pages = (ScreenPage,)
