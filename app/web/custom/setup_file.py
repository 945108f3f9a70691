"""The county's whole set-up as one file (县级配置): dictionaries, fields, layouts, shared queries and roles, out and in.

Reading a file in does the same whether it is meant or only tried: everything is put into the database, each thing under a savepoint, and
a trial is rolled back. So a dry run names every conflict that the real one would meet, those of the database among them.
"""
from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import DBAPIError

from app.database import db
from app.security import may
from app.web.custom import putting
from app.web.custom.models import CustomField, Dictionary, DictionaryEntry, FormLayout
from app.web.custom.putting import Conflict

FORMAT = 1
LARGEST = 2 * 1024 * 1024
MOST = 2_000
"""Things of one kind in a file."""


@dataclass(frozen=True)
class Part:
    """One kind of thing in the file: its words, the subject whose writing it asks for, and what puts one of it into the database."""

    label: Any
    subject: str
    put: Callable[[Any], str]


PARTS: dict[str, Part] = {
    "dictionaries": Part(_("Dictionaries"), "fields", putting.dictionary),
    "fields": Part(_("Fields"), "fields", putting.field),
    "layouts": Part(_("Layouts"), "fields", putting.layout),
    "views": Part(_("Shared queries"), "saved_views", putting.view),
    "roles": Part(_("Roles"), "roles", putting.role),
}


@dataclass(frozen=True)
class Step:
    """What became of one thing: new, changed, same, left out, or in conflict and why."""

    part: Any
    name: str
    act: str
    words: str = ""


class Unreadable(ValueError):
    """The file is no set-up of this console; the words say why."""


def exported() -> dict[str, Any]:
    """Everything that this person may hand out: roles only for whoever sees them."""
    made: dict[str, Any] = {"pingan": "setup", "format": FORMAT, "dictionaries": list(_dictionaries()), "fields": list(_fields()),
                            "layouts": list(_layouts()), "views": list(_views())}
    return made | ({"roles": list(putting.roles_now())} if may("read", "roles") else {})


def _dictionaries() -> Iterator[dict[str, Any]]:
    for each in db.session.scalars(select(Dictionary).where(~Dictionary.shipped).order_by(Dictionary.name)):
        entries = db.session.scalars(select(DictionaryEntry).where(DictionaryEntry.dictionary_id == each.id).order_by(
            DictionaryEntry.position, DictionaryEntry.id))
        yield {"name": each.name, "label": each.label, "entries": [putting.entry_now(entry) for entry in entries]}


def _fields() -> Iterator[dict[str, Any]]:
    names = dict(db.session.execute(select(Dictionary.id, Dictionary.name)).tuples().all())
    live = select(CustomField).where(CustomField.retired_at.is_(None))
    for each in db.session.scalars(live.order_by(CustomField.register, CustomField.position, CustomField.id)):
        yield putting.field_now(each, names.get(each.dictionary_id or 0, ""))


def _layouts() -> Iterator[dict[str, Any]]:
    newest = select(FormLayout).distinct(FormLayout.register).order_by(FormLayout.register, FormLayout.number.desc())
    for each in db.session.scalars(newest):
        yield {"register": each.register, "said": each.said}


def _views() -> Iterator[dict[str, Any]]:
    for register, name, query, reach, role in db.session.execute(select(func.pingan_shared_views().table_valued(
            "register", "name", "query", "reach", "role"))):
        yield {"register": register, "name": name, "query": query, "reach": reach, **({"role": role} if role else {})}


def refuse_other(said: Any) -> None:
    """Raise Unreadable unless it is a set-up of this console."""
    if not isinstance(said, dict) or said.get("pingan") != "setup":
        raise Unreadable(gettext("This is not a set-up file of the console."))
    if said.get("format") != FORMAT:
        raise Unreadable(gettext("The file comes from another version of the console."))
    if unknown := sorted(set(said) - {"pingan", "format", *PARTS}):
        raise Unreadable(gettext("The file holds “%(name)s”, which this version does not know.", name=str(unknown[0])[:40]))
    for name in PARTS:
        if not isinstance(said.get(name, []), list) or len(said.get(name, [])) > MOST:
            raise Unreadable(gettext("The part “%(name)s” of the file cannot be read.", name=name))


def read_in(said: dict[str, Any], *, really: bool) -> list[Step]:
    """Put the file into the database, thing by thing; a trial, or one with any conflict, leaves nothing behind."""
    steps = []
    for name, part in PARTS.items():
        allowed = may("write", part.subject)
        for thing in said.get(name, []):
            steps.append(_one(part, thing) if allowed else Step(part.label, putting.named(thing), "left"))
    if really and not any(step.act == "conflict" for step in steps):
        db.session.commit()
    else:
        db.session.rollback()
    return steps


def _one(part: Part, thing: Any) -> Step:
    try:
        with db.session.begin_nested():
            return Step(part.label, putting.named(thing), part.put(thing))
    except Conflict as conflict:
        return Step(part.label, putting.named(thing), "conflict", str(conflict))
    except (KeyError, TypeError, AttributeError, ValueError):
        return Step(part.label, putting.named(thing), "conflict", gettext("This part of the file cannot be read."))
    except DBAPIError:
        return Step(part.label, putting.named(thing), "conflict", gettext("The database refuses it: it does not fit what is there."))


