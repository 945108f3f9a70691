"""Parts of a form that are asked only sometimes (条件显示): what is hidden is emptied, what is shown may be needed."""
from __future__ import annotations

from typing import Any

from wtforms.validators import InputRequired, Optional

from app.core.conditions import condition, needed_words
from app.core.register import Register


def _said(field: Any) -> bool:
    return any(str(value or "").strip() for value in field.raw_data or ()) or field.data not in (None, "", False)


def _empty(field: Any, kind: str) -> None:
    field.data, field.raw_data = False if kind == "flag" else None, []
    field.process_errors, field.validators = [], [Optional()]


def asked(register: Register, form: Any) -> list[str]:
    """Make the form ask what its own answers ask for; answers with the columns whose words are left out."""
    left = []
    for name, column in register.writable.items():
        when = condition(column)
        if when is None or name not in form or when.field not in form:
            continue
        field = form[name]
        if not when.met(form[when.field].data):
            left += [name] if _said(field) else []
            _empty(field, column.info["kind"])
        elif when.needed:
            field.validators = [InputRequired(needed_words(column)), *field.validators]
    return left


def shown_when(column: Any, form: Any) -> dict[str, Any] | None:
    """What the page must know to show and hide the field: the other one, its values, and whether it is away now."""
    when = condition(column)
    if when is None:
        return None
    values = "|".join(str(getattr(each, "value", each)) for each in when.values)
    return {"field": when.field, "values": values, "needed": when.needed, "away": not when.met(form[when.field].data)}
