"""What a phone needs to know of a field (录入提示): which keys to show, what Enter does, and the shape that is expected.

Nothing is ever filled in by the browser: the people and offices in a register are not the person who types.
"""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Column

from app.core import identifiers

USUAL = {"autocomplete": "off", "enterkeyhint": "next"}
KINDS: dict[str, dict[str, Any]] = {
    "phone": {"inputmode": "tel"}, "money": {"inputmode": "decimal"}, "decimal": {"inputmode": "decimal"}, "count": {"inputmode": "numeric"},
    "number": {"autocapitalize": "characters", "spellcheck": "false"}, "note": {"autocomplete": "off", "enterkeyhint": "enter"},
}
CHECKED: dict[Any, dict[str, Any]] = {
    identifiers.phone: {"inputmode": "tel"},
    identifiers.resident_id: {"inputmode": "numeric", "pattern": "[0-9]{17}[0-9X]", "data-sign": "X"},
    identifiers.credit_code: {"autocapitalize": "characters", "spellcheck": "false", "pattern": "[0-9A-Z]{18}"},
    identifiers.law_firm_code: {"autocapitalize": "characters", "spellcheck": "false", "pattern": "31[0-9A-Z]{16}"},
    identifiers.lawyer_certificate: {"inputmode": "numeric", "pattern": "[0-9]{17}|[0-9]{12}"},
}
HINTS = {
    identifiers.phone: _("A mobile number, or area code and number such as 0543-1234567."),
    identifiers.resident_id: _("18 signs; the last may be a capital X."),
}
LONG = 100
"""From so many characters on, a field says how many are left."""


def attributes(column: Column[Any]) -> dict[str, Any]:
    """The attributes of the field's control; a list to choose from has no keys of its own."""
    info, kind = column.info, column.info["kind"]
    if kind in ("flag", "choice", "link", "division"):
        return {}
    made = {**USUAL, **KINDS.get(kind, {}), **CHECKED.get(info.get("check"), {})}
    if kind == "sealed":
        # A stored value is shown as its mask, which fits no pattern.
        made = {**made, "spellcheck": "false"}
        made.pop("pattern", None)
    if kind in ("text", "note") and info.get("length", 0) >= LONG:
        made["data-counted"] = "1"
    return made


def hint(column: Column[Any]) -> Any:
    """The help below the field: the column's own, else that of its check."""
    return column.info.get("help") or HINTS.get(column.info.get("check"), "")
