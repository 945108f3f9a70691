"""Between JSON and rows (取值): what goes out masked, and what comes in, strictly by the kind of its column."""
from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from flask import Response, request
from flask_babel import gettext as _
from sqlalchemy import Column

from app.core.base import Choice
from app.core.register import Register
from app.core.sealed import Sealed
from app.web.api.problems import Refused, fault

ALWAYS = ("id", "row_version", "created_at", "updated_at")
"""What every row says besides its columns."""
FIGURE = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,8})?")
DAY, MONTH = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"), re.compile(r"[0-9]{4}-[0-9]{2}(-[0-9]{2})?")
LONE = re.compile("[\ud800-\udfff]")
"""Halves of a character, which JSON can spell and no database can keep."""


def plain(value: Any) -> Any:
    """A stored value as JSON; personal data as its mask."""
    if isinstance(value, Sealed):
        return value.mask
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def told(body: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """An answer in JSON, readable as it comes."""
    return Response(json.dumps(body, ensure_ascii=False), status, headers, mimetype="application/json")


def row_json(register: Register, row: Any, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """A row: its number and version, and the columns asked for, all if none are named."""
    wanted = (*ALWAYS, *register.columns) if names is None else ("id", "row_version", *names)
    return {name: plain(getattr(row, name)) for name in dict.fromkeys(wanted)}


def fields_asked(register: Register, text: str | None) -> tuple[str, ...] | None:
    """The columns that ``fields`` names; None for all of them."""
    if not text:
        return None
    names = tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))
    known = {*ALWAYS, *register.columns}
    if unknown := [name for name in names if name not in known]:
        raise Refused(400, "unknown_field", _("There is no column “%(name)s” in this register.", name=unknown[0][:40]))
    return names


def sent() -> dict[str, Any]:
    """The JSON object of the request, or a refusal; no number that is none, no half characters."""
    if not request.is_json:
        raise Refused(415, detail=_("Send JSON, with Content-Type: application/json."))
    words = request.get_data(as_text=False)
    try:
        made = json.loads(words.decode("utf-8"), parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise Refused(400, "bad_json", _("The body is not valid JSON.")) from error
    if not isinstance(made, dict):
        raise Refused(400, "bad_json", _("The body must be a JSON object."))
    if b"\\u" in words and LONE.search(json.dumps(made, ensure_ascii=False)):
        raise Refused(400, "bad_json", _("The body holds a character that cannot be stored."))
    return made


def _no_number(word: str) -> Any:
    raise ValueError(word)


def _text(value: Any) -> bool:
    return isinstance(value, str)


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _figure(value: Any) -> bool:
    return _whole(value) or isinstance(value, float) or (isinstance(value, str) and FIGURE.fullmatch(value) is not None)


def fits(column: Column[Any], value: Any) -> str:
    """Nothing when JSON gives the right kind of value for a column, else what is expected."""
    kind = column.info["kind"]
    if value is None:
        return ""
    if kind == "flag":
        return "" if isinstance(value, bool) else _("Write true or false.")
    if kind in ("count", "link"):
        return "" if _whole(value) else _("Write a whole number.")
    if kind in ("money", "decimal"):
        return "" if _figure(value) else _("Write a number, for example 5000.00.")
    if not _text(value):
        return _("Write a text.")
    if kind in ("day", "month"):
        pattern, example = (DAY, "2026-01-31") if kind == "day" else (MONTH, "2026-01")
        return "" if pattern.fullmatch(value) else _("Write the date as %(example)s.", example=example)
    return ""


def written(value: Any) -> str:
    """A value as a form takes it; nothing and no are empty."""
    if value is None or value is False:
        return ""
    if isinstance(value, float):
        return format(Decimal(repr(value)), "f")
    return "1" if value is True else str(value)


def _usual(columns: dict[str, Column[Any]]) -> dict[str, Any]:
    """The flags that are set unless something else is said: to a form a flag that is not there is a no."""
    return {name: True for name, column in columns.items() if column.info["kind"] == "flag" and getattr(column.default, "arg", False) is True}


def words_for(register: Register, row: Any, given: dict[str, Any]) -> tuple[dict[str, str], list[dict[str, Any]]]:
    """What the register's form is filled with: the row as it stands with the given values over it; and what cannot be given."""
    columns, faults = register.writable, []
    for name, value in given.items():
        if name not in columns:
            faults.append(fault(name, _("There is no such field, or it cannot be written.")))
        elif words := fits(columns[name], value):
            faults.append(fault(name, words))
    kept = {name: plain(getattr(row, name)) for name in columns} if row is not None and row.id else _usual(columns)
    said = {name: written(value) for name, value in {**kept, **given}.items()}
    return said, faults
