"""The county's own fields as each request finds them (定义缓存), kept in each process and right in all of them at once.

Any change of a definition changes the stamp that comes with the session, by triggers; what was kept under another stamp is read anew,
by one statement. Work outside a request reads the stamp itself, at most once a breath.
"""
from __future__ import annotations

import time
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import Any

from flask import current_app, g, has_app_context, has_request_context
from flask_babel import gettext
from flask_login import current_user
from sqlalchemy import func, select

from app.areas.divisions.calendar import today
from app.core.base import Choice
from app.core.conditions import When
from app.core.own import KINDS, OwnValue, column_of
from app.core.register import Register, Shape, registers, set_shaper
from app.database import db
from app.database.scope import current_scope
from app.security.rights import present_stamp
from app.web.custom.layouts import Said, laid
from app.web.custom.models import CustomField, Dictionary, DictionaryEntry, FormLayout

BREATH = 2.0
"""Seconds for which work outside a request keeps what it read."""
MOST = 8
"""Sets of definitions that a process keeps: requests that are under way hold to theirs."""


@dataclass(frozen=True, eq=False)
class Definitions:
    """Everything the county added, as of a stamp."""

    said: Any
    choices: dict[int, type[Choice]]
    fields: dict[str, list[dict[str, Any]]]
    layouts: dict[str, Said]
    shapes: dict[tuple[Any, ...], Shape] = field(default_factory=dict)

    def shape(self, register: Register) -> Shape:
        """The register's columns for whoever reads now."""
        mine, said = self.fields.get(register.name, []), self.layouts.get(register.name, {})
        if not mine and not said:
            return register.declared
        roles = _roles() if said.get("lists") or any(each["see_roles"] or each["edit_roles"] for each in mine) else None
        seen, filled = _rights(mine, roles)
        key = (register.name, seen, filled, roles and frozenset(roles & said.get("lists", {}).keys()))
        if key not in self.shapes:
            made = self._made(register, mine, seen, filled)
            self.shapes[key] = laid(made, said, roles) if said else made
        return self.shapes[key]

    def base(self, register: Register) -> Shape:
        """Every column there is, without a layout, for whoever makes one."""
        mine = self.fields.get(register.name, [])
        every = tuple(each["name"] for each in mine)
        return self._made(register, mine, every, every)

    def _made(self, register: Register, mine: list[dict[str, Any]], seen: tuple[str, ...], filled: tuple[str, ...]) -> Shape:
        declared, own = register.declared, {}
        for each in mine:
            if each["name"] in seen:
                own[each["name"]] = self._column(register, each, {**declared.writable, **own})
        return Shape({**declared.columns, **own}, {**declared.writable, **{name: own[name] for name in filled if name in own}})

    def _column(self, register: Register, each: dict[str, Any], others: dict[str, Any]) -> Any:
        when = _when(each, others)
        options: dict[str, Any] = {"nullable": not each["required"] or when is not None}
        options |= {name: each[name] for name in ("help", "unit", "length") if each[name]}
        if each["heading"]:
            options["group"] = each["heading"]
        if each["kind"] == "choice":
            options["choices"] = self.choices[each["dictionary_id"]]
        if when is not None:
            options["shown_when"] = when
        column = column_of(each["name"], each["label"], each["kind"], **options)
        column.info["filtered"] = each["filtered"]
        # The name is the field's for good, and so is the kind as soon as there are values: another's request may share the attribute.
        setattr(register.model, each["name"], OwnValue(column, KINDS[each["kind"]]))
        return column


class OwnWhen(When):
    """When a field of the county's own is asked; its words come from the other column, which may be of no table."""

    def __init__(self, other: Any, *values: Any, needed: bool) -> None:
        super().__init__(other.key, *values, needed=needed)
        self.other = other

    def said(self, column: Any) -> dict[str, str]:
        """The other column and its values, as people read them."""
        labels = {member.value: str(member.label) for member in self.other.info.get("choice", ())}
        words = (labels.get(value, str(value)) if isinstance(value, str) else gettext("Yes") for value in self.values)
        return {"field": str(self.other.info["label"]), "values": " / ".join(words)}


def _when(each: dict[str, Any], others: dict[str, Any]) -> OwnWhen | None:
    """The condition of a field, as long as the other column is there."""
    said = each["shown_when"]
    other = others.get(said["field"]) if said else None
    if other is None or other.info["kind"] not in ("choice", "flag"):
        return None
    return OwnWhen(other, *(() if other.info["kind"] == "flag" else said["values"]), needed=each["required"])


def _rights(mine: list[dict[str, Any]], roles: set[str] | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The fields that a reader with these roles sees, and those that he may fill."""

    def may(limits: list[str]) -> bool:
        return not limits or roles is None or not roles.isdisjoint(limits)

    seen = tuple(each["name"] for each in mine if may(each["see_roles"]))
    return seen, tuple(each["name"] for each in mine if each["name"] in seen and may(each["edit_roles"]))


def _roles() -> set[str] | None:
    """The names of the reader's roles; None for the console's own work, which has no person."""
    person = current_user.id if has_request_context() and current_user.is_authenticated else current_scope().user_id
    if person is None:
        return None
    rights = current_app.appbuilder.sm.rights.of(person)  # type: ignore[attr-defined]
    names = dict(rights.all_roles)
    return {names[number] for number in rights.roles}


def _choice(number: int, entries: list[dict[str, Any]], day: date) -> type[Choice]:
    words = day.isoformat()

    def valid(entry: dict[str, Any]) -> bool:
        return not entry["merged_into"] and (entry["valid_from"] or words) <= words <= (entry["valid_to"] or words)

    members = [(f"v{place}", (entry["code"], entry["label"], "grey", valid(entry))) for place, entry in enumerate(entries)]
    made: type[Choice] = Choice(f"Dictionary{number}", members)  # type: ignore[assignment, call-overload]
    return made


def _read(day: date) -> tuple[Any, Any]:
    """The stamp and everything under it, by one statement."""
    f, e = CustomField.__table__, DictionaryEntry.__table__
    live = select(func.to_jsonb(f.table_valued()).label("row"), f.c.register, f.c.position, f.c.id).where(f.c.retired_at.is_(None)).subquery()
    fields = select(func.json_agg(live.c.row).label("all")).scalar_subquery()
    used = select(f.c.dictionary_id).where(f.c.retired_at.is_(None), f.c.dictionary_id.is_not(None))
    entries = select(func.json_agg(func.to_jsonb(e.table_valued()))).where(e.c.dictionary_id.in_(used)).scalar_subquery()
    y = FormLayout.__table__
    newest = select(y.c.register, y.c.said).distinct(y.c.register).order_by(y.c.register, y.c.number.desc()).subquery()
    forms = select(func.json_object_agg(newest.c.register, newest.c.said)).scalar_subquery()
    with db.session.no_autoflush:
        stamp, own, values, layouts = db.session.execute(select(present_stamp(), fields, entries, forms)).one()
    return stamp, (sorted(own or [], key=lambda r: (r["register"], r["position"], r["id"])),
                   sorted(values or [], key=lambda r: (r["dictionary_id"], r["position"], r["id"])), layouts or {}, day.isoformat())


def _made(said: Any, day: date) -> Definitions:
    own, values, layouts, _day = said
    entries: dict[int, list[dict[str, Any]]] = {}
    for each in values:
        entries.setdefault(each["dictionary_id"], []).append(each)
    fields: dict[str, list[dict[str, Any]]] = {}
    for each in own:
        fields.setdefault(each["register"], []).append(each)
        if each["dictionary_id"]:
            entries.setdefault(each["dictionary_id"], [])
    return Definitions(said, {number: _choice(number, rows, day) for number, rows in entries.items()}, fields, layouts)


class Kept:
    """The definitions that one process keeps."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Any, Definitions] = OrderedDict()
        self._until, self._latest = 0.0, None
        self._lock = Lock()

    def of(self, stamp: Any) -> Definitions:
        """The definitions under a stamp; without one those of a moment ago."""
        day = today()
        known = self._kept.get((stamp, day)) if stamp is not None else self._fresh(day)
        if known is not None:
            return known
        read, said = _read(day)
        with self._lock:
            # Rights change more often than fields: what says the same stays the same, with the forms made of it.
            made = next((each for each in self._kept.values() if each.said == said), None) or _made(said, day)
            self._kept[read, day] = made
            self._latest, self._until = (read, day), time.monotonic() + BREATH
            while len(self._kept) > MOST:
                self._kept.popitem(last=False)
        return made

    def _fresh(self, day: date) -> Definitions | None:
        held = self._latest if time.monotonic() < self._until else None
        return self._kept.get(held) if held is not None and held[1] == day else None


def definitions() -> Definitions:
    """What the county added, as this request's stamp has it."""
    kept: Kept = current_app.extensions["own_fields"]
    stamp = g.get("rights_stamp")
    if stamp is None:
        return kept.of(None)
    bound = g.get("own_fields")
    if bound is None or bound[0] != stamp:
        bound = g.own_fields = (stamp, kept.of(stamp))
    made: Definitions = bound[1]
    return made


def reread() -> None:
    """Let the rest of this request see what it has just written itself; nobody else does before the commit."""
    day = today()
    g.own_fields = (g.get("rights_stamp"), _made(_read(day)[1], day))


def base_shape(register: Register) -> Shape:
    """Every column of a register, declared and own, without its layout."""
    return definitions().base(register)


def _shape(register: Register) -> Shape:
    if not has_app_context() or "own_fields" not in current_app.extensions:
        return register.declared
    return definitions().shape(register)


def dictionaries() -> list[Dictionary]:
    """Every dictionary, the county's own first."""
    return list(db.session.scalars(select(Dictionary).order_by(Dictionary.shipped, Dictionary.label)))


def init_fields(app: Any) -> None:
    """Let the registers ask this application for the county's own columns."""
    app.extensions["own_fields"] = Kept()
    set_shaper(_shape)


def extensible() -> list[Register]:
    """The registers that people fill, and to which a field can be added."""
    return [register for register in registers() if not register.frozen]
