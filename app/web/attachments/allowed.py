"""Whose attachments they are (附件权限): every path first reads the record itself, under its own rights."""
from __future__ import annotations

from typing import Any

from flask import abort
from flask_login import current_user
from sqlalchemy import select

from app.core.register import Register, find
from app.database import db
from app.database.scope import current_scope
from app.security import may
from app.web.attachments.models import Attachment


def may_see(register: Register) -> bool:
    """Whether the person may see and load the files of a register: photographs of people are like sealed data."""
    return may("read", register.name) and (not register.sensitive or may("reveal", register.name))


def open_for_change(register: Register, row: Any) -> bool:
    """Whether files may be added to the row and taken away from it."""
    return (may("write", register.name) and not register.frozen and not register.locked(row)
            and current_scope().holds(getattr(row, register.scope_column)))


def record_of(name: str, pk: int) -> tuple[Register, Any]:
    """The register and its row, for whoever may read it."""
    if not current_user.is_authenticated:
        abort(401)
    try:
        register = find(name)
    except KeyError:
        abort(404)
    if not may("read", name):
        abort(403)
    row = db.session.scalar(select(register.model).where(register.model.id == pk)) if 0 < pk < 2**31 else None
    return (register, row) if row is not None else abort(404)


def attachment_of(pk: int) -> tuple[Attachment, Register, Any]:
    """An attachment with its record, for whoever may see it."""
    if not current_user.is_authenticated:
        abort(401)
    found = db.session.get(Attachment, pk) if 0 < pk < 2**31 else None
    if found is None:
        abort(404)
    register, row = record_of(found.register, found.row_id)
    return (found, register, row) if may_see(register) else abort(403)
