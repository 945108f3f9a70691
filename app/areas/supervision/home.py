"""Supervision on the first page: open and overdue items, the towns' closing rates, and what is due."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Integer, Row, cast, func, literal, select

from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.supervision.items import SupervisionItem as Item
from app.areas.supervision.states import AT_WORK, FINISHED
from app.core.addresses import listing, showing
from app.core.home import Block, Card, Due
from app.database import db

TOWN = 9
SOON = 7
"""Items due within so many days are things to do."""


def cards() -> list[Card]:
    """Items at work, and those past their day."""
    week = today() - timedelta(days=7)
    at_work, overdue, fresh = db.session.execute(select(
        func.count().filter(Item.state.in_(AT_WORK)), func.count().filter(Item.overdue),
        func.count().filter(Item.registered_on > week))).one()
    late = {"due_on_to": (today() - timedelta(days=1)).isoformat(), "sort": "due_on"}
    return [
        Card(label=_("Items at work"), value=str(at_work), unit=_("items"), url=listing("supervision_items"),
             note=_("%(count)s new this week", count=fresh), icon="clipboard-check", tone="blue"),
        Card(label=_("Overdue items"), value=str(overdue), unit=_("items"), url=listing("supervision_items", **late),
             note=_("Past their due date and not closed"), icon="alert-triangle", tone="red"),
    ]


def todo() -> list[Due]:
    """The most pressing items, those overdue first."""
    rows = db.session.execute(
        select(Item.id, Item.title, Item.responsible_unit, Item.due_on)
        .where(Item.state.not_in(FINISHED), Item.due_on <= today() + timedelta(days=SOON)).order_by(Item.due_on).limit(100))
    return [Due(title=title, where=unit, days=(due - today()).days, url=showing("supervision_items", pk))
            for pk, title, unit, due in rows]


def _by_town() -> Sequence[Row[Any]]:
    town = func.substring(Item.division_code, 1, TOWN)
    return db.session.execute(
        select(Division.code, Division.name, func.count(Item.id),
               func.sum(cast(Item.state.in_(FINISHED), Integer)), func.sum(cast(Item.overdue, Integer)))
        .join(Item, town == Division.code).where(Division.kind.in_((DivisionKind.town, DivisionKind.subdistrict)))
        .group_by(Division.code, Division.name).order_by(Division.code)).all()


def _tone(rate: int) -> str:
    return "green" if rate >= 75 else "blue" if rate >= 50 else "amber" if rate >= 25 else "red"


def tiles() -> dict[str, Any]:
    """The towns with the share of their items that is closed."""
    made = []
    for code, name, total, closed, _late in _by_town():
        rate = round(100 * closed / total)
        made.append((name, f"{rate}%", _tone(rate), listing("supervision_items", division_code=code)))
    return {"tiles": made, "tiles_title": _("Closing rate of the towns"), **_trend()}


def _trend() -> dict[str, Any]:
    first = today() - timedelta(weeks=12)
    week = cast(func.floor((Item.registered_on - literal(first)) / 7), Integer)
    filed = dict(db.session.execute(select(week, func.count()).where(Item.registered_on >= first).group_by(week)).all())
    shut = cast(func.floor((Item.closed_on - literal(first)) / 7), Integer)
    closed = dict(db.session.execute(select(shut, func.count()).where(Item.closed_on >= first).group_by(shut)).all())
    weeks = [(first + timedelta(weeks=n)).strftime("%m-%d") for n in range(12)]
    return {"trend": {"labels": weeks, "series": [
        (_("Filed"), [filed.get(n, 0) for n in range(12)]), (_("Closed"), [closed.get(n, 0) for n in range(12)])]},
        "trend_title": _("Filed and closed in the last 12 weeks")}


home = Block(register="supervision_items", cards=cards, todo=todo, extra=tiles)
