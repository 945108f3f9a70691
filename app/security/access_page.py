"""Where somebody is signed in, as administrators see it (登录管理): end sessions, take a lost second factor away."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, url_for
from flask import request as asked
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.core.base import now
from app.database import db
from app.security import directory, lockout, may, oidc, second_factor
from app.security.agents import is_phone
from app.security.granting import may_reset
from app.security.models import UserAccount
from app.security.proving import fresh
from app.security.sessions import end_others, end_session, sessions_of
from app.security.trail import record
from app.web.cells import shown
from app.web.gate import needs
from app.web.page import Page


class AccessPage(Page):
    """Sessions, second factor and latest sign-ins of one person."""

    route_base = "/access"
    default_view = "show"
    permission = class_permission_name = "users"

    def _found(self, pk: int) -> UserAccount:
        user = db.session.get(UserAccount, pk) if 0 < pk < 2**31 else None
        return user if user is not None else abort(404)

    def _may_end(self) -> bool:
        return may("write", "users") or may("write", "roles")

    @staticmethod
    def _may_reset(user: UserAccount) -> bool:
        """Security administrators alone, and never their own: that would make a stolen password enough."""
        return may("write", "roles") and user.id != current_user.id

    @expose("/<int:pk>", methods=["GET"])
    @needs("read")
    def show(self, pk: int) -> Any:
        """How and where this person signs in."""
        user = self._found(pk)
        tries = lockout.latest(db.session, lockout.account_key(user.username))
        page = {
            "user": user, "sessions": sessions_of(pk), "may_end": self._may_end(), "may_reset": self._may_reset(user),
            "factor": second_factor.found(db.session, pk), "left": second_factor.codes_left(db.session, pk), "mode": second_factor.mode(),
            "tries": tries[:20], "shared": lockout.is_shared(tries),
            "sources": self._sources() if may("write", "users") and may_reset(user) else [],
        }
        above = [(_("System"), None), (_("Users"), url_for("UserPage.list")), (user.full_name, url_for("UserPage.show", pk=pk))]
        return render_template("security/access.html", page=page, shown=shown, is_phone=is_phone, crumbs=[*above, (_("Sign-ins"), None)])

    @expose("/<int:pk>/end", methods=["POST"])
    @expose("/<int:pk>/end/<int:number>", methods=["POST"])
    @needs("read")
    def end(self, pk: int, number: int | None = None) -> Any:
        """End one session of this person, or all."""
        user = self._found(pk)
        if not self._may_end():
            abort(403)
        if number is not None and not end_session(user.id, number):
            abort(404)
        if number is None:
            end_others(user.id)
        record("end_session", user.id)
        db.session.commit()
        flash(_("The session has ended.") if number is not None else _("All sessions have ended."), "success")
        return redirect(url_for("AccessPage.show", pk=pk))

    @expose("/<int:pk>/source", methods=["POST"])
    @needs("write")
    @fresh
    def source(self, pk: int) -> Any:
        """Let the directory or the sign-on service keep the person's password; back here it is a one-time password that does it."""
        user, wanted = self._found(pk), asked.form.get("source", "")
        if user.id == current_user.id or wanted not in self._sources() or not may_reset(user):
            abort(403)
        user.source, user.must_change, user.one_time_expires_at = wanted, False, None
        end_others(user.id)
        record("account", pk, f"signs in by {wanted}")
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(url_for("AccessPage.show", pk=pk))

    @staticmethod
    def _sources() -> list[str]:
        return [name for name, on in (("ldap", directory.is_on()), ("oidc", oidc.is_on())) if on]

    @expose("/<int:pk>/factor/reset", methods=["POST"])
    @needs("read")
    @fresh
    def reset_factor(self, pk: int) -> Any:
        """Take the second factor of somebody who lost phone and codes; they set up a new one at the next sign-in."""
        user = self._found(pk)
        if not self._may_reset(user):
            abort(403)
        if not second_factor.remove(db.session, pk):
            abort(409)
        user.factor_due_at = now()
        record("second_factor", pk, "reset by an administrator")
        db.session.commit()
        flash(_("The second factor is taken away, and the person's sessions have ended."), "success")
        return redirect(url_for("AccessPage.show", pk=pk))


pages = (AccessPage,)
