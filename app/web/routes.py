"""The few addresses that belong to no register: health and language."""
from __future__ import annotations

from typing import Any

from flask import Flask, abort, redirect, request, session
from sqlalchemy import text

from app.database import db
from app.security.local import is_local

LANGUAGES = ("zh", "en")


def init_routes(app: Flask) -> None:
    """Add them."""

    @app.get("/health")
    def health() -> Any:
        """200 once the console is usable: the database answers and has its tables."""
        db.session.execute(text("SELECT 1 FROM ab_user LIMIT 1"))
        return {"status": "ok"}

    @app.get("/lang/<code>")
    def language(code: str) -> Any:
        """Change the language of this browser's session and go back."""
        if code not in LANGUAGES:
            abort(404)
        session["locale"] = code
        target = request.args.get("next", "/")
        return redirect(target if is_local(target) else "/")
