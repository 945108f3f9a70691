"""How many statements an answer took (语句计数), said in a header."""
from __future__ import annotations

from typing import Any

from flask import Flask, g
from sqlalchemy import event


def count_statements(app: Flask, engine: Any) -> None:
    """Say in each answer how many statements it took."""

    @event.listens_for(engine, "before_cursor_execute")
    def note(*_: object) -> None:
        if g:
            g.bench_statements = g.get("bench_statements", 0) + 1

    @app.after_request
    def tell(response: Any) -> Any:
        response.headers["X-Statements"] = str(g.get("bench_statements", 0))
        return response
