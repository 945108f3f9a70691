"""The guide (使用帮助): what people ask first, without the internet."""
from __future__ import annotations

from typing import Any

from flask import redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.web.page import Page


class HelpPage(Page):
    """One page for everybody who is signed in."""

    route_base = "/help"
    default_view = "show"

    @expose("", methods=["GET"])
    def show(self) -> Any:
        """The guide."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=request.path))
        return render_template("help.html", crumbs=[(_("Help"), None)])


pages = (HelpPage,)
