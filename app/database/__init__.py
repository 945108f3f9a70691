"""The database room: one session, one place that puts the scope on it, and the rules PostgreSQL keeps."""
from __future__ import annotations

from flask_appbuilder.models.sqla.base import SQLA

db = SQLA()
