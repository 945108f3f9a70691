"""Two people change one record (合并): what stood there, what the other wrote, what I wrote, and a choice for each field."""
from __future__ import annotations

import json
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.audit import AuditEntry
from app.core.register import Register
from app.core.sealed import Sealed, sealer
from app.database import db
from app.web.cells import Names, cell, shown

MINE, THEIRS, ON_FORM = "mine", "theirs", "form"


@dataclass(frozen=True)
class Difference:
    """One field in which the saved record and the form differ, in words."""

    name: str
    label: Any
    original: str
    theirs: str
    mine: str
    choice: str


def written(field: Any) -> str:
    """What a browser would send for the field as it stands."""
    if isinstance(field.data, bool):
        return "y" if field.data else ""
    if hasattr(field, "iter_choices"):
        return "" if field.data is None else str(field.data)
    return field._value() or ""


def snapshot(register: Register, form: Any) -> str:
    """The fields as the form was opened on them; of personal data the masks, which the page shows anyway."""
    return json.dumps({name: written(form[name]) for name in register.writable}, ensure_ascii=False)


def opened() -> dict[str, str]:
    """The fields as the browser says that the form was opened; what it says decides nothing but what is offered."""
    try:
        said = json.loads(request.form.get("opened", "") or "{}")
    except ValueError:
        return {}
    return {str(name): str(value) for name, value in said.items()} if isinstance(said, dict) else {}


def posted(register: Register, row: Any) -> MultiDict[str, str]:
    """What was typed, after the choices of the merge view; an untouched mask stays the mask of whatever is stored now."""
    data, before = request.form.copy(), opened()
    for name in register.writable:
        if data.get(f"merge-{name}") == THEIRS and name in before:
            data[name] = before[name]
            if before[name] == "" and register.writable[name].info["kind"] == "flag":
                data.poplist(name)
    for name in register.sealed:
        if f"typed-{name}" in data and data.get(f"merge-{name}") == MINE:
            data[name] = _opened_again(register, name, data[f"typed-{name}"])
        if name in data and before.get(name) == data[name]:
            stored = getattr(row, name)
            data[name] = stored.mask if stored is not None else ""
    return data


def kept(register: Register, form: Any) -> list[tuple[str, str]]:
    """What was typed, as hidden fields of the merge view; of personal data a token that only this form can open again."""
    made = []
    for name, column in register.writable.items():
        field = form[name]
        if name in register.sealed and isinstance(field.data, str) and field.data:
            made.append((f"typed-{name}", sealer().seal(field.data, ON_FORM, name, form.form_key.data or "", column.info["mask"])))
        elif column.info["kind"] != "flag" or field.data:
            made.append((name, written(field)))
    return made + [(name, words) for name, words in request.form.items(multi=True) if name.startswith(("part-", "paste-"))]


def _opened_again(register: Register, name: str, token: str) -> str:
    try:
        return sealer().open(token, ON_FORM, name, request.form.get("form_key", ""))
    except ValueError:
        # A token that was changed on the way stands for nothing.
        return ""


def _plain(value: Any) -> Any:
    value = getattr(value, "value", value)
    if isinstance(value, Sealed):
        return value.token
    return value.replace("\r\n", "\n") if isinstance(value, str) else None if value == "" else value


def differences(register: Register, original: Any, theirs: Any, mine: Any) -> list[Difference]:
    """The fields in which the two differ; mine is proposed where I changed it, theirs otherwise."""
    found = [name for name in register.writable if _plain(mine[name].data) != _plain(theirs[name].data)]
    words = [_words(register, form, found) for form in (original, theirs, mine)]
    made = []
    for name in found:
        changed = register.writable[name].info["kind"] == "sealed" or _plain(mine[name].data) != _plain(original[name].data)
        said = [each[name] for each in words]
        made.append(Difference(name, register.writable[name].info["label"], *said, MINE if changed else THEIRS))
    return made


def _words(register: Register, form: Any, columns: list[str]) -> dict[str, str]:
    """The fields as people read them, read by one statement for all names."""
    row, names = SimpleNamespace(**{name: _value(column, form[name].data) for name, column in register.writable.items()}), Names()
    names.learn(register, [row], columns)
    return {name: cell(register, row, name, names).text for name in columns}


def _value(column: Any, data: Any) -> Any:
    kind = column.info["kind"]
    if kind == "choice" and data:
        known = {member.value: member for member in column.info["choice"]}
        return known.get(getattr(data, "value", data), data)
    if kind == "sealed" and isinstance(data, str) and data:
        return data if "*" in data else _("(what you typed)")
    return data


def who_saved(register: Register, row_id: int) -> tuple[str, str]:
    """Who saved the record last, and when."""
    last = (select(AuditEntry).where(AuditEntry.table_name == register.table.name, AuditEntry.row_id == row_id)
            .order_by(AuditEntry.id.desc()).limit(1))
    entry = db.session.scalar(last)
    return (entry.actor, shown(entry.at, "time")) if entry is not None else ("", "")
