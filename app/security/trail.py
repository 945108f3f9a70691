"""What the security room writes into the trail (审计留痕): in the transaction of the deed, so neither exists without the other.

The trail's own room stands above this one, hence its table is named, not imported.
"""
from __future__ import annotations

from app.core.base import Base, now
from app.database import db
from app.database.scope import current_scope


def record(action: str, row_id: int, words: str = "", *, table: str = "ab_user", division_code: str | None = None) -> None:
    """Write down a deed. It is sent to the database at once: if it cannot be kept, the deed fails with it."""
    scope = current_scope()
    entry = {
        "at": now(), "user_id": scope.user_id, "actor": scope.actor or "system", "action": action, "table_name": table,
        "row_id": row_id, "division_code": division_code, "changes": {}, "note": words[:4000],
    }
    db.session.execute(Base.metadata.tables["audit_entry"].insert().inline(), [entry])
