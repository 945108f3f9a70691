"""Supervision on the first page: what is at work and overdue, the towns' closing rates, the course of twelve weeks."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import func, literal, or_, select, union_all

from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.supervision.items import SupervisionItem as Item
from app.areas.supervision.states import AT_WORK, FINISHED
from app.core.addresses import listing, showing
from app.core.home import Behind, Block, Card, Change, Chart, Due, Part, Tile, Work
from app.core.period import HalfMonth
from app.database import db

REGISTER, TOWN, WEEKS = "supervision_items", 9, 12
SOON = 7
"""Items due within so many days are things to do."""
OPEN = ["state", "not", *(state.value for state in FINISHED)]
TOWNS = (DivisionKind.town, DivisionKind.subdistrict, DivisionKind.township, DivisionKind.zone)


def _late(**query: str) -> str:
    return listing(REGISTER, OPEN, ["due_on", "before", today().isoformat()], sort="due_on", **query)


def _fresh() -> date:
    return today() - timedelta(days=6)


def _cards() -> list[Card]:
    """Items at work, and those past their day."""
    at_work, overdue, fresh = db.session.execute(select(
        func.count().filter(Item.state.in_(AT_WORK)), func.count().filter(Item.overdue),
        func.count().filter(Item.registered_on.between(_fresh(), today())))).one()
    new = listing(REGISTER, registered_on_from=_fresh().isoformat(), registered_on_to=today().isoformat())
    return [
        Card(label=_("Items at work"), value=str(at_work), rows=at_work, unit=_("items"), icon="clipboard-check", tone="blue",
             url=listing(REGISTER, ["state", "in", *(state.value for state in AT_WORK)]),
             also=(Behind(label=_("New within 7 days"), rows=fresh, url=new),)),
        Card(label=_("Overdue items"), value=str(overdue), rows=overdue, unit=_("items"), url=_late(), icon="alert-triangle", tone="red"),
    ]


def work() -> Work:
    """The most pressing items, those overdue first, and how many there are in all."""
    last = today() + timedelta(days=SOON)
    pressing = Item.state.not_in(FINISHED) & (Item.due_on <= last)
    rows = db.session.execute(
        select(Item.id, Item.title, Item.responsible_unit, Item.due_on, func.count().over(), func.count().filter(Item.overdue).over())
        .where(pressing).order_by(Item.due_on, Item.id).limit(10)).all()
    first = [Due(title=row.title, where=row.responsible_unit, days=(row.due_on - today()).days, url=showing(REGISTER, row.id)) for row in rows]
    every, late = rows[0][4:] if rows else (0, 0)
    return Work(first=first, late=Behind(rows=late, url=_late()),
                due=Behind(rows=every, url=listing(REGISTER, OPEN, due_on_to=last.isoformat(), sort="due_on")))


def _tiles() -> list[Tile]:
    """The towns with the share of their items that is closed."""
    town = func.substring(Item.division_code, 1, TOWN)
    rows = db.session.execute(
        select(Division.code, Division.name, func.count(), func.count().filter(Item.state.in_(FINISHED)), func.count().filter(Item.overdue))
        .join(Item, town == Division.code).where(Division.kind.in_(TOWNS)).group_by(Division.code, Division.name).order_by(Division.code))
    return [Tile(name=name, rate=round(100 * closed / total), all=Behind(rows=total, url=listing(REGISTER, division_code=code)),
                 late=Behind(rows=late, url=_late(division_code=code))) for code, name, total, closed, late in rows]


def _weekly(column: Any, first: date, name: str) -> Any:
    week = ((column - literal(first)) // 7).label("week")
    return select(literal(name), week, func.count()).where(column.between(first, today())).group_by("week")


def _trend() -> Chart:
    first = today() - timedelta(days=7 * WEEKS - 1)
    days = [first + timedelta(weeks=week) for week in range(WEEKS)]
    counted = {(name, week): rows for name, week, rows in db.session.execute(
        union_all(_weekly(Item.registered_on, first, "registered_on"), _weekly(Item.closed_on, first, "closed_on")))}

    def points(name: str) -> list[Behind]:
        return [Behind(rows=counted.get((name, week), 0), url=listing(REGISTER, **{
            f"{name}_from": day.isoformat(), f"{name}_to": (day + timedelta(days=6)).isoformat()})) for week, day in enumerate(days)]

    return Chart(name="trend", title=_("Newly filed and settled, last 12 weeks"), kind="line", labels=[f"{day:%m-%d}" for day in days],
                 series=[(_("Newly filed"), points("registered_on")), (_("Settled items"), points("closed_on"))])


def _categories() -> Chart:
    rows = db.session.execute(select(Item.category, func.count()).where(Item.state.not_in(FINISHED))
                              .group_by(Item.category).order_by(func.count().desc(), Item.category)).all()
    points = [Behind(rows=count, url=listing(REGISTER, OPEN, category=category.value)) for category, count in rows]
    return Chart(name="categories", title=_("Open items by category"), kind="bars", labels=[str(category.label) for category, _n in rows],
                 series=[(_("Open items"), points)])


def part() -> Part:
    """Figures, tiles, and the charts of twelve weeks and of what the open items are about."""
    return Part(cards=_cards(), tiles=_tiles(), charts=[_trend(), _categories()])


def changes() -> list[Change]:
    """The last full half-month beside the one before: what came, what went, what stood open and late at its end."""
    last = HalfMonth.latest_finished(today())
    spans = (last, last.previous())
    counted = db.session.execute(select(*(func.count().filter(condition) for span in spans for condition in (
        Item.registered_on.between(span.start, span.end), Item.closed_on.between(span.start, span.end),
        _open_at(span.end), _open_at(span.end) & (Item.due_on < span.end))))).one()
    words = ((_("Newly filed"), "file-text", "blue"), (_("Settled items"), "circle-check", "green"),
             (_("Open at the end of the period"), "clipboard-check", "cyan"), (_("Overdue at the end of the period"), "alert-triangle", "red"))
    return [Change(label=label, icon=icon, tone=tone, now=Behind(rows=counted[place], url=_at(spans[0], place)),
                   before=Behind(rows=counted[place + len(words)], url=_at(spans[1], place))) for place, (label, icon, tone) in enumerate(words)]


def _open_at(day: date) -> Any:
    """Items that were open at the end of that day, whatever became of them since."""
    return (Item.registered_on <= day) & or_(Item.closed_on.is_(None), Item.closed_on > day)


def _at(span: HalfMonth, place: int) -> str:
    """The rows of a figure of that half-month, in the order of the figures."""
    first, last = span.start.isoformat(), span.end.isoformat()
    if place < 2:
        return listing(REGISTER, **dict(zip(("registered_on_from", "registered_on_to") if place == 0 else ("closed_on_from", "closed_on_to"),
                                            (first, last), strict=True)))
    late = (["due_on", "before", last],) if place == 3 else ()
    return listing(REGISTER, *late, either=(["closed_on", "empty"], ["closed_on", "after", last]), registered_on_to=last)


home = Block(REGISTER, part, work, changes, order=10)
