"""What happens to every row as it is saved: computed columns, sealing, and who saved it."""
from __future__ import annotations

import uuid
from typing import Any

from sqlalchemy import event, inspect
from sqlalchemy.orm import Session

from app.core.base import Stamped
from app.core.conditions import settle
from app.core.sealed import Sealed, sealer
from app.database.scope import current_scope


def _seal(row: Any) -> None:
    columns = row.__table__.columns
    sealed = [c for c in columns if c.info.get("kind") == "sealed" and isinstance(getattr(row, c.key), str)]
    digests = {c.info["of"]: c.key for c in columns if c.info.get("kind") == "blind"}
    for column in sealed:
        plain = getattr(row, column.key)
        if column.key in digests:
            setattr(row, digests[column.key], sealer().index(plain, row.__table__.name, column.key) if plain else None)
        token = sealer().seal(plain, row.__table__.name, column.key, str(row.uid), column.info["mask"]) if plain else None
        setattr(row, column.key, Sealed(token) if token else None)


def _stamp(row: Stamped, *, new: bool) -> None:
    user_id = current_scope().user_id
    if new:
        row.created_by = row.created_by or user_id
    row.updated_by = user_id


def prepare(row: Any, *, new: bool) -> None:
    """Make a row ready for the database."""
    if "uid" in row.__table__.columns and row.uid is None:
        row.uid = uuid.uuid4()
    if hasattr(row, "before_save"):
        row.before_save()
    settle(row)
    _seal(row)
    _stamp(row, new=new)


@event.listens_for(Session, "before_flush")
def _before_flush(session: Session, context: object, instances: object) -> None:
    for row in session.new:
        if isinstance(row, Stamped):
            prepare(row, new=True)
    for row in session.dirty:
        if isinstance(row, Stamped) and inspect(row).modified and session.is_modified(row):
            prepare(row, new=False)
