"""The county's own fields (自定义字段) as columns: the same kinds, checks and words as declared ones, kept in one object of the row."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import Boolean, Column, Integer, Numeric, Text, cast, collate, false, func, type_coerce
from sqlalchemy.types import TypeDecorator

from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice


class IsoDay(TypeDecorator[Any]):
    """A day as it stands in JSON; such words sort as the days do."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Write the day out."""
        return value.isoformat() if isinstance(value, date) else value

    def process_result_value(self, value: str | None, dialect: Any) -> date | None:
        """Read the day back."""
        return None if value is None else date.fromisoformat(value)


def _same(value: Any) -> Any:
    return value


def _figure(value: Any) -> Any:
    return Decimal(str(value))


@dataclass(frozen=True)
class Kind:
    """A kind of field: its name for people, the column it makes, and how its values stand in the row's object."""

    label: Any
    make: Callable[..., Any]
    read: Callable[[Any], Any] = _same
    write: Callable[[Any], Any] = _same
    asked: Callable[[Any], Any] = _same
    """The value as SQL, from the text in the object."""


def _credit(label: Any, **options: Any) -> Any:
    return col.text(label, 18, check=identifiers.credit_code, **options)


def _phone(label: Any, **options: Any) -> Any:
    return col.phone(label, check=identifiers.phone, **options)


def _flag(label: Any, **options: Any) -> Any:
    return col.flag(label, **{**options, "nullable": True})


def _day(text: Any) -> Any:
    return type_coerce(collate(text, "C"), IsoDay)


_DAYS: dict[str, Any] = {"read": date.fromisoformat, "write": date.isoformat, "asked": _day}
KINDS: dict[str, Kind] = {
    "text": Kind(_("One line of text"), col.text),
    "note": Kind(_("Several lines of text"), col.note),
    "count": Kind(_("Whole number"), col.count, asked=lambda text: cast(text, Integer)),
    "money": Kind(_("Amount in yuan"), col.money, _figure, float, lambda text: cast(text, Numeric(14, 2))),
    "decimal": Kind(_("Number with decimals"), col.decimal, _figure, float, lambda text: cast(text, Numeric(14, 2))),
    "day": Kind(_("Date"), col.day, **_DAYS),
    "month": Kind(_("Month"), col.month, **_DAYS),
    "choice": Kind(_("Choice from a dictionary"), col.choice, write=lambda value: getattr(value, "value", value)),
    "flag": Kind(_("Yes or no"), _flag, bool, bool, lambda text: func.coalesce(cast(text, Boolean), false())),
    "phone": Kind(_("Office telephone"), _phone),
    "number": Kind(_("Document number"), col.number),
    "credit_code": Kind(_("Unified social credit code"), _credit),
}


class OwnValue:
    """A field as an attribute of the model: SQL on the class, the value on a row."""

    def __init__(self, column: Column[Any], kind: Kind) -> None:
        self.column, self.kind = column, kind

    def __get__(self, row: Any, owner: Any) -> Any:
        name, choice = self.column.key, self.column.info.get("choice")
        if row is None:
            said = owner.extra[name].astext
            return type_coerce(said, self.column.type) if choice else self.kind.asked(said)
        value = (row.extra or {}).get(name)
        if value is None:
            return False if self.column.info["kind"] == "flag" else None
        return _member(choice, value) if choice else self.kind.read(value)

    def __set__(self, row: Any, value: Any) -> None:
        rest = {name: kept for name, kept in (row.extra or {}).items() if name != self.column.key}
        nothing = value is None or value is False or value == ""
        row.extra = rest if nothing else {**rest, self.column.key: self.kind.write(value)}


def _member(choice: type[Choice], value: str) -> Any:
    try:
        return choice(value)
    except ValueError:
        return value


def column_of(name: str, label: str, kind: str, **options: Any) -> Column[Any]:
    """The column of a field; it belongs to no table."""
    if kind == "text":
        options.setdefault("length", 100)
    made = KINDS[kind].make(label, **options).column
    made.name = made.key = name
    made.info |= {"own": True}
    return made
