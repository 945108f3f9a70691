"""The screen where a second person agrees to a grant (授权复核)."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.database import db
from app.security.divisions_of import names, reach_label
from app.security.duties import MixedDuties
from app.security.grant_requests import GrantRequest, decide, may_agree, waiting
from app.security.models import UserAccount
from app.security.proving import fresh
from app.security.user_form import BadGrant
from app.web.cells import shown
from app.web.gate import needs
from app.web.page import Page

MOST = 50


class ApprovalPage(Page):
    """Requests that wait, and what became of the latest."""

    route_base = "/approvals"
    default_view = "list"
    permission = class_permission_name = "users"
    menu_label = _("Grant approvals")
    menu_icon = "user-check"

    @expose("/", methods=["GET"])
    @needs("read")
    def list(self) -> Any:
        """What waits, the oldest first, and the latest that do not."""
        open_ = db.session.scalars(waiting()).all()
        past = db.session.scalars(select(GrantRequest).where(GrantRequest.id.not_in([each.id for each in open_])).order_by(
            GrantRequest.id.desc()).limit(MOST)).all()
        page = {"waiting": [self._said(each) for each in open_], "past": [self._said(each) for each in past], **self._names([*open_, *past])}
        return render_template("security/approvals.html", page=page, shown=shown, reach=reach_label,
                               crumbs=[(_("System"), None), (_("Grant approvals"), None)])

    @staticmethod
    def _said(asked: GrantRequest) -> dict[str, Any]:
        return {"asked": asked, "mine": asked.requested_by == current_user.id,
                "may": asked.waits and may_agree(db.session, asked, current_user.id)}

    @staticmethod
    def _names(found: Any) -> dict[str, Any]:
        people = {number for each in found for number in (each.user_id, each.requested_by, each.decided_by) if number}
        users = db.session.scalars(select(UserAccount).where(UserAccount.id.in_(people)))
        roles = db.session.execute(select(Role.id, Role.name))
        return {"people": {user.id: user.full_name or user.username for user in users}, "roles": dict(roles.tuples().all()),
                "divisions": names(code for each in found for code in each.posts)}

    @expose("/<int:pk>/<any(approve, refuse, withdraw):act>", methods=["POST"])
    @needs("read")
    @fresh
    def decide(self, pk: int, act: str) -> Any:
        """Agree, refuse, or take one's own request back; agreeing gives the rights at once."""
        asked = db.session.scalar(select(GrantRequest).where(GrantRequest.id == pk).with_for_update()) if pk < 2**63 else None
        if asked is None:
            abort(404)
        allowed = asked.requested_by == current_user.id if act == "withdraw" else may_agree(db.session, asked, current_user.id)
        if not allowed:
            abort(403)
        if not asked.waits:
            db.session.rollback()
            flash(gettext("This request is decided or has run out; ask for the rights again."), "warning")
            return redirect(url_for("ApprovalPage.list"))
        self._carry_out(asked, act)
        return redirect(url_for("ApprovalPage.list"))

    @staticmethod
    def _carry_out(asked: GrantRequest, act: str) -> None:
        try:
            decide(db.session, asked, {"approve": "approved", "refuse": "refused", "withdraw": "withdrawn"}[act], current_user.id)
        except (BadGrant, MixedDuties) as refusal:
            words = str(refusal)
            db.session.rollback()
            flash(words, "danger")
            return
        db.session.commit()
        flash(gettext("The rights are given.") if act == "approve" else gettext("Saved."), "success")


pages = (ApprovalPage,)
