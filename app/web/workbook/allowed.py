"""Who may do what with the workbooks of a register."""
from __future__ import annotations

from flask import abort
from flask_login import current_user

from app.core.register import Register, find
from app.security import may

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def register_for(name: str, verb: str) -> Register:
    """The register, for whoever may do this with its workbooks."""
    if not current_user.is_authenticated:
        abort(401)
    try:
        register = find(name)
    except KeyError:
        abort(404)
    if verb not in register.verbs():
        abort(404)
    return register if may(verb, name) else abort(403)
