"""Undoing a batch (撤销导入): new rows go, changed rows become what they were, unless somebody worked on them since."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from app.audit import record
from app.core.base import now
from app.core.register import Register
from app.database import db
from app.database.scope import noted
from app.web.workbook.batches import ImportBatch, ImportChange

TERM = timedelta(days=7)


class UndoRefused(ValueError):
    """The batch cannot be undone; the message says why."""


@dataclass(frozen=True)
class Preview:
    """What undoing would do."""

    removed: int
    restored: int
    edited: tuple[int, ...]
    """Rows that somebody changed or deleted since: they stand in the way."""


def may_undo(batch: ImportBatch) -> bool:
    """Whether the term has not run out and it was not undone already."""
    return batch.undone_at is None and now() - batch.at < TERM


def preview(register: Register, batch: ImportBatch) -> Preview:
    """Look at every row of the batch as it is now."""
    changes = db.session.execute(select(ImportChange.row_id, ImportChange.version, ImportChange.before.is_(None)).where(
        ImportChange.batch_id == batch.id)).all()
    table = register.table
    present = dict(db.session.execute(select(table.c.id, table.c.row_version).where(table.c.id.in_([c[0] for c in changes]))).tuples().all())
    edited = tuple(row_id for row_id, version, _new in changes if present.get(row_id) != version)
    new = sum(1 for _row, _version, is_new in changes if is_new)
    return Preview(new, len(changes) - new, edited)


def undo(register: Register, batch: ImportBatch) -> Preview:
    """Undo it in one transaction, which the caller commits; UndoRefused with nothing changed."""
    if not may_undo(batch):
        raise UndoRefused(_("This import cannot be undone any more."))
    db.session.execute(select(ImportBatch.id).where(ImportBatch.id == batch.id).with_for_update())
    seen = preview(register, batch)
    if seen.edited:
        raise UndoRefused(_("%(count)s rows were changed or deleted since the import; it cannot be undone as a whole.", count=len(seen.edited)))
    with noted(_("Undo of the import of %(file)s", file=batch.file)):
        try:
            _put_back(register, batch.id)
        except DBAPIError as error:
            db.session.rollback()
            raise UndoRefused(_("Other records already refer to rows of this import; remove those first.")) from error
        record("import", register.table.name, None, None, _("Undone: %(file)s", file=batch.file))
    batch.undone_at = now()
    return seen


def _put_back(register: Register, batch_id: int) -> None:
    name = register.table.name
    kept = ("id", "uid", "row_version", "updated_at", "updated_by", "created_at", "created_by")
    columns = [f'"{c.name}"' for c in register.table.columns if c.name not in kept and c.computed is None]
    listed, was = ", ".join(columns), ", ".join(f"was.{column}" for column in columns)
    # Names come from the register's own table; the values never pass through here.
    db.session.execute(text(
        f"UPDATE {name} AS t SET ({listed}) = ROW({was}), row_version = t.row_version + 1, updated_at = now() "  # noqa: S608
        f"FROM import_change c, LATERAL jsonb_populate_record(NULL::{name}, c.before) AS was "
        "WHERE c.batch_id = :batch AND c.before IS NOT NULL AND t.id = c.row_id"), {"batch": batch_id})
    db.session.execute(text(
        f"DELETE FROM {name} t USING import_change c WHERE c.batch_id = :batch AND c.before IS NULL AND t.id = c.row_id"),  # noqa: S608
        {"batch": batch_id})
