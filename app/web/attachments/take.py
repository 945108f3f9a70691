"""Taking a file in (收下附件): looked through, cleaned, put into the folder, and written down beside its record."""
from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import select

from app.audit import record
from app.core.register import Register
from app.database import db
from app.database.scope import current_scope
from app.web.attachments import pictures, store
from app.web.attachments.kinds import AttachmentRefused, clean_name, kind_of
from app.web.attachments.models import Attachment, Side, count_of
from app.web.attachments.scanner import refuse_infected

MB = 1024 * 1024


def take(register: Register, row: Any, file: Any, side: str) -> Attachment:
    """Add one uploaded file to a record, or raise AttachmentRefused. The caller commits."""
    most = current_app.config["ATTACHMENT_MB"]
    content = file.read(most * MB + 1)
    if len(content) > most * MB:
        raise AttachmentRefused(_("The file is larger than %(most)s MB.", most=most))
    refuse_infected(content)
    kind = kind_of(content)
    if kind.image:
        content = pictures.cleaned(content, kind)
    _leave_room(register, row)
    made = Attachment(
        register=register.name, row_id=row.id, division_code=getattr(row, register.scope_column), kind=Side(side).value,
        name=clean_name(file.filename or "", kind), type=kind.name, size=len(content), sha256=store.keep(content),
        created_by=current_scope().user_id)
    db.session.add(made)
    db.session.flush()
    record("attach", register.table.name, row.id, made.division_code, made.name)
    return made


def _leave_room(register: Register, row: Any) -> None:
    """Count under a lock on the record, so that two uploads at once cannot both be the last one."""
    db.session.execute(select(register.model.id).where(register.model.id == row.id).with_for_update())
    most = current_app.config["ATTACHMENTS_PER_RECORD"]
    if count_of(register, row) >= most:
        raise AttachmentRefused(_("A record has at most %(most)s attachments.", most=most))


def drop(attachment: Attachment, register: Register) -> None:
    """Take a file away from its record; the folder lets it go at night, when nobody else has it."""
    record("detach", register.table.name, attachment.row_id, attachment.division_code, attachment.name)
    db.session.delete(attachment)
    db.session.flush()


def small(attachment: Attachment) -> bytes:
    """The small picture, made when it is first asked for."""
    whole = store.place(attachment.sha256)
    kept = whole.with_suffix(store.SMALL)
    if not kept.exists():
        store.keep_small(attachment.sha256, pictures.thumbnail(whole.read_bytes()))
    return kept.read_bytes()
