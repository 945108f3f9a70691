"""One's own account (我的账号): who I am here, where I am signed in, and my password."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.database import db
from app.security import lockout, password_history, passwords, second_factor
from app.security.agents import is_phone
from app.security.divisions_of import post_names
from app.security.models import UserAccount
from app.security.sessions import end_others, end_session, reopen, sessions_of, visit
from app.security.trail import record
from app.web.cells import shown
from app.web.page import Page


class AccountPage(Page):
    """Everybody's own page; it needs no permission but to be signed in."""

    route_base = "/account"
    default_view = "show"

    def _me(self) -> UserAccount:
        if not current_user.is_authenticated:
            abort(401)
        return db.session.get(UserAccount, current_user.id)

    @expose("", methods=["GET"])
    def show(self) -> Any:
        """What the console knows about me, and where I am signed in."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=request.path))
        me = self._me()
        here, tries = visit(), lockout.latest(db.session, lockout.account_key(me.username))
        entered = [each for each in tries if each.outcome == "ok"]
        page = {
            "posts": post_names([me.id]).get(me.id, []), "sessions": sessions_of(me.id), "here": here.id if here else 0,
            "idle": here.idle_minutes if here else 0, "before": entered[1] if len(entered) > 1 else None, "tries": tries[:8],
            "factor_mode": second_factor.mode(), "factor_on": second_factor.is_on(db.session, me.id),
            "codes_left": second_factor.codes_left(db.session, me.id),
        }
        return render_template("security/account.html", me=me, page=page, shown=shown, is_phone=is_phone, crumbs=[(_("My account"), None)])

    @expose("/sessions/<int:number>/end", methods=["POST"])
    def end_one(self, number: int) -> Any:
        """End one of my sessions."""
        me = self._me()
        if not end_session(me.id, number):
            abort(404)
        return self._ended(me, _("The session has ended."))

    @expose("/sessions/end", methods=["POST"])
    def end_all_others(self) -> Any:
        """End all of my sessions but this one."""
        me, here = self._me(), visit()
        end_others(me.id, here.id if here else None)
        return self._ended(me, _("All other sessions have ended."))

    @staticmethod
    def _ended(me: UserAccount, words: str) -> Any:
        record("end_session", me.id)
        db.session.commit()
        flash(words, "success")
        return redirect(url_for("AccountPage.show"))

    @expose("/password", methods=["GET", "POST"])
    def password(self) -> Any:
        """Change my password; the present one is asked for."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=request.path))
        me = self._me()
        if me.source != "local":
            abort(404)
        faults = self._faults(me) if request.method == "POST" else {}
        if request.method == "GET" or faults:
            crumbs = [(_("My account"), url_for("AccountPage.show")), (_("Change password"), None)]
            page = render_template("security/password.html", me=me, faults=faults, rules=passwords.rules(), crumbs=crumbs)
            return page, 422 if faults else 200
        return self._change(me)

    def _faults(self, me: UserAccount) -> dict[str, str]:
        given = request.form.get("current", ""), request.form.get("new", ""), request.form.get("again", "")
        found: dict[str, str] = {}
        if not self._is_mine(me, given[0]):
            found["current"] = _("This is not your present password.")
        if fault := passwords.fault(given[1], me.username):
            found["new"] = fault
        elif "current" not in found and password_history.was_used(db.session, me, given[1]):
            found["new"] = _("Choose a password that you did not use lately.")
        if given[1] != given[2]:
            found["again"] = _("The two new passwords differ.")
        return found

    def _is_mine(self, me: UserAccount, given: str) -> bool:
        # Guesses at a desk left open count like guesses at the door.
        key = lockout.account_key(me.username)
        lockout.take_turn(db.session, key)
        right = passwords.is_right(me.password, given) and not lockout.is_locked(db.session, key)
        if not right:
            lockout.note(db.session, key, "failed", request.remote_addr or "")
            db.session.commit()
        return right

    def _change(self, me: UserAccount) -> Any:
        password_history.put(db.session, me, request.form["new"])
        record("password", me.id)
        reopen(me)
        db.session.commit()
        flash(_("The password is changed. Other sessions of yours have ended."), "success")
        return redirect("/")


pages = (AccountPage,)
