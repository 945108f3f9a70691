"""What a list may be asked (查询条件): one reading of the address for pages, exports and the interface."""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import String, and_, cast, or_
from werkzeug.exceptions import BadRequest

from app.core.register import Register

RANGES = ("day", "month", "money", "count", "decimal")
TEXTS = ("text", "note", "number", "phone")
MOST_VALUES, MOST_GROUPS, MOST_IN_GROUP, LONGEST = 50, 3, 6, 4000
EMPTY = ("empty", "filled")
OPERATORS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(TEXTS, ("has", "starts", "is", "not", *EMPTY)),
    **dict.fromkeys(RANGES, ("is", "not", "between", "before", "after", *EMPTY)),
    **dict.fromkeys(("choice", "division", "link"), ("in", "not", *EMPTY)),
    "flag": ("is",),
}
LARGEST = {"count": Decimal(2**31 - 1), "money": Decimal(10**12), "decimal": Decimal(10**15)}


def refuse(words: str) -> BadRequest:
    """A refusal that says what is wrong with the address."""
    return BadRequest(description=words)


def bound(text: str, kind: str) -> Any:
    """A day or a figure; anything else is a bad request."""
    try:
        if kind in ("day", "month"):
            return date.fromisoformat(f"{text}-01" if kind == "month" and len(text) == 7 else text)
        figure = Decimal(text)
    except (ValueError, InvalidOperation) as error:
        raise refuse(_("“%(text)s” is not a day or a figure.", text=text[:40])) from error
    if not figure.is_finite() or abs(figure) > LARGEST[kind]:
        raise refuse(_("“%(text)s” is too large.", text=text[:40]))
    return figure


def _several(text: str) -> list[str]:
    values = [part.strip() for part in text.split(",") if part.strip()]
    if len(values) > MOST_VALUES:
        raise refuse(_("More than %(most)s values were chosen for one condition.", most=MOST_VALUES))
    return values


def one_of(attribute: Any, column: Any, values: list[str]) -> Any:
    """The column holds one of the values; a division stands for itself and all below it."""
    kind = column.info["kind"]
    if kind == "choice":
        known = {member.value: member for member in column.info["choice"]}
        if unknown := [value for value in values if value not in known]:
            raise refuse(_("“%(text)s” is not in the list of %(label)s.", text=unknown[0][:40], label=column.info["label"]))
        return attribute.in_([known[value] for value in values])
    if kind == "division":
        return or_(*(and_(attribute >= value, attribute < value + "~") for value in values))
    if not all(value.isascii() and value.isdecimal() and len(value) < 19 for value in values):
        raise refuse(_("A choice of %(label)s is not a number.", label=column.info["label"]))
    return attribute.in_([int(value) for value in values])


def simple(register: Register, name: str, args: Mapping[str, str]) -> list[Any]:
    """What the query form asks of one column: a range, several values, or words."""
    column, attribute = register.columns[name], getattr(register.model, name)
    kind, value = column.info["kind"], (args.get(name) or "").strip()
    found: list[Any] = []
    if (state := args.get(f"{name}_is")) is not None:
        found.append(_empty(attribute, kind, _known(state, EMPTY)))
    if kind in RANGES:
        found += [attribute >= bound(low, kind)] if (low := args.get(f"{name}_from")) else []
        found += [attribute <= bound(high, kind)] if (high := args.get(f"{name}_to")) else []
    elif value and kind == "flag":
        found.append(attribute.is_(_known(value, ("0", "1")) == "1"))
    elif value and kind in ("choice", "division", "link"):
        found.append(one_of(attribute, column, _several(value)))
    elif value:
        found.append(attribute.contains(value[:200], autoescape=True))
    return found


def _known(text: str, known: tuple[str, ...]) -> str:
    if text not in known:
        raise refuse(_("“%(text)s” is not a condition here.", text=text[:40]))
    return text


def _empty(attribute: Any, kind: str, state: str) -> Any:
    blank = or_(attribute.is_(None), cast(attribute, String) == "") if kind in TEXTS else attribute.is_(None)
    return blank if state == "empty" else ~blank


def offered(register: Register) -> dict[str, Any]:
    """The columns of the condition builder: all but sealed ones, which an address must never name."""
    return {name: column for name, column in register.columns.items() if column.info["kind"] in OPERATORS}


def groups(register: Register, text: str | None) -> list[Any]:
    """The condition groups of the address: ``["and", ["or", ["title", "has", "路灯"], …], …]``; strict."""
    parsed = parse(register, text)
    if not parsed:
        return []
    joint, *members = parsed
    return [_joined(joint, [_joined(inner, [_build(register, *one) for one in conditions]) for inner, *conditions in members])]


def _joined(joint: str, parts: list[Any]) -> Any:
    return (and_ if joint == "and" else or_)(*parts)


def parse(register: Register, text: str | None) -> list[Any]:
    """The groups as lists, or a bad request that says what is wrong; empty when nothing is asked."""
    if not text:
        return []
    try:
        made = json.loads(text) if len(text) <= LONGEST else None
    except (ValueError, RecursionError):
        made = None
    if not _is_group(made, MOST_GROUPS) or not all(_is_group(group, MOST_IN_GROUP) for group in made[1:]):
        raise refuse(_("The conditions in this address cannot be read."))
    for condition in (one for group in made[1:] for one in group[1:]):
        _check(register, condition)
    return list(made)


def _is_group(made: Any, most: int) -> bool:
    return isinstance(made, list) and 2 <= len(made) <= most + 1 and made[0] in ("and", "or")


def _check(register: Register, condition: Any) -> None:
    whole = isinstance(condition, list) and 2 <= len(condition) <= 2 + MOST_VALUES and all(isinstance(part, str) for part in condition)
    if not whole:
        raise refuse(_("The conditions in this address cannot be read."))
    name, operator, *values = condition
    columns = offered(register)
    if name not in columns or operator not in OPERATORS[columns[name].info["kind"]]:
        raise refuse(_("“%(text)s” is not a condition here.", text=f"{name} {operator}"[:60]))
    listed = columns[name].info["kind"] in ("choice", "division", "link") and operator not in EMPTY
    wanted = 0 if operator in EMPTY else 2 if operator == "between" else 1
    if not all(values) or (len(values) < 1 if listed else len(values) != wanted) or any(len(value) > 200 for value in values):
        raise refuse(_("A value is missing in the condition on %(label)s.", label=columns[name].info["label"]))


def _build(register: Register, name: str, operator: str, *values: str) -> Any:
    column, attribute = register.columns[name], getattr(register.model, name)
    kind = column.info["kind"]
    if operator in EMPTY:
        return _empty(attribute, kind, operator)
    if kind in ("choice", "division", "link"):
        found = one_of(attribute, column, list(values))
        return found if operator == "in" else or_(attribute.is_(None), ~found)
    if kind == "flag":
        return attribute.is_(_known(values[0], ("0", "1")) == "1")
    meant = [bound(value, kind) for value in values] if kind in RANGES else list(values)
    return BUILT[operator](attribute, *meant)


BUILT: dict[str, Callable[..., Any]] = {
    "is": lambda a, v: a == v, "not": lambda a, v: or_(a.is_(None), a != v), "has": lambda a, v: a.contains(v, autoescape=True),
    "starts": lambda a, v: a.startswith(v, autoescape=True), "between": lambda a, low, high: and_(a >= low, a <= high),
    "before": lambda a, v: a < v, "after": lambda a, v: a > v,
}


def operator_words(kind: str) -> list[tuple[str, str]]:
    """The operators of a kind of column, with their words."""
    words = {"is": _("is"), "not": _("is not"), "has": _("contains"), "starts": _("begins with"), "between": _("lies between"),
             "before": _("before"), "after": _("after"), "in": _("is one of"), "empty": _("is empty"), "filled": _("is filled in")}
    if kind in ("money", "count", "decimal"):
        words |= {"before": _("less than"), "after": _("more than")}
    return [(name, words[name]) for name in OPERATORS[kind]]


def chosen(text: str | None) -> list[int]:
    """The ids of ticked rows in an address."""
    values = (text or "").split(",") if text else []
    if len(values) > 1000 or not all(v.isascii() and v.isdecimal() and len(v) < 19 for v in values):
        raise refuse(_("The chosen rows in this address cannot be read."))
    return [int(value) for value in values]


def words_of(args: Any) -> dict[str, str]:
    """The words of an address; several values of one name, as a plain form sends them, become one list."""
    return {name: ",".join(values) for name, values in args.to_dict(flat=False).items()}
