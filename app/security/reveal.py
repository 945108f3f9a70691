"""Opening a sealed value (明文查看): only with the right, only with a reason, and never unrecorded."""
from __future__ import annotations

from typing import Any

from flask import abort
from flask_babel import gettext as _

from app.core.register import registers
from app.core.sealed import sealer
from app.security import may

SHORTEST_REASON = 4


def open_sealed(row: Any, field: str, reason: str) -> str:
    """The value in clear. The entry is written first and in the same transaction: unrecorded, nothing is shown."""
    from app.audit import record

    register = next(each for each in registers() if each.model is type(row))
    if field not in register.sealed or not may("reveal", register.name):
        abort(403)
    why = " ".join(reason.split())[:500]
    if len(why) < SHORTEST_REASON:
        raise ValueError(_("Say in at least 4 characters why you open this; the reason is kept."))
    record("reveal", register.table.name, row.id, getattr(row, register.scope_column), f"{field}: {why}")
    return sealer().open(getattr(row, field).token, register.table.name, field, str(row.uid))
