"""Writing rows (写入): through the register's own form, one row or many, and many all together or not at all."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from app.core.register import Register
from app.database import db
from app.web.api.problems import Refused, fault
from app.web.api.values import words_for
from app.web.forms import flush, form_class
from app.web.keys import existing, key_of

MOST_ROWS = 500


def form_for(register: Register, row: Any, given: dict[str, Any]) -> tuple[Any, list[dict[str, Any]]]:
    """The register's form with what was given over what the row holds, and every fault in it."""
    words, faults = words_for(register, row, given)
    form = form_class(register)(formdata=MultiDict(words), obj=row, meta={"csrf": False})
    if not faults and not form.validate():
        faults = faults_of(form)
    return form, faults


def faults_of(form: Any) -> list[dict[str, Any]]:
    """What the form found wrong, field by field; what concerns the whole row under no name."""
    return [fault(name or "", words) for name, errors in form.errors.items() for words in errors]


def save(register: Register, row: Any, given: dict[str, Any]) -> Any:
    """Fill the row and send it to the database, or refuse with every fault. The caller commits."""
    form, faults = form_for(register, row, given)
    if faults:
        raise Refused(422, detail=_("Correct the named fields and send again."), errors=faults)
    form.fill(row, register)
    db.session.add(row)
    if not flush(register, form):
        if form.stale:
            raise Refused(412, detail=form.form_errors[0])
        raise Refused(422, detail=_("Correct the named fields and send again."), errors=faults_of(form))
    return row


def save_many(register: Register, rows: list[Any], *, upsert: bool) -> list[tuple[Any, bool]]:
    """Add the rows, or change those whose key is there already; refuses with the faults of every row, and then nothing is changed."""
    ready: list[tuple[Any, Any, bool]] = []
    faults: list[dict[str, Any]] = []
    seen: dict[Any, int] = {}
    with db.session.no_autoflush:
        for number, given in enumerate(rows):
            one, wrong = _prepared(register, given, seen, number, upsert=upsert)
            faults += [{"row": number, **each} for each in wrong]
            ready.append(one)
    if faults:
        raise Refused(422, detail=_("Nothing was changed. Correct the named rows and send again."), errors=faults)
    return [(_written(register, number, *one[:2]), one[2]) for number, one in enumerate(ready)]


def _prepared(register: Register, given: Any, seen: dict[Any, int], number: int, *, upsert: bool) -> tuple[Any, list[dict[str, Any]]]:
    if not isinstance(given, dict):
        return None, [fault("", _("A row must be a JSON object."))]
    given = dict(given)
    version, row = given.pop("row_version", None), None
    if upsert:
        first, faults = form_for(register, None, given)
        if any(each["field"] in register.key for each in faults):
            return None, faults
        # A key that the register gives itself, such as a number, is not there yet: the row is new.
        if (key := key_of(register, first)) is not None:
            if key in seen:
                return None, [fault(register.key[-1], _("The same record stands in row %(row)s already.", row=seen[key]))]
            seen[key], row = number, existing(register, first)
        if version is not None and (row is None or version != row.row_version):
            return None, [fault("row_version", _("Somebody else saved this record meanwhile. Read it again and repeat the change."))]
    target = row if row is not None else register.model()
    form, faults = form_for(register, target, given)
    return (form, target, row is None), faults


def _written(register: Register, number: int, form: Any, row: Any) -> Any:
    form.fill(row, register)
    db.session.add(row)
    if not flush(register, form):
        errors = [{"row": number, **each} for each in faults_of(form)]
        raise Refused(422, detail=_("Nothing was changed. Correct the named rows and send again."), errors=errors)
    return row
