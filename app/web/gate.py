"""The gate before every page of a register: signed in, and allowed this verb on this register."""
from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import abort, redirect, request, url_for
from flask_login import current_user

from app.security import may


def needs(verb: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Let the method through only with the verb on the view's own subject; FAB reads the verb as permission."""

    def decorate(method: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(method)
        def wrapped(self: Any, *args: Any, **options: Any) -> Any:
            if not current_user.is_authenticated:
                if request.path.startswith("/api/"):
                    abort(401)
                target = request.full_path.rstrip("?") if request.method == "GET" else None
                return redirect(url_for("AuthDBView.login", next=target))
            if not may(verb, self.class_permission_name):
                abort(403)
            return method(self, *args, **options)

        wrapped._permission_name = verb  # type: ignore[attr-defined]
        return wrapped

    return decorate


def signed_in(method: Callable[..., Any]) -> Callable[..., Any]:
    """Let only somebody who has signed in through; for pages whose rule is about whose the row is."""

    @wraps(method)
    def wrapped(self: Any, *args: Any, **options: Any) -> Any:
        return method(self, *args, **options) if current_user.is_authenticated else abort(401)

    return wrapped
