"""What is kept for some days only (临时数据): each table says so itself, and the night takes away what is older."""
from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import delete, func, text

from app.core.base import Base
from app.core.task import Task, Usual
from app.database import db


def run(period: str) -> str | None:
    """Delete the rows whose days are over; row security shows a job these rows and no others."""
    gone = 0
    for table in Base.metadata.sorted_tables:
        if "kept" in table.info:
            column, days = table.info["kept"]
            gone += db.session.execute(delete(table).where(table.c[column] < func.now() - text(f"interval '{int(days)} days'"))).rowcount
    return gettext("Drafts and form keys removed: %(count)s.", count=gone) if gone else None


tasks = {"remove_short_lived": Task("remove_short_lived", _("Remove old drafts"), run, Usual("清理过期草稿", "daily", 2, 45))}
