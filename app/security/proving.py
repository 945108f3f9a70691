"""Proving who one is (身份核验): the second step of signing in, and once more before what is dangerous (二次认证).

``fresh`` stands before a method: when the last proof is older than ten minutes it shows a page that asks for the password or
a code, keeps what was typed as hidden fields, and sends all of it again to the same address.
"""
from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any

from flask import abort, current_app, flash, g, jsonify, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import update

from app.core.base import now
from app.database import db
from app.security import directory, lockout, second_factor
from app.security.models import LoginSession, UserAccount
from app.security.sessions import forget_this, visit

LASTS = timedelta(minutes=10)
FIELD = "_proof"
READING = ("GET", "HEAD", "OPTIONS")


def _tried(user: UserAccount, check: Callable[[], str]) -> str:
    """Let one try be made within the lock of the account; how it was proved, or nothing. It commits."""
    key = lockout.account_key(user.username)
    lockout.take_turn(db.session, key)
    method, held = check(), lockout.is_locked(db.session, key)
    if held or not method:
        db.session.rollback()
        lockout.take_turn(db.session, key)
        lockout.note(db.session, key, "refused" if held else "failed", request.remote_addr or "")
    db.session.commit()
    return "" if held else method


def _by_code(user: UserAccount, text: str) -> str:
    if second_factor.accept(db.session, user.id, text):
        return "code"
    return "recovery" if second_factor.recover(db.session, user.id, text) else ""


def prove_code(user: UserAccount, text: str) -> str:
    """How the second step was proved: code, recovery or not at all."""
    return _tried(user, lambda: _by_code(user, text))


def _by_anything(user: UserAccount, text: str) -> str:
    figures = second_factor.plain(text)
    if len(figures) == second_factor.FIGURES and figures.isdecimal() and second_factor.is_on(db.session, user.id):
        return "code" if second_factor.accept(db.session, user.id, text) else ""
    return "password" if directory.is_right(user, lockout.account_key(user.username), text) else ""


def prove(text: str) -> bool:
    """Whether the text is the signed-in person's password or present code; a right one counts for ten minutes."""
    here, user = visit(), db.session.get(UserAccount, current_user.id)
    if here is None or user is None or not _tried(user, lambda: _by_anything(user, text)):
        return False
    db.session.execute(update(LoginSession).where(LoginSession.id == here.id).values(proved_at=now()))
    db.session.commit()
    g.proved = True
    return True


def is_proved() -> bool:
    """Whether the person has shown lately who they are."""
    here = visit()
    return bool(g.get("proved")) or (here is not None and now() - here.proved_at < LASTS)


def thrown_out() -> Any:
    """The answer to whoever guessed too often inside a session: it ends, and the door is locked too."""
    key = lockout.account_key(current_user.username)
    if not lockout.is_locked(db.session, key):
        return None
    forget_this()
    db.session.commit()
    session.clear()
    flash(_("Too many wrong tries: this session has ended, and the account is locked for %(minutes)s minutes.",
            minutes=current_app.config["LOCK_MINUTES"]), "danger")
    return redirect(url_for("AuthDBView.login"))


def _asked_by_program() -> bool:
    return request.path.startswith("/api/") or bool(request.headers.get("HX-Request")) or request.is_json


def wrong() -> str:
    """What is said of a wrong proof."""
    if second_factor.is_on(db.session, current_user.id):
        return _("This is not right. Type your password, or a new code from your phone.")
    return _("This is not your present password.")


def page(target: str, kept: list[tuple[str, str]], fault: str = "") -> Any:
    """The page that asks; ``kept`` is what is sent again with the proof."""
    has_code = second_factor.is_on(db.session, current_user.id)
    words = render_template("security/prove.html", target=target, kept=kept, fault=fault, field=FIELD, has_code=has_code, unlisted=True,
                            crumbs=[(_("Confirm that it is you"), None)])
    return words, 422 if fault else 200


def demand() -> Any:
    """None when the person has proved lately, or does so now, who they are; else the page that asks for it."""
    if not current_user.is_authenticated or is_proved():
        return None
    if _asked_by_program():
        return _told_program()
    if request.method in READING:
        return redirect(url_for("ProvingPage.prove", next=request.full_path.rstrip("?")))
    given, fault = request.form.get(FIELD), ""
    if given is not None:
        if prove(given):
            return None
        if out := thrown_out():
            return out
        fault = wrong()
    kept = [(name, text) for name, text in request.form.items(multi=True) if name not in (FIELD, "csrf_token")]
    return page(request.full_path.rstrip("?"), kept, fault)


def _told_program() -> Any:
    """Programs and parts of pages cannot show the page; they are told where it is."""
    there = url_for("ProvingPage.prove", next=request.headers.get("HX-Current-URL", "/").partition(request.host)[2] or "/")
    answer = jsonify(error={"code": 403, "message": _("Confirm first that it is you."), "advice": there})
    answer.headers["HX-Redirect"] = there
    return answer, 403


def fresh(method: Callable[..., Any]) -> Callable[..., Any]:
    """Ask for a fresh proof before the method changes anything; merely reading passes. It stands below ``needs``."""
    @wraps(method)
    def wrapped(self: Any, *args: Any, **options: Any) -> Any:
        asked = None if request.method in READING else demand()
        return method(self, *args, **options) if asked is None else asked

    return wrapped


def signed_in_person() -> UserAccount:
    """The account of whoever asks; 401 without one."""
    user = db.session.get(UserAccount, current_user.id) if current_user.is_authenticated else None
    return user if user is not None else abort(401)
