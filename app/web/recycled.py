"""Bringing deleted records back (回收站恢复): under the checks of today's form and the rules of the database, whole or not at all."""
from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlalchemy import delete, select, text
from sqlalchemy.exc import DBAPIError
from werkzeug.datastructures import MultiDict

from app.core.base import Base, now
from app.core.register import Register
from app.core.task import Task, Usual
from app.database import db
from app.database.recycling import DeletedRecord
from app.database.scope import noted
from app.web.forms import form_class, problems
from app.web.merging import written


class Unrestorable(ValueError):
    """The record cannot come back as it was; the words say why."""


def restore(register: Register, kept: DeletedRecord) -> None:
    """Write the record and its parts back under their old numbers, or raise Unrestorable with nothing changed. The caller commits."""
    words = _faults(register, kept)
    if words:
        raise Unrestorable(words)
    try:
        with noted(_("Restored from the recycle bin")), db.session.begin_nested():
            _write(register.table, [kept.image])
            for part in kept.parts:
                _make_room(part)
                _write(Base.metadata.tables[part["table"]], part["rows"])
            db.session.execute(delete(DeletedRecord).where(DeletedRecord.id == kept.id))
    except DBAPIError as error:
        db.session.rollback()
        raise Unrestorable(next(iter(problems(register, error)))[1]) from error


def _faults(register: Register, kept: DeletedRecord) -> str:
    """What the form says today against the record as it was; empty when nothing."""
    columns = ", ".join(f'r."{column.name}"' for column in register.table.columns)
    name = register.table.name
    # Names come from the register's own table; the values are bound.
    as_row = select(register.model).from_statement(
        text(f"SELECT {columns} FROM jsonb_populate_record(NULL::{name}, CAST(:image AS jsonb)) AS r"))  # noqa: S608
    row = db.session.scalars(as_row, {"image": json.dumps(kept.image)}).one()
    make = form_class(register)
    stands = make(obj=row, formdata=None, meta={"csrf": False})
    sent = MultiDict({each: said for each in register.writable if (said := written(stands[each]))})
    form = make(obj=row, formdata=sent, meta={"csrf": False})
    with db.session.no_autoflush:
        valid = form.validate()
    db.session.expunge(row)
    if valid:
        return ""
    field, errors = next(iter(form.errors.items()))
    label = f"{register.columns[field].info['label']}：" if field in register.columns else ""
    return f"{label}{errors[0]}"


def _make_room(part: dict[str, Any]) -> None:
    """Take away what the console itself has just made for the record, such as the lines of an assessment."""
    if link := part.get("link"):
        child = Base.metadata.tables[part["table"]]
        db.session.execute(delete(child).where(child.c[link].in_({row[link] for row in part["rows"]})))


def _write(table: Any, rows: list[dict[str, Any]]) -> None:
    names = ", ".join(f'"{column.name}"' for column in table.columns if column.computed is None)
    db.session.execute(text(f"INSERT INTO {table.name} ({names}) SELECT {names} "  # noqa: S608 - names of the table's own
                            f"FROM jsonb_populate_recordset(NULL::{table.name}, CAST(:rows AS jsonb))"), {"rows": json.dumps(rows)})


def run(period: str) -> str | None:
    """Empty what has lain longer than its days."""
    days = int(current_app.config["RECYCLED_DAYS"])
    gone = db.session.execute(delete(DeletedRecord).where(DeletedRecord.at < now() - timedelta(days=days))).rowcount
    return _("Records removed from the recycle bin for good: %(count)s.", count=gone) if gone else None


tasks = {"empty_bin": Task("empty_bin", lazy_gettext("Recycle bin: remove what has lain too long"), run, Usual("回收站到期清理", "daily", 2, 50))}
