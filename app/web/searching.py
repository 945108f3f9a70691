"""Finding rows by their words (检索): in one register or in all, by the index of the search entries.

What is found is what the caller's scope holds: the functions of ``app.database.search`` keep the row rule, and the pages read the
rows themselves under row security as ever.
"""
from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from flask import g, has_request_context, request, url_for
from sqlalchemy import ARRAY, BigInteger, Text, and_, any_, cast, func, literal, or_, select

from app.core.base import Choice
from app.core.columns import ChoiceText
from app.core.register import Register, find
from app.database import db
from app.database.search import SEEN, arguments
from app.web.cells import Names, shown
from app.web.record import endpoint


def found_ids(register: Register, words: str, *, by_initials: bool = False, most: int = SEEN) -> list[int] | None:
    """The rows that contain every one of the words; None when there are more than ``most``. Asked once in reading a page."""
    words = words.replace("\0", "")
    kept: dict[Any, list[int] | None] = g.setdefault("found_ids", {}) if has_request_context() and request.method == "GET" else {}
    key = (register.name, words, by_initials, most)
    if key not in kept:
        kept[key] = db.session.scalar(select(func.pingan_find(register.name, words, most, by_initials, type_=ARRAY(BigInteger))))
    return kept[key]


def among(register: Register, ids: list[int]) -> Any:
    """The condition that a row is one of these, sent as one text: thousands of numbers one by one cost more than the search itself."""
    return register.model.id == any_(cast(literal("{" + ",".join(map(str, ids)) + "}", Text), ARRAY(BigInteger)))


def contains(register: Register, words: str) -> Any:
    """The condition of a list's keyword; a word that nearly every row contains is found soonest by reading the rows in turn."""
    found = found_ids(register, words)
    if found is not None:
        return among(register, found)
    columns = [func.pingan_fold(cast(getattr(register.model, name), Text)) for name in arguments(register)[3].split(",")]
    folded = unicodedata.normalize("NFKC", words).lower().split()
    return and_(*(or_(*(column.contains(word, autoescape=True) for column in columns)) for word in folded))


def matching(register: Register, words: str, most: int) -> list[Any]:
    """The first rows that contain the words, or whose title has these initials; the newest without any words."""
    model = register.model
    query = select(model).order_by(model.code if hasattr(model, "code") else model.id.desc()).limit(most)
    if words:
        found = found_ids(register, words, by_initials=True)
        query = query.where(contains(register, words) if found is None else among(register, found))
    return list(db.session.scalars(query))


def hits(names: list[str], words: str, each: int) -> list[dict[str, Any]]:
    """The first rows of each of these registers that contain the words or have these initials, by one statement."""
    entry = func.pingan_search(cast(names, ARRAY(Text)), words.replace("\0", ""), each).table_valued("register", "row_id", "title")
    found: dict[str, list[tuple[int, list[str]]]] = defaultdict(list)
    for name, row_id, title in db.session.execute(select(entry)):
        found[name].append((row_id, title))
    links = _pointed(found)
    return [_group(find(name), words, found[name], links) for name in names if name in found]


def _pointed(found: Mapping[str, list[tuple[int, list[str]]]]) -> Names:
    """The names of the rows that titles point to, all read together; a number says nothing to anybody."""
    names, keys = Names(), defaultdict(set)
    for name, rows in found.items():
        for column, place in ((c, p) for p, c in enumerate(_titles(find(name))) if c.info["kind"] == "link"):
            keys[column.info["register"]] |= {int(title[place]) for _id, title in rows if title[place]}
    if keys:
        names.learn(find(next(iter(found))), [], (), keys)
    return names


def _group(register: Register, words: str, rows: list[tuple[int, list[str]]], links: Names) -> dict[str, Any]:
    view = endpoint(register)
    made = [{"url": url_for(f"{view}.show", pk=row_id), "text": _said(register, title, links) or f"#{row_id}"} for row_id, title in rows]
    return {"label": register.label, "url": url_for(f"{view}.list", q=words), "hits": made}


def _titles(register: Register) -> list[Any]:
    return [register.columns[name] for name in register.title if name not in register.sealed]


def _said(register: Register, title: list[str], links: Names) -> str:
    """A title as people read it: the entry holds values, and a choice has a label in each language."""
    return " ".join(filter(None, (_word(column, value, links) for column, value in zip(_titles(register), title, strict=True))))


def _word(column: Any, value: str, links: Names) -> str:
    if column.info["kind"] == "link":
        return links.of(column.info["register"], value) if value else ""
    kind: type[Choice] | None = column.info.get("choice") if isinstance(column.type, ChoiceText) else None
    return str(shown(kind(value) if kind and value else value, ""))
