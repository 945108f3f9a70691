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
from app.security import lockout, passwords
from app.security.local import is_local
from app.security.models import UserAccount
from app.security.scope_of import scope_for
from app.security.sessions import forget_this, open_session
from app.security.trail import record


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
    right = passwords.is_right(user.password if user else None, password)
    held = lockout.is_locked(db.session, key) or lockout.is_flooding(db.session, address)
    entered = user if right and not held and _may_enter(user) else None
    lockout.note(db.session, key, "ok" if entered else "refused" if held else "failed", address)
    if entered:
        entered.signed_in_at, entered.login_count = now(), (entered.login_count or 0) + 1
    db.session.commit()
    return entered


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
        user = authenticate(request.form.get("username", ""), request.form.get("password", ""), request.remote_addr or "")
        if user is None:
            return self._page(target, _(
                "The name or the password is not right, or the account is locked. "
                "After 5 wrong tries wait 15 minutes, or ask your administrator."), 401)
        self._enter(user)
        return redirect(url_for("AccountPage.password") if user.must_change else target)

    def _page(self, target: str, fault: str = "", code: int = 200) -> Any:
        return render_template("security/sign_in.html", target=target, fault=fault, name=request.form.get("username", "")[:128]), code

    def _enter(self, user: UserAccount) -> None:
        open_session(user)
        bind_request_scope(scope_for(user))
        record("sign_in", user.id)
        db.session.commit()

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
