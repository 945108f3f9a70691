"""The page of one's second factor (双因素认证): set it up, get new recovery codes, switch it off."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask import request as asked
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.core.base import now
from app.database import db
from app.security import second_factor
from app.security.models import UserAccount
from app.security.proving import fresh, signed_in_person
from app.security.sessions import end_others, reopen, visit
from app.security.trail import record
from app.web.cells import shown
from app.web.page import Page


class FactorPage(Page):
    """Everybody may have a second factor; some must."""

    route_base = "/account/second-factor"
    default_view = "show"

    def _me(self) -> UserAccount:
        if second_factor.mode() == "off":
            abort(404)
        return signed_in_person()

    def _page(self, me: UserAccount, code: int = 200, *, codes: list[str] | None = None, fault: str = "") -> Any:
        factor = second_factor.found(db.session, me.id)
        on = factor is not None and factor.confirmed_at is not None
        page = {"factor": factor, "on": on, "codes": codes or [], "fault": fault, "overdue": second_factor.is_overdue(me),
                "left": second_factor.codes_left(db.session, me.id) if on else 0, "needed": second_factor.is_needed(me),
                "required": second_factor.mode() == "required"}
        if factor is not None and not on:
            secret = second_factor.secret_text(factor)
            page |= {"qr": second_factor.picture(factor, me, _("QR code for your authenticator")),
                     "secret": " ".join(secret[i : i + 4] for i in range(0, len(secret), 4))}
        crumbs = [(_("My account"), url_for("AccountPage.show")), (_("Second factor"), None)]
        return render_template("security/factor.html", me=me, page=page, shown=shown, crumbs=crumbs), code

    @expose("", methods=["GET"])
    def show(self) -> Any:
        """How it stands."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=asked.path))
        return self._page(self._me())

    @expose("/begin", methods=["POST"])
    @fresh
    def begin(self) -> Any:
        """Make a secret and show it."""
        second_factor.begin(db.session, self._me())
        db.session.commit()
        return redirect(url_for("FactorPage.show"))

    @expose("/confirm", methods=["POST"])
    @fresh
    def confirm(self) -> Any:
        """Switch it on by a first code, and show the recovery codes once."""
        me = self._me()
        codes = second_factor.confirm(db.session, me, asked.form.get("code", ""))
        if codes is None:
            db.session.rollback()
            return self._page(me, 422, fault=_("The code is not right. Check that the phone shows the right time and type the code it shows now."))
        here = visit()
        end_others(me.id, here.id if here else None)
        record("second_factor", me.id, "on")
        db.session.commit()
        return self._page(me, codes=codes)

    @expose("/codes", methods=["POST"])
    @fresh
    def codes(self) -> Any:
        """New recovery codes in place of the former ones."""
        me = self._me()
        if not second_factor.is_on(db.session, me.id):
            abort(409)
        codes = second_factor.new_recovery_codes(db.session, me.id)
        record("second_factor", me.id, "new recovery codes")
        db.session.commit()
        return self._page(me, codes=codes)

    @expose("/off", methods=["POST"])
    @fresh
    def off(self) -> Any:
        """Switch it off, unless it must be there; a new phone is set up this way too."""
        me = self._me()
        second_factor.remove(db.session, me.id)
        record("second_factor", me.id, "off")
        # Whoever must have one gets no new days of grace by switching it off.
        me.factor_due_at = now()
        second_factor.set_due(db.session, me)
        reopen(me)
        db.session.commit()
        flash(_("The second factor is switched off. Other sessions of yours have ended."), "success")
        return redirect(url_for("FactorPage.show"))


pages = (FactorPage,)
