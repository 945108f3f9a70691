"""Writing a checked file: all rows that were chosen in one transaction, or none."""
from __future__ import annotations

import hashlib
from typing import Any

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm.exc import StaleDataError

from app.audit import record
from app.core.progress import Tell, silent
from app.core.register import Register
from app.database import db
from app.database.scope import noted
from app.web.forms import fill
from app.web.forms import problems as words_for
from app.web.workbook.batches import ImportBatch, ImportChange, images
from app.web.workbook.check import AT_ONCE, Checked, Problem, Ready

REFUSALS = (DBAPIError, StaleDataError, ValueError)


def write(register: Register, checked: Checked, name: str, content: bytes, tell: Tell = silent) -> ImportBatch | Problem:
    """The batch, sent to the database for the caller to commit; or, with nothing written, the first row that was refused."""
    batch = ImportBatch(register=register.name, user_id=current_user.id, file=name[:200], sha256=hashlib.sha256(content).hexdigest(),
                        left_out=checked.rows - len(checked.ready), added=0, changed=0)
    db.session.add(batch)
    db.session.flush()
    added = changed = 0
    with noted(_("Import of %(file)s", file=name)):
        for start in range(0, len(checked.ready), AT_ONCE):
            tell(start, len(checked.ready))
            written = _some(register, checked.ready[start:start + AT_ONCE], batch)
            if isinstance(written, Problem):
                return written
            added, changed = added + written[0], changed + written[1]
        db.session.execute(update(ImportBatch).where(ImportBatch.id == batch.id).values(added=added, changed=changed))
        record("import", register.table.name, None, None, f"{name}: +{added} ~{changed}")
    return batch


def _some(register: Register, ready: list[Ready], batch: ImportBatch) -> tuple[int, int] | Problem:
    """Some hundred rows by a few statements; only when the database refuses them are they tried one by one to name the row."""
    before = images(register, [each.row_id for each in ready if each.row_id is not None])
    try:
        with db.session.begin_nested():
            rows = _filled(register, ready)
            db.session.flush()
    except REFUSALS:
        rows = []
        for each in ready:
            try:
                rows += _filled(register, [each])
                db.session.flush()
            except REFUSALS as error:
                db.session.rollback()
                return Problem(each.line.number, "", "", "", next(iter(words_for(register, error)))[1])
    return _remember(batch, rows, before)


def _filled(register: Register, ready: list[Ready]) -> list[Any]:
    ids = [each.row_id for each in ready if each.row_id is not None]
    known = {row.id: row for row in db.session.scalars(select(register.model).where(register.model.id.in_(ids)))} if ids else {}
    rows = []
    for each in ready:
        row = register.model() if each.row_id is None else known.get(each.row_id)
        if row is None:
            raise StaleDataError("The row was removed meanwhile.")
        fill(row, register, each.values)
        db.session.add(row)
        rows.append(row)
    return rows


def _remember(batch: ImportBatch, rows: list[Any], before: dict[int, dict[str, Any]]) -> tuple[int, int]:
    """Note the rows in the batch, and let them go from memory; a row that the file does not change is no part of it."""
    noted_rows = [{"batch_id": batch.id, "user_id": batch.user_id, "row_id": row.id, "version": row.row_version, "before": before.get(row.id)}
                  for row in rows if row.id not in before or before[row.id]["row_version"] != row.row_version]
    if noted_rows:
        db.session.execute(ImportChange.__table__.insert().inline(), noted_rows)
    for row in rows:
        db.session.expunge(row)
    new = sum(1 for each in noted_rows if each["before"] is None)
    return new, len(noted_rows) - new
