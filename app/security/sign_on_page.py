"""The two addresses of single sign-on (统一身份认证): where it starts, and where the service sends people back."""
from __future__ import annotations

import logging
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.database import db
from app.security import lockout, oidc, second_factor
from app.security.local import is_local
from app.security.sign_in import admit, find_account
from app.web.page import Page

log = logging.getLogger(__name__)


class SignOnPage(Page):
    """Sign-in by another service, for accounts marked so."""

    route_base = "/login/sign-on"
    default_view = "start"

    @expose("", methods=["GET"])
    def start(self) -> Any:
        """Send the browser to the service."""
        if not oidc.is_on():
            abort(404)
        target = request.args.get("next")
        try:
            return redirect(oidc.begin(target if target and is_local(target) else "/"))
        except oidc.NotSignedOn as refusal:
            return self._refused(refusal)

    @expose("/back", methods=["GET"])
    def back(self) -> Any:
        """Take the service's answer; only accounts that exist and are marked for it enter."""
        if not oidc.is_on():
            abort(404)
        try:
            name, target = oidc.finish(request.args)
        except oidc.NotSignedOn as refusal:
            return self._refused(refusal)
        key = lockout.account_key(name)
        user = find_account(key)
        known = user is not None and user.active and user.source == "oidc"
        if not (known and second_factor.is_on(db.session, user.id)):
            lockout.note(db.session, key, "ok" if known else "failed", request.remote_addr or "")
        if not known:
            db.session.commit()
            return self._refused(oidc.NotSignedOn("no such account"))
        return admit(user, "oidc", target)

    @staticmethod
    def _refused(refusal: oidc.NotSignedOn) -> Any:
        log.warning("Single sign-on refused: %s", refusal)
        flash(_("The sign-on service could not sign you in here. Try again, or ask your administrator whether your account exists."), "danger")
        return redirect(url_for("AuthDBView.login"))


pages = (SignOnPage,)
