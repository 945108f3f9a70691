"""The console as it is run, with one more header (本平台)."""
from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask import Flask

from app import create_app as console_app
from app.database import db
from bench.counting import count_statements


def create_app() -> Flask:
    """The application."""
    app = console_app()
    with app.app_context():
        count_statements(app, db.engine)
    return app
