"""The column vocabulary: one word per kind of fact, each carrying its label, checks and help."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, Boolean, CheckConstraint, Date, ForeignKey, Integer, Numeric, String, Text
from sqlalchemy.orm import MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

from app.core.base import Choice
from app.core.conditions import hold
from app.core.sealed import SealedText

Check = Callable[[str], None]


class ChoiceText(TypeDecorator[Any]):
    """A closed list stored by value and read back as its member."""

    impl = String(40)
    cache_ok = True

    def __init__(self, choices: type[Choice]) -> None:
        super().__init__(40)
        self.choices = choices

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Store the value; an unknown one is a ValueError before it reaches the database."""
        return None if value is None else self.choices(value).value

    def process_result_value(self, value: str | None, dialect: Any) -> Choice | None:
        """Read the member back."""
        return None if value is None else self.choices(value)


def _info(label: Any, kind: str, options: dict[str, Any]) -> dict[str, Any]:
    taken = ("help", "check", "group", "unit", "mask", "register", "choice", "of", "length", "minimum", "fixed", "shown_when")
    info = {name: options.pop(name) for name in taken if name in options}
    return {"label": label, "kind": kind, **info}


def _column(label: Any, kind: str, type_: Any, *args: Any, **options: Any) -> MappedColumn[Any]:
    info = _info(label, kind, options)
    made = mapped_column(type_, *args, info=info, **options)
    if "shown_when" in info:
        hold(made.column, info["shown_when"])
    return made


def text(label: Any, length: int, **options: Any) -> MappedColumn[Any]:
    """One line of text of at most ``length`` characters."""
    return _column(label, "text", String(length), length=length, **options)


def note(label: Any, **options: Any) -> MappedColumn[Any]:
    """Several lines of text, at most 4,000 characters (GB/T 31000 C4000)."""
    return _column(label, "note", Text, length=4000, **options)


def number(label: Any, length: int = 50, **options: Any) -> MappedColumn[Any]:
    """A document number given by people or by the register itself."""
    return _column(label, "number", String(length), length=length, **options)


def phone(label: Any, **options: Any) -> MappedColumn[Any]:
    """A telephone number of an office or of somebody at work."""
    return _column(label, "phone", String(20), length=20, **options)


def day(label: Any, **options: Any) -> MappedColumn[Any]:
    """A calendar day."""
    return _column(label, "day", Date, **options)


def month(label: Any, **options: Any) -> MappedColumn[Any]:
    """A calendar month, kept as its first day."""
    return _column(label, "month", Date, **options)


def money(label: Any, **options: Any) -> MappedColumn[Any]:
    """An amount in yuan with two decimals."""
    return _column(label, "money", Numeric(14, 2), **options)


def decimal(label: Any, digits: int = 14, places: int = 2, **options: Any) -> MappedColumn[Any]:
    """A measured figure."""
    return _column(label, "decimal", Numeric(digits, places), **options)


def count(label: Any, **options: Any) -> MappedColumn[Any]:
    """A whole number of things, not below ``minimum`` (0 if not given)."""
    options.setdefault("minimum", 0)
    return _column(label, "count", Integer, **options)


def flag(label: Any, **options: Any) -> MappedColumn[Any]:
    """Yes or no; an unchecked box is a no, never an error."""
    options.setdefault("default", False)
    options.setdefault("server_default", "false")
    return _column(label, "flag", Boolean, **options)


def choice(label: Any, choices: type[Choice], **options: Any) -> MappedColumn[Any]:
    """One value of a closed list, held to it by a CHECK in the database."""
    return _column(label, "choice", ChoiceText(choices), choice=choices, **options)


def choice_check(column: str, choices: type[Choice]) -> CheckConstraint:
    """The CHECK that holds a choice column to its list."""
    values = ", ".join(f"'{member.value}'" for member in choices)
    return CheckConstraint(f"{column} IN ({values})", name=f"{column}_known")


def link(label: Any, target: str, *, register: str, **options: Any) -> MappedColumn[Any]:
    """A row of another register, by its id; ``target`` is ``table.column``."""
    ondelete = options.pop("ondelete", "RESTRICT")
    return _column(
        label, "link", BigInteger, ForeignKey(target, ondelete=ondelete), register=register,
        index=options.pop("index", True), **options,
    )


def sealed(label: Any, *, mask: str, **options: Any) -> MappedColumn[Any]:
    """Personal data: encrypted in the database, masked wherever it is shown (mask: id, phone, address, name)."""
    return _column(label, "sealed", SealedText, mask=mask, **options)


def blind_index(of: str, **options: Any) -> MappedColumn[Any]:
    """The keyed digest of a sealed column, filled when the row is saved."""
    return _column(_("Digest"), "blind", String(64), of=of, **options)
