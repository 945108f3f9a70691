"""Bringing back what a field said before (恢复旧值): an ordinary change, under the checks of the form and written down like any other."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.audit import AuditEntry
from app.core.conditions import only_words
from app.core.register import Register
from app.database import db
from app.database.scope import noted
from app.web.cells import shown
from app.web.forms import flush, form_class, kinds
from app.web.history import may_restore, of_row, typed
from app.web.merging import written


class Moved(Exception):
    """The record has changed since the page was made, or is closed; the words say which."""


class Unfit(ValueError):
    """What stood there before does not pass today's checks."""


def earlier(register: Register, row: Any, entry_id: str, name: str) -> AuditEntry | None:
    """The entry of this very record that knows what the field said before."""
    if not (entry_id.isascii() and entry_id.isdigit() and len(entry_id) < 19 and may_restore(register, name)):
        return None
    entry = db.session.scalar(of_row(register, row.id).where(AuditEntry.id == int(entry_id), AuditEntry.action == "update"))
    return entry if entry is not None and name in entry.changes else None


def restore(register: Register, row: Any, entry: AuditEntry, name: str, version: str) -> None:
    """Put the old value back, or raise Moved or Unfit. The caller commits."""
    if register.frozen or register.locked(row):
        raise Moved(_("The record is closed: nobody changes it or its parts any more."))
    if version != str(row.row_version):
        raise Moved(_("Somebody else saved this record meanwhile. Look at its history again before you bring something back."))
    form = _form(register, row, name, typed(register.columns[name], entry.changes[name][0]))
    with noted(_("Brought back as it was before %(at)s", at=shown(entry.at, "time"))):
        if form.validate() and name in form.left_out:
            raise Unfit(only_words(register.columns[name]))
        if not form.errors:
            form.fill(row, register)
            if flush(register, form):
                return
    words = [*form[name].errors, *form.form_errors, *(said for field in form if field.name != name for said in field.errors)]
    raise Moved(str(words[0])) if form.stale else Unfit(str(words[0]) if words else _("The record cannot be saved like this."))


def _form(register: Register, row: Any, name: str, value: str) -> Any:
    """The form as a person would send it who only typed the old value in."""
    make = form_class(register)
    stands = make(obj=row, formdata=None, meta={"csrf": False})
    sent = MultiDict({each: text for each in register.writable if (text := written(stands[each]))})
    sent.pop(name, None)
    if value or register.columns[name].info["kind"] != "flag":
        sent[name] = value
    return kinds(register, make(obj=row, formdata=sent, meta={"csrf": False}))


