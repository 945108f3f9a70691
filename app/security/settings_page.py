"""The page of one's own settings (个人设置); they hold on every computer."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, session, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.database import db
from app.security.models import UserAccount
from app.security.settings import SIZES, Unknown, put
from app.web.page import Page


class SettingsPage(Page):
    """Everybody's own; it needs no permission but to be signed in."""

    route_base = "/account/settings"
    default_view = "show"

    @expose("", methods=["GET"])
    def show(self) -> Any:
        """What is set now."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=request.path))
        choices = {
            "language": [("", _("As chosen in the browser")), ("zh", "简体中文"), ("en", "English")],
            "density": [("", _("Usual")), ("dense", _("Dense")), ("airy", _("Airy"))],
            "page_size": [(str(size), _("%(size)s a page", size=size)) for size in SIZES],
        }
        crumbs = [(_("My account"), url_for("AccountPage.show")), (_("Personal settings"), None)]
        return render_template("security/settings.html", me=current_user, choices=choices, crumbs=crumbs)

    @expose("", methods=["POST"])
    def save(self) -> Any:
        """Keep them."""
        if not current_user.is_authenticated:
            abort(401)
        me = db.session.get(UserAccount, current_user.id)
        try:
            put(me, request.form)
        except Unknown:
            abort(400)
        if me.language:
            session["locale"] = me.language
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(url_for("SettingsPage.show"))


pages = (SettingsPage,)
