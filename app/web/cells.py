"""A stored value as people read it: dates, amounts, labels, masks and the names of linked rows."""
from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from flask_babel import gettext as _
from sqlalchemy import Select, String, Text, cast, func, literal, select, union_all
from sqlalchemy.orm import aliased

from app.areas.divisions.calendar import today
from app.core.base import Choice
from app.core.register import Register, find
from app.database import db
from app.web.addresses import record_url

ZONE = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Cell:
    """What stands in one place of a table."""

    text: str
    kind: str = "text"
    tone: str = ""
    url: str | None = None
    mark: tuple[str, str] | None = None
    """A tag beside the value, as words and tone."""


def shown(value: Any, kind: str) -> str:
    """The value in the reader's manner; empty for nothing."""
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Choice):
        return str(value.label)
    if isinstance(value, datetime):
        return value.astimezone(ZONE).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.strftime("%Y-%m" if kind == "month" else "%Y-%m-%d")
    if isinstance(value, Decimal):
        return f"{value:,.2f}" if kind == "money" else f"{value.normalize():,f}"
    return str(value)


class Names:
    """The names behind ids and codes, read once per page and register."""

    def __init__(self) -> None:
        self._found: dict[str, dict[str, str]] = {}

    def learn(self, register: Register, rows: Iterable[Any], columns: Iterable[str], also: dict[str, set[Any]] | None = None) -> None:
        """Read the names that the rows' link and division columns point to, and those of some other keys with them."""
        rows = list(rows)
        wanted: dict[str, set[Any]] = {target: set(keys) for target, keys in (also or {}).items()}
        for name in columns:
            column = register.columns.get(name)
            if column is None or column.info["kind"] not in ("link", "division"):
                continue
            target = "divisions" if column.info["kind"] == "division" else column.info["register"]
            wanted.setdefault(target, set()).update(getattr(row, name) for row in rows)
        self._read({target: keys - {None} for target, keys in wanted.items()})

    def _read(self, wanted: dict[str, set[Any]]) -> None:
        """Read what is not known yet, the names of every plain register by one statement."""
        missing = {t: [k for k in keys if str(k) not in self._found.get(t, {})] for t, keys in sorted(wanted.items())}
        parts = [_names(find(target), keys) for target, keys in missing.items() if keys]
        plain, special = [query for query, plain in parts if plain], [query for query, plain in parts if not plain]
        for query in ([union_all(*plain)] if plain else []) + special:
            for target, key, *titles in db.session.execute(query):
                self._found.setdefault(target, {})[key] = " ".join(str(shown(t, "")) for t in titles if t)

    def of(self, target: str, key: Any) -> str:
        """The name, or the bare key when the row is not for this reader."""
        return "" if key is None else self._found.get(target, {}).get(str(key), str(key))


def _names(register: Register, keys: list[Any]) -> tuple[Select[Any], bool]:
    """The names of these rows as a query, and whether its columns are those of every other: register, key, one text."""
    model = register.model
    key = model.code if register.name == "divisions" else model.id
    titles = [_spoken(register, name) for name in register.title]
    plain = all(isinstance(title.type, (String, Text)) for title in titles)
    shape = [func.concat_ws(" ", *(func.nullif(title, "") for title in titles))] if plain else titles
    return select(literal(register.name), cast(key, Text), *shape).where(key.in_(keys)), plain


def _spoken(register: Register, name: str) -> Any:
    """A column of a title; of one that points elsewhere the name there, since nobody knows a division by its code."""
    attribute, column = getattr(register.model, name), register.columns.get(name)
    if column is None or column.info["kind"] not in ("link", "division"):
        return attribute
    target = find(column.info.get("register", "divisions"))
    there = aliased(target.model)
    key = there.code if target.name == "divisions" else there.id
    words = func.concat_ws(" ", *(cast(getattr(there, title), Text) for title in target.title))
    return func.coalesce(select(words).where(key == attribute).scalar_subquery(), cast(attribute, Text), type_=Text())


def title_of(register: Register, row: Any, names: Names) -> str:
    """How people call the row."""
    return " ".join(filter(None, (cell(register, row, name, names).text for name in register.title))) or f"#{row.id}"


def cell(register: Register, row: Any, name: str, names: Names) -> Cell:
    """One value of one row, ready to print."""
    value = getattr(row, name)
    column = register.columns.get(name)
    kind = column.info["kind"] if column is not None else "text"
    if kind == "division":
        return Cell(names.of("divisions", value), kind)
    if kind == "link":
        url = record_url(f"{_endpoint(column.info['register'])}.show", value) if value else None
        return Cell(names.of(column.info["register"], value), kind, url=url)
    if isinstance(value, Choice):
        return Cell(str(value.label), "choice", value.tone)
    if kind == "flag":
        return Cell(shown(value, kind), kind, "green" if value else "grey")
    return Cell(shown(value, kind), kind, mark=_days(register, row, name))


def _days(register: Register, row: Any, name: str) -> tuple[str, str] | None:
    """How late a record is, or how few days are left."""
    due = register.deadline
    left = due.left(row, register.states or "", today()) if due and name == due.column else None
    if due is None or left is None or left > due.soon:
        return None
    if left < 0:
        return _("%(days)s days overdue", days=-left), "red"
    return (_("%(days)s days left", days=left) if left else _("Due today")), "amber"


def _endpoint(register: str) -> str:
    return "".join(part.title() for part in register.split("_")) + "View"
