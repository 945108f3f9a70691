"""Writing a checked file: all rows in one transaction, or none."""
from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy.exc import DBAPIError

from app.audit import record
from app.core.register import Register
from app.database import db
from app.database.scope import noted
from app.web.forms import problems as words_for
from app.web.workbook.check import Checked, Problem


def write(register: Register, checked: Checked, name: str) -> tuple[int, int] | Problem:
    """How many rows were added and changed; or, with nothing written, the first row that the database refused."""
    added = changed = 0
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
            added, changed = (added + 1, changed) if row is None else (added, changed + 1)
        record("import", register.table.name, None, None, f"{name}: +{added} ~{changed}")
        db.session.commit()
    return added, changed
