"""Signing in and out (登录与退出): one answer for every refusal, and nothing of the former session kept."""
from __future__ import annotations

from typing import Any

from flask import flash, redirect, render_template, request, session, url_for
from flask_appbuilder import BaseView, expose
from flask_babel import gettext as _
from flask_login import current_user, logout_user
from sqlalchemy import func, select

from app.core.base import now
from app.database import db
from app.database.scope import bind_request_scope
from app.security import directory, lockout, oidc, password_history, second_factor
from app.security.local import is_local
from app.security.models import UserAccount
from app.security.proving import prove_code
from app.security.scope_of import scope_for
from app.security.sessions import forget_this, open_session, open_step, person_at_step
from app.security.trail import record
from app.web.cells import shown


def find_account(key: str) -> UserAccount | None:
    """The account of that name, in whatever case it was typed."""
    named = select(UserAccount).where(func.lower(UserAccount.username) == key)
    return db.session.scalars(named.order_by(UserAccount.id).limit(1)).first()


def _may_enter(user: UserAccount | None) -> bool:
    if user is None or not user.active:
        return False
    return not (user.must_change and user.one_time_expires_at and user.one_time_expires_at < now())


def authenticate(name: str, password: str, address: str) -> UserAccount | None:
    """The person whose name and password these are. Every refusal does the same work and says the same."""
    key = lockout.account_key(name)
    lockout.take_turn(db.session, key)
    user = find_account(key)
    right = directory.is_right(user, key, password)
    held = lockout.is_locked(db.session, key) or lockout.is_flooding(db.session, address)
    entered = user if right and not held and _may_enter(user) else None
    # A right password alone clears no failed tries while a code is still to come: else codes could be guessed for ever.
    if not (entered and second_factor.is_on(db.session, entered.id)):
        lockout.note(db.session, key, "ok" if entered else "refused" if held else "failed", address)
    if entered and entered.source == "local" and password_history.refresh_hash(entered, password):
        db.session.flush()
        db.session.refresh(entered)
    db.session.commit()
    return entered


def enter(user: UserAccount, method: str, target: str) -> Any:
    """Open the session, write the sign-in down and lead on."""
    password_history.note_age(user)
    user.signed_in_at, user.login_count = now(), (user.login_count or 0) + 1
    open_session(user, method)
    bind_request_scope(scope_for(user))
    record("sign_in", user.id, method)
    if second_factor.set_due(db.session, user):
        day = shown(user.factor_due_at, "time")
        flash(_("Your role needs a second factor. Set it up under “My account” before %(day)s.", day=day), "warning")
    if method == "recovery":
        left = second_factor.codes_left(db.session, user.id)
        flash(_("You used a recovery code; %(count)s are left. Make new ones under “My account”.", count=left), "warning")
    db.session.commit()
    return redirect(url_for("AccountPage.password") if user.must_change else target)


def admit(user: UserAccount, method: str, target: str) -> Any:
    """Ask for the second step where there is one, else let the person in."""
    if not second_factor.is_on(db.session, user.id):
        return enter(user, method, target)
    open_step(user)
    db.session.commit()
    return redirect(url_for("AuthDBView.code", next=target))


class AuthDBView(BaseView):
    """FAB looks for the sign-in page under this name."""

    route_base = ""
    default_view = "login"

    @expose("/login/", methods=["GET", "POST"])
    def login(self) -> Any:
        """The sign-in page."""
        target = request.values.get("next")
        target = target if is_local(target) else "/"
        if request.method == "GET":
            return redirect(target) if current_user.is_authenticated else self._page(target)
        try:
            user = authenticate(request.form.get("username", ""), request.form.get("password", ""), request.remote_addr or "")
        except directory.DirectorySilent:
            db.session.rollback()
            return self._page(target, _("The directory that keeps the passwords does not answer. Try again in a few minutes."), 503)
        if user is None:
            return self._page(target, _(
                "The name or the password is not right, or the account is locked. "
                "After %(tries)s wrong tries wait %(minutes)s minutes, or ask your administrator.", **lockout.words()), 401)
        return admit(user, "ldap" if user.source == "ldap" else "password", target)

    def _page(self, target: str, fault: str = "", code: int = 200) -> Any:
        name = request.form.get("username", "")[:128]
        return render_template("security/sign_in.html", sign_on=oidc.is_on(), lock=lockout.words(), target=target, fault=fault, name=name), code

    @expose("/login/code", methods=["GET", "POST"])
    def code(self) -> Any:
        """The second step: a code from the person's phone, or a recovery code."""
        target, user = request.values.get("next"), person_at_step()
        target = target if is_local(target) else "/"
        if user is None:
            flash(_("The second step took too long or is over; please sign in again."), "warning")
            return redirect(url_for(f"{self.endpoint}.login", next=target))
        if request.method == "GET":
            return render_template("security/code.html", target=target, fault="")
        method = prove_code(user, request.form.get("code", ""))
        if not method:
            fault = _("The code is not right or was used before, or the account is locked. After %(tries)s wrong tries wait %(minutes)s minutes.",
                      **lockout.words())
            return render_template("security/code.html", target=target, fault=fault), 401
        lockout.note(db.session, lockout.account_key(user.username), "ok", request.remote_addr or "")
        return enter(user, method, target)

    @expose("/logout", methods=["POST"])
    @expose("/logout/", methods=["POST"])
    def logout(self) -> Any:
        """End this session here and on the server, so that a copied cookie is worth nothing."""
        if current_user.is_authenticated:
            record("sign_out", current_user.id)
        forget_this()
        db.session.commit()
        logout_user()
        session.clear()
        flash(_("You are signed out."), "success")
        return redirect(url_for(f"{self.endpoint}.login"))
