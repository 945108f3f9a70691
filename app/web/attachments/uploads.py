"""Uploads in pieces (断点续传): a large file comes piece by piece, and goes on where a broken line left it."""
from __future__ import annotations

import hashlib
import io
import os
from datetime import datetime
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, String, func, select, text
from sqlalchemy.orm import Mapped, mapped_column
from werkzeug.datastructures import FileStorage

from app.core.base import Base, now
from app.database import db
from app.web.api.problems import Refused, fault
from app.web.attachments import allowed, store
from app.web.attachments.kinds import AttachmentRefused
from app.web.attachments.models import Attachment
from app.web.attachments.take import take

MOST_OPEN = 20


class Upload(Base):
    """A file on its way, whose pieces lie in the folder of files. Only whoever began it sees it, for a day."""

    __tablename__ = "upload"
    __table_args__ = ({"info": {"owner": "user_id", "kept": ("at", 1)}},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    user_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"), index=True)
    register: Mapped[str] = mapped_column(String(60))
    row_id: Mapped[int] = mapped_column(BigInteger)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(10))
    size: Mapped[int] = mapped_column(Integer)
    sha256: Mapped[str] = mapped_column(String(64))
    offset: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"), index=True)

    @property
    def place(self) -> Path:
        """Where the pieces lie; the nightly sweep takes what was left behind."""
        folder = store.folder() / store.PIECES
        folder.mkdir(exist_ok=True, mode=0o700)
        return folder / f"{self.id}.part"

    def told(self) -> dict[str, Any]:
        """How far it is."""
        return {"id": self.id, "register": self.register, "row": self.row_id, "name": self.name, "kind": self.kind, "size": self.size,
                "sha256": self.sha256, "offset": self.offset}


def begin(**given: Any) -> Upload:
    """Remember what is to come; the caller commits."""
    if (db.session.scalar(select(func.count()).select_from(Upload)) or 0) >= MOST_OPEN:
        raise Refused(409, "too_many_uploads", _("You have %(most)s uploads open; finish or drop some first.", most=MOST_OPEN))
    made = Upload(user_id=current_user.id, **given)
    db.session.add(made)
    db.session.flush()
    return made


def mine(pk: int) -> Upload:
    """One of one's own uploads, held against a second piece at the same time; 404 otherwise."""
    found = db.session.get(Upload, pk, with_for_update=True) if 0 < pk < 2**31 else None
    if found is None:
        raise Refused(404)
    return found


def add_piece(upload: Upload, offset: int, piece: bytes) -> None:
    """Write a piece where the last one ended; 409 with the right place when it does not begin there."""
    if offset != upload.offset:
        raise Refused(409, "wrong_offset", _("The next piece begins at %(offset)s.", offset=upload.offset),
                      headers={"Upload-Offset": str(upload.offset)})
    if offset + len(piece) > upload.size:
        raise Refused(422, errors=[fault("size", _("The pieces are longer than the file was said to be."))])
    with os.fdopen(os.open(upload.place, os.O_WRONLY | os.O_CREAT, 0o600), "wb") as file:
        file.seek(offset)
        file.write(piece)
        file.flush()
        os.fsync(file.fileno())
    upload.offset += len(piece)
    db.session.flush()


def finish(upload: Upload) -> Attachment:
    """Take the whole file in as any other; the upload is over either way. The caller commits."""
    content = upload.place.read_bytes()
    if hashlib.sha256(content).hexdigest() != upload.sha256:
        raise Refused(422, "wrong_hash", errors=[fault("sha256", _("The file that came is not the one that was announced; send it again."))])
    register, row = allowed.record_of(upload.register, upload.row_id)
    return taken(register, row, content, upload.name, upload.kind)


def taken(register: Any, row: Any, content: bytes, name: str, kind: str) -> Attachment:
    """Take a file in for a program, or refuse it in its shape."""
    if not allowed.open_for_change(register, row):
        raise Refused(403)
    try:
        return take(register, row, FileStorage(io.BytesIO(content), name), kind)
    except AttachmentRefused as refusal:
        raise Refused(422, "file_refused", errors=[fault("file", refusal)]) from refusal


def drop(upload: Upload) -> None:
    """Forget an upload and its pieces; the caller commits."""
    upload.place.unlink(missing_ok=True)
    db.session.delete(upload)
    db.session.flush()
