"""One form field per kind of column: it reads what people type, checks it, and keeps it when it is wrong."""
from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Column, select
from wtforms import BooleanField, DateField, DecimalField, Field, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, StopValidation
from wtforms.widgets import Select, TextInput

from app.core.register import find
from app.core.sealed import Sealed
from app.database import db
from app.web.cells import Names, title_of
from app.web.keypad import attributes, hint

NUL = "\x00"


class OwnCheck:
    """Run a column's own check (identifier, licence, phone) and show its words."""

    def __init__(self, check: Any) -> None:
        self.check = check

    def __call__(self, form: Any, field: Any) -> None:
        if not field.data or isinstance(field.data, Sealed):
            return
        try:
            self.check(str(field.data))
        except ValueError as error:
            raise StopValidation(str(error.args[0])) from error


class CleanText(StringField):
    """Text without surrounding space; a NUL, which PostgreSQL cannot hold, is refused."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        if isinstance(self.data, str):
            # Browsers send line ends of their own, which would count as a change.
            self.data = self.data.strip().replace("\r\n", "\n") or None

    def pre_validate(self, form: Any) -> None:
        if isinstance(self.data, str) and NUL in self.data:
            raise StopValidation(gettext("There is a character that cannot be stored; please type the text again."))


class LongText(CleanText):
    """Several lines."""

    widget = TextAreaField.widget


class DayField(DateField):
    """A day, also as people write it in workbooks: 2026.1.1, 2026/1/1, 2026年1月1日."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = [re.sub(r"[./年月]", "-", unicodedata.normalize("NFKC", v)).rstrip("日 ").strip() for v in valuelist]
        if not written or not written[0]:
            self.data = None
            return
        try:
            self.data = date(*(int(part) for part in written[0].split("-")[:3]))
        except (TypeError, ValueError, OverflowError) as error:
            self.data = None
            raise ValueError(gettext("Write the date as 2026-01-31.")) from error


class MonthDay(DayField):
    """A month, kept as its first day."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        parts = [v if re.search(r"\d+\D\d+\D\d", v or "") else f"{v.rstrip('月')}-1" for v in valuelist if v]
        super().process_formdata(parts)
        self.data = self.data and self.data.replace(day=1)


class Amount(DecimalField):
    """An amount; thousands separators and the sign of the unit may be written."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = [re.sub(r"[,，\s元¥￥]", "", unicodedata.normalize("NFKC", str(v))) for v in valuelist]
        if not written or not written[0]:
            self.data = None
            return
        try:
            super().process_formdata(written)
        except ValueError as error:
            raise ValueError(gettext("Write a number, for example 5000.00.")) from error
        if self.data is not None and (not self.data.is_finite() or self.data.adjusted() > 20):
            self.data = None
            raise ValueError(gettext("Write a number, for example 5000.00."))


class WholeNumber(IntegerField):
    """A whole number of things."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        if valuelist and not str(valuelist[0]).strip():
            self.data = None
            return
        try:
            super().process_formdata([unicodedata.normalize("NFKC", str(v)).strip() for v in valuelist])
        except ValueError as error:
            raise ValueError(gettext("Write a whole number.")) from error


class OneOf(SelectField):
    """One value of a closed list; the empty choice means nothing."""

    def __init__(self, *args: Any, choice: Any, **options: Any) -> None:
        pairs = [("", "")] + [(member.value, member.label) for member in choice]
        super().__init__(*args, choices=pairs, validate_choice=False, **options)
        self.choice_class = choice

    def iter_choices(self) -> Any:
        """What can be chosen now; a value that no longer can stays on the row that holds it."""
        gone = {member.value for member in self.choice_class if not member.offered} - {self.data}
        return (each for each in super().iter_choices() if each[0] not in gone)

    def process_data(self, value: Any) -> None:
        self.data = getattr(value, "value", value)

    def pre_validate(self, form: Any) -> None:
        held = getattr(self.object_data, "value", self.object_data)
        if self.data and self.data not in {member.value for member in self.choice_class if member.offered or member.value == held}:
            raise StopValidation(gettext("Choose one from the list."))


class RemoteOne(Field):
    """A row of another register, found by typing; only rows that this person may see exist."""

    widget = Select()
    _was: Any = None
    known = False
    """Whether whoever filled the form has just found the row, so that it need not be asked for again."""

    def __init__(self, *args: Any, target: str, **options: Any) -> None:
        super().__init__(*args, **options)
        self.target = target
        self._row: Any = None

    @property
    def by_code(self) -> bool:
        """Divisions are named by code, all others by id."""
        return self.target == "divisions"

    def process_formdata(self, valuelist: list[Any]) -> None:
        written = str(valuelist[0]).strip() if valuelist else ""
        if not written:
            self.data = None
        elif self.by_code:
            self.data = written[:40]
        elif written.isdecimal() and len(written) < 18:
            self.data = int(written)
        else:
            self.data = None
            raise ValueError(gettext("Choose one from the list."))

    def row(self) -> Any:
        """The row behind the value, if this person may see it."""
        if self.data in (None, ""):
            return None
        if self._row is None:
            model = find(self.target).model
            key = model.code if self.by_code else model.id
            self._row = db.session.scalar(select(model).where(key == self.data))
        return self._row

    def pre_validate(self, form: Any) -> None:
        if self.data not in (None, "") and not self.known and self.row() is None:
            raise StopValidation(gettext("Choose one from the list."))

    def iter_choices(self) -> Any:
        """The one chosen option; the rest is asked from the server while typing."""
        yield ("", "", self.data is None, {})
        if (row := self.row()) is not None:
            register, names = find(self.target), Names()
            names.learn(register, [row], register.title)
            yield (str(self.data), title_of(register, row, names), True, {})

    def has_groups(self) -> bool:
        """There is one flat list."""
        return False

    def __call__(self, **attributes: Any) -> Any:
        attributes.setdefault("data-remote", url_for("LookupPage.find", name=self.target))
        return super().__call__(**attributes)


class SealedField(CleanText):
    """Personal data: the form shows the mask, and an untouched mask changes nothing."""

    widget = TextInput()

    def _value(self) -> str:
        return self.data.mask if isinstance(self.data, Sealed) else (self.data or "")

    def process_formdata(self, valuelist: list[Any]) -> None:
        stored = self.object_data
        super().process_formdata(valuelist)
        if isinstance(stored, Sealed) and self.data == stored.mask:
            self.data = stored

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if isinstance(self.data, str) and "*" in self.data:
            raise StopValidation(gettext("This is a mask. Leave it untouched, or write the whole value anew."))


KINDS: dict[str, Any] = {
    "text": CleanText, "number": CleanText, "phone": CleanText, "note": LongText, "day": DayField, "month": MonthDay,
    "money": Amount, "decimal": Amount, "count": WholeNumber, "flag": BooleanField, "choice": OneOf,
    "link": RemoteOne, "division": RemoteOne, "sealed": SealedField,
}


def _validators(column: Column[Any]) -> list[Any]:
    info, kind = column.info, column.info["kind"]
    must = not column.nullable and kind != "flag" and column.default is None and column.server_default is None
    rules: list[Any] = [InputRequired(_("Please fill this in.")) if must else Optional()]
    if "length" in info:
        rules.append(Length(max=info["length"], message=_("At most %(max)d characters.")))
    if kind in ("count", "money", "decimal"):
        rules.append(NumberRange(min=info.get("minimum", 0), max=_ceiling(column), message=_("The number is too small or too large.")))
    if "check" in info:
        rules.append(OwnCheck(info["check"]))
    return rules


def _ceiling(column: Column[Any]) -> int:
    if column.info["kind"] == "count":
        return 2**31 - 1
    return 10 ** (column.type.precision - column.type.scale) - 1


def field_for(column: Column[Any]) -> Any:
    """The unbound form field of a column."""
    info, kind = column.info, column.info["kind"]
    options: dict[str, Any] = {"label": info["label"], "description": hint(column), "validators": _validators(column),
                               "render_kw": attributes(column)}
    if kind == "choice":
        options["choice"] = info["choice"]
    if kind in ("link", "division"):
        options["target"] = info.get("register", "divisions")
    if column.default is not None and column.default.is_scalar:
        options["default"] = column.default.arg
    elif column.default is not None and column.default.is_callable:
        options["default"] = lambda: column.default.arg(None)
    return KINDS[kind](**options)
