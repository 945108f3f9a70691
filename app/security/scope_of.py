"""From posts to rows (数据范围): what a signed-in person's posts let them touch, put on every request."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import Flask, abort, current_app, g, redirect, request, url_for
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from app.core.base import now
from app.database import db
from app.database.scope import NOWHERE, Range, Scope, bind_request_scope, current_scope, merged
from app.security.models import Post, UserAccount
from app.security.second_factor import is_overdue
from app.security.tokens import bearer
from app.web.api.problems import Refused

FILES = ("static", "appbuilder.static", "desk", "look", "appearance_css", "emblem")
"""Addresses that ask for nobody."""
OPEN_ALWAYS = {"AuthDBView.login", "AuthDBView.code", "AuthDBView.logout", "SignOnPage.start", "SignOnPage.back", "ProvingPage.prove",
               "health", "language", *FILES}
FACTOR_PAGES = {f"FactorPage.{name}" for name in ("show", "begin", "confirm")}


def ranges_of(posts: Iterable[tuple[str, str]]) -> tuple[Range, ...]:
    """The ranges of pairs of division and reach; TooManyRanges when they lie in more than four places."""
    return merged(Range.below(code) if reach == "below" else Range.alone(code) for code, reach in posts)


def scope_for(user: UserAccount) -> Scope:
    """The rows of the person's posts; no post, no rows."""
    post = Post.__table__.c
    found = db.session.execute(select(post.division_code, post.reach).where(post.user_id == user.id)).all()
    return _scope_of(user, ((code, reach) for code, reach in found))


def _scope_of(user: UserAccount, posts: Iterable[tuple[str, str]]) -> Scope:
    name, token, ranges = user.full_name or user.username, bearer(), ranges_of(posts)
    # Only of whoever asks is the token; scopes are also worked out for others, such as the owner of a new token.
    if token is None or user.id != current_user.id:
        return Scope(ranges, user.id, name)
    return Scope(token.cut(ranges), user.id, f"{name} · {token.name}"[:120])


def _bind() -> None:
    """Load the person while nothing is in scope, then open the rows of their posts."""
    g.scope_before = current_scope()
    g.pop("rights_stamp", None)
    if request.endpoint in FILES:
        return
    bind_request_scope(NOWHERE)
    if current_user.is_authenticated:
        if (token := bearer()) is not None and token.is_over():
            raise Refused(429, headers={"Retry-After": str(60 - now().second)})
        bind_request_scope(_scope_of(current_user, current_app.appbuilder.sm.rights.of(current_user.id).posts))  # type: ignore[attr-defined]


def _first_thing() -> str | None:
    """The page of what a person must do before anything else, unless they are on it."""
    if current_user.must_change:
        return None if request.endpoint == "AccountPage.password" else "AccountPage.password"
    if is_overdue(current_user) and request.endpoint not in FACTOR_PAGES:
        return "FactorPage.show"
    return None


def _ask_for_change() -> Any:
    """Whoever still has a one-time password, or must have a second factor by now, gets no further than that page."""
    if request.endpoint in OPEN_ALWAYS or not current_user.is_authenticated or not (page := _first_thing()):
        return None
    if request.path.startswith("/api/"):
        abort(403)
    return redirect(url_for(page))


def _leave(error: BaseException | None) -> None:
    """Leave nothing of this request's scope to the next one on the same thread."""
    if "scope_before" not in g:
        return
    before = g.pop("scope_before")
    try:
        if before == NOWHERE:
            db.session.rollback()  # The settings end with the transaction, so nobody need take them back by a statement.
        bind_request_scope(before)
    except SQLAlchemyError:
        db.session.rollback()


def install(app: Flask) -> None:
    """Put the scope on every request of the application."""
    app.before_request(_bind)
    app.before_request(_ask_for_change)
    app.teardown_request(_leave)
