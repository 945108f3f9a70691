"""From the query string to the rows of a list: filters, tabs, order and page."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, literal, select
from werkzeug.exceptions import BadRequest

from app.areas.divisions.calendar import today
from app.core.deadline import LATE, SOON
from app.core.register import Register
from app.database import db
from app.security.settings import SIZES
from app.web import criteria
from app.web.searching import among, contains, found_ids
from app.web.shown import choosable

COUNT_CAP = 10_000
"""Past this a list says "10000+" instead of counting on."""
TAB_CAP = 1_000
"""The same on the tabs, which count once for each state."""
PAGE_CAP = 100_000


def whole(text: str | None, default: int, ceiling: int) -> int:
    """A whole number from an address, held between 1 and the ceiling; nonsense is a bad request."""
    if text in (None, ""):
        return default
    if not str(text).isdecimal():
        raise BadRequest
    return max(1, min(int(str(text)[:9]), ceiling))


def filtered_columns(register: Register) -> dict[str, Any]:
    """The columns of the query form: the searchable facts first, then ranges; never a sealed one."""
    columns = register.columns
    names = dict.fromkeys((*register.listed, *register.filtered, *(n for n, c in columns.items() if c.info.get("filtered"))))
    return {n: columns[n] for n in names if n in columns and columns[n].info["kind"] not in ("sealed", "note")}


def _conditions(register: Register, args: Mapping[str, str]) -> list[Any]:
    if any("\0" in value for value in args.values()):
        raise BadRequest
    model, found = register.model, []
    words = (args.get("q") or "").strip()[:100]
    if words and register.searched:
        found.append(contains(register, words))
    for name in filtered_columns(register):
        found += criteria.simple(register, name, args)
    found += criteria.groups(register, args.get("where"))
    if ids := criteria.chosen(args.get("ids")):
        found.append(model.id.in_(ids))
    if register.states and args.get("state"):
        found.append(_state(register, args["state"]))
    if due := args.get("due"):
        found.append(_due(register, due))
    return found


def _due(register: Register, which: str) -> Any:
    if register.deadline is None or which not in (SOON, LATE):
        raise BadRequest
    return register.deadline.condition(register.model, register.states or "", which, today())


def _state(register: Register, value: str) -> Any:
    column = getattr(register.model, register.states or "")
    try:
        return column == register.columns[register.states or ""].info["choice"](value)
    except ValueError as error:
        raise BadRequest from error


def _order(register: Register, args: Mapping[str, str]) -> list[Any]:
    asked = args.get("sort") or ""
    known = set(choosable(register)) & set(register.columns) - set(register.sealed)
    names = (asked,) if asked.lstrip("-") in known else register.order or ("-id",)
    made = [getattr(register.model, n.lstrip("-")) for n in names]
    return [*(_directed(c, n.startswith("-")) for c, n in zip(made, names, strict=True)), register.model.id.desc()]


def _directed(column: Any, descending: bool) -> Any:
    """Empty values come last; of a column that has none that is not said, for the index knows only the plain order."""
    if not descending:
        return column.asc()
    return column.desc().nulls_last() if may_be_empty(column) else column.desc()


def may_be_empty(attribute: Any) -> bool:
    """Whether rows without a value exist; of the county's own fields they always may."""
    kept = getattr(attribute, "property", None)
    return kept is None or bool(kept.columns[0].nullable)


def query_for(register: Register, args: Mapping[str, str]) -> Select[Any]:
    """The rows that the address asks for, in its order; row security adds whose rows they may be."""
    return select(register.model).where(*_conditions(register, args)).order_by(*_order(register, args))


@dataclass(frozen=True)
class Slice:
    """One page of a list."""

    rows: list[Any]
    total: int
    capped: bool
    page: int
    size: int

    @property
    def last(self) -> int:
        """The number of the last page that can be counted."""
        return max(1, -(-self.total // self.size))


def read_page(register: Register, args: Mapping[str, str], usual: int = SIZES[0]) -> Slice:
    """The page that the address asks for, with how many rows there are in all (up to a cap)."""
    size = whole(args.get("size"), usual, SIZES[-1])
    page = whole(args.get("page"), 1, PAGE_CAP)
    query = query_for(register, args)
    found = only_found(register, args)
    if found is not None:
        # The search keeps the row rule itself, so that what it found needs no counting.
        total, query = len(found), select(register.model).where(among(register, found)).order_by(*_order(register, args))
    else:
        inner = query.with_only_columns(register.model.id).order_by(None).limit(COUNT_CAP + 1)
        total = db.session.scalar(select(func.count()).select_from(inner.subquery())) or 0
    rows = list(db.session.scalars(_at(query, register, size, (page - 1) * size)))
    return Slice(rows, min(total, COUNT_CAP), total > COUNT_CAP, page, size)


def only_found(register: Register, args: Mapping[str, str]) -> list[int] | None:
    """What the keyword found when nothing else is asked; None when more is asked, or too much was found."""
    words = (args.get("q") or "").strip()[:100]
    if not (words and register.searched) or any("\0" in value for value in args.values()):
        return None
    return found_ids(register, words) if len(_conditions(register, args)) == 1 else None


def _at(query: Select[Any], register: Register, size: int, offset: int) -> Select[Any]:
    """A page of the rows; far down only numbers are passed over, not whole rows."""
    if offset <= COUNT_CAP:
        return query.limit(size).offset(offset)
    numbers = query.with_only_columns(register.model.id).limit(size).offset(offset).subquery()
    return select(register.model).where(register.model.id.in_(select(numbers))).order_by(*query._order_by_clauses)


def state_counts(register: Register, args: Mapping[str, str]) -> dict[Any, int]:
    """How many rows stand in each state, or are due soon or late, up to one past the cap, under the same filters but the tabs' own."""
    name = register.states or ""
    column = getattr(register.model, name)
    conditions = _conditions(register, {n: value for n, value in args.items() if n not in ("state", "due", name)})
    wanted = {state: column == state for state in register.columns[name].info["choice"]}
    wanted |= {which: _due(register, which) for which in (SOON, LATE)} if register.deadline else {}
    if args.get("q") and register.searched:
        # What a word finds is few; one pass over it is shorter than one for each state.
        counts = (func.count().filter(each) for each in wanted.values())
        numbers = db.session.execute(select(*counts).select_from(register.model).where(*conditions)).one()
        return {tab: min(number, TAB_CAP + 1) for tab, number in zip(wanted, numbers, strict=True)}
    counted = (select(func.count()).select_from(select(literal(1)).where(each, *conditions).limit(TAB_CAP + 1).subquery())
               for each in wanted.values())
    return dict(zip(wanted, db.session.execute(select(*(each.scalar_subquery() for each in counted))).one(), strict=True))
