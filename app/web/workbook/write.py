"""Writing a checked file: all rows that were chosen in one transaction, or none."""
from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy.exc import DBAPIError

from app.audit import record
from app.core.register import Register
from app.database import db
from app.database.scope import noted
from app.web.forms import problems as words_for
from app.web.workbook.batches import ImportBatch, ImportChange, images
from app.web.workbook.check import Checked, Problem

AT_ONCE = 500


def write(register: Register, checked: Checked, name: str, content: bytes) -> ImportBatch | Problem:
    """The batch that was written; or, with nothing written, the first row that the database refused."""
    before = _before(register, [row.id for _line, _form, row in checked.ready if row is not None])
    batch = ImportBatch(register=register.name, user_id=current_user.id, file=name[:200], sha256=hashlib.sha256(content).hexdigest(),
                        left_out=checked.rows - len(checked.ready), added=0, changed=0)
    db.session.add(batch)
    written = []
    with noted(_("Import of %(file)s", file=name)):
        for line, form, row in checked.ready:
            target = row if row is not None else register.model()
            form.fill(target, register)
            db.session.add(target)
            try:
                db.session.flush()
            except (DBAPIError, ValueError) as error:
                db.session.rollback()
                return Problem(line.number, "", "", "", next(iter(words_for(register, error)))[1])
            # A row that the file does not change is no part of the batch.
            if row is None or before[row.id]["row_version"] != row.row_version:
                written.append((target, row is None))
        _remember(batch, written, before)
        record("import", register.table.name, None, None, f"{name}: +{batch.added} ~{batch.changed}")
        db.session.commit()
    return batch


def _before(register: Register, ids: list[int]) -> dict[int, dict[str, Any]]:
    return {row_id: image for start in range(0, len(ids), AT_ONCE)
            for row_id, image in images(register, ids[start:start + AT_ONCE]).items()}


def _remember(batch: ImportBatch, written: list[tuple[Any, bool]], before: dict[int, dict[str, Any]]) -> None:
    batch.added = sum(1 for _row, new in written if new)
    batch.changed = len(written) - batch.added
    db.session.flush()
    rows = [{"batch_id": batch.id, "user_id": batch.user_id, "row_id": row.id, "version": row.row_version,
             "before": None if new else before[row.id]} for row, new in written]
    if rows:
        db.session.execute(ImportChange.__table__.insert(), rows)
