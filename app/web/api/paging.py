"""Page after page by a mark (游标分页): the mark names the last row given, so rows added meanwhile neither repeat nor hide another."""
from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from itsdangerous import BadData, URLSafeSerializer
from sqlalchemy import Select, and_, false, func, or_, select

from app.core.register import Register
from app.database import db
from app.web import criteria
from app.web.api.problems import Refused
from app.web.api.values import plain
from app.web.lists import COUNT_CAP, filtered_columns, may_be_empty, query_for
from app.web.shown import choosable

SIZE, MOST = 20, 200
OWN = ("q", "where", "ids", "state", "due", "sort", "fields", "size", "cursor", "count")
SUFFIXES = ("", "_from", "_to", "_is")


@dataclass(frozen=True)
class Part:
    """Some rows in order, the mark that leads on (none after the last), and how many there are if that was asked."""

    rows: list[Any]
    cursor: str | None
    total: int | None = None


@dataclass(frozen=True)
class Key:
    """One column of the order."""

    name: str
    attribute: Any
    descending: bool

    @property
    def nullable(self) -> bool:
        """Whether rows without a value exist; they come last either way."""
        return may_be_empty(self.attribute)

    def clause(self) -> Any:
        """The column in ORDER BY, as the index has it."""
        if not self.descending:
            return self.attribute.asc()
        return self.attribute.desc().nulls_last() if self.nullable else self.attribute.desc()

    def after(self, value: Any) -> Any:
        """The rows behind that value."""
        if value is None:
            return false()
        beyond = self.attribute < value if self.descending else self.attribute > value
        return or_(beyond, self.attribute.is_(None)) if self.nullable else beyond

    def same(self, value: Any) -> Any:
        """The rows with that value."""
        return self.attribute.is_(None) if value is None else self.attribute == value

    def read(self, value: Any) -> Any:
        """A value of a mark as Python has it."""
        kind = self.attribute.type.python_type if value is not None else str
        if kind is datetime or kind is date:
            return kind.fromisoformat(value)
        return Decimal(value) if kind is Decimal else value


def filterable(register: Register) -> dict[str, Any]:
    """The columns that an address may filter by: all that the list's condition builder offers, and the query form's."""
    offered = {name: column for name, column in criteria.offered(register).items() if column.info["kind"] != "note"}
    return {**filtered_columns(register), **offered}


def sortable(register: Register) -> tuple[str, ...]:
    """The columns that an address may sort by."""
    return ("id", *(name for name in choosable(register) if name in register.columns and name not in register.sealed))


def _order(register: Register, asked: str | None) -> list[Key]:
    names = [part.strip() for part in asked.split(",")] if asked else list(register.order)
    known = sortable(register) if asked else tuple(name.lstrip("-") for name in names)
    if unknown := [name for name in names if name.removeprefix("-") not in known]:
        raise Refused(400, "unknown_field", _("Rows cannot be sorted by “%(name)s”.", name=unknown[0][:40]))
    bare = [(name.lstrip("-"), name.startswith("-")) for name in names[:3]]
    keys = {name: Key(name, getattr(register.model, name), descending) for name, descending in bare}
    return list({**keys, "id": keys.get("id") or Key("id", register.model.id, descending=True)}.values())


def refuse_unknown(register: Register, args: Mapping[str, str]) -> None:
    """A filter that is misspelt must not answer with all rows."""
    known = {*OWN, *(f"{name}{suffix}" for name in filterable(register) for suffix in SUFFIXES)}
    if unknown := sorted(set(args) - known):
        raise Refused(400, "unknown_parameter", _("There is no parameter “%(name)s” here.", name=unknown[0][:60]))


def _size(text: str | None) -> int:
    if not text:
        return SIZE
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST):
        raise Refused(400, "bad_parameter", _("“size” is a number from 1 to %(most)s.", most=MOST))
    return int(text)


def _filtered(register: Register, args: Mapping[str, str]) -> Select[Any]:
    listed = filtered_columns(register)
    more = [one for name in filterable(register) if name not in listed for one in criteria.simple(register, name, args)]
    return query_for(register, {name: value for name, value in args.items() if name != "sort"}).where(*more).order_by(None)


def _signer(register: Register, args: Mapping[str, str]) -> URLSafeSerializer:
    """A mark opens only in the list it came from: the same register, filters and order."""
    asked = sorted((name, value) for name, value in args.items() if name not in ("cursor", "size", "fields", "count"))
    salt = hashlib.sha256(json.dumps([register.name, asked]).encode()).hexdigest()
    return URLSafeSerializer(current_app.secret_key, salt=f"api-cursor-{salt}")


def _behind(keys: list[Key], values: list[Any]) -> Any:
    """The rows behind a mark; the first column's bound stands by itself as well, so that its index is used."""
    ways = [and_(*(key.same(value) for key, value in zip(keys[:place], values, strict=False)), keys[place].after(values[place]))
            for place in range(len(keys))]
    return and_(or_(keys[0].after(values[0]), keys[0].same(values[0])), or_(*ways))


def _values(keys: list[Key], signer: URLSafeSerializer, cursor: str) -> list[Any]:
    try:
        said = signer.loads(cursor)
        return [key.read(value) for key, value in zip(keys, said, strict=True)]
    except (BadData, ValueError, TypeError) as error:
        raise Refused(400, "bad_cursor", _("This cursor belongs to another query; begin again without it.")) from error


def read_part(register: Register, args: Mapping[str, str]) -> Part:
    """The rows that the address asks for; counting is done only on request, and no further than the cap."""
    refuse_unknown(register, args)
    size, keys, query = _size(args.get("size")), _order(register, args.get("sort")), _filtered(register, args)
    signer, total = _signer(register, args), None
    if args.get("count") == "true":
        inner = query.with_only_columns(register.model.id).limit(COUNT_CAP + 1)
        total = db.session.scalar(select(func.count()).select_from(inner.subquery())) or 0
    elif args.get("count") not in (None, "", "false"):
        raise Refused(400, "bad_parameter", _("“%(name)s” is true or false.", name="count"))
    if args.get("cursor"):
        query = query.where(_behind(keys, _values(keys, signer, args["cursor"])))
    rows = list(db.session.scalars(query.order_by(*(key.clause() for key in keys)).limit(size + 1)))
    mark = [plain(getattr(rows[size - 1], key.name)) for key in keys] if len(rows) > size else None
    return Part(rows[:size], str(signer.dumps(mark)) if mark else None, total)
