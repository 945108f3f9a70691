"""Opening a sealed value (明文查看): only with the right, only with a reason, and never unrecorded."""
from __future__ import annotations

from typing import Any

from flask import abort
from flask_babel import gettext as _

from app.core.register import registers
from app.core.sealed import sealer
from app.security import may
from app.security.trail import record

SHORTEST_REASON = 4


def open_sealed(row: Any, field: str, reason: str) -> str:
    """The value in clear. The entry is written first and in the same transaction: unrecorded, nothing is shown."""
    register = next(each for each in registers() if each.model is type(row))
    if field not in register.sealed or not may("reveal", register.name):
        abort(403)
    why = " ".join(reason.split())[:500]
    if len(why) < SHORTEST_REASON:
        raise ValueError(_("Say in at least 4 characters why you open this; the reason is kept."))
    division = getattr(row, register.scope_column)
    record("reveal", row.id, f"{field}: {why}", table=register.table.name, division_code=division)
    return sealer().open(getattr(row, field).token, register.table.name, field, str(row.uid))
