"""Rounds of reporting (调度): every night the returns that are expected are opened, their days kept right, and units that wait are urged."""
from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, literal, select
from sqlalchemy.dialects.postgresql import insert

from app.areas.divisions.calendar import today
from app.areas.divisions.units import Unit
from app.areas.reporting.returns import HalfMonthReturn, ReportKind, due_day
from app.areas.reporting.states import OUTSTANDING, ReturnState
from app.core.period import HalfMonth
from app.core.task import Task, Usual
from app.database import db
from app.database.scope import noted

CATCH_UP = 6
"""After an outage at most so many half-months are opened; older ones are history."""
URGED_FROM, URGED_UNTIL = 1, 7
"""A unit that has not sent is urged once a day from so many days before the due day until so many after it."""


def expected(day: date) -> Iterator[HalfMonth]:
    """The half-month that runs, and before it those that nobody opened since the newest one there is."""
    period = HalfMonth.containing(day)
    newest = db.session.execute(select(HalfMonthReturn.month, HalfMonthReturn.half)
                                .order_by(HalfMonthReturn.month.desc(), HalfMonthReturn.half.desc()).limit(1)).first()
    yield period
    for _step in range(CATCH_UP - 1):
        period = period.previous()
        if newest is None or (newest.month, newest.half.value) >= (_month(period), period.half):
            return
        yield period


def _month(period: HalfMonth) -> date:
    return date(period.year, period.month, 1)


def open_period(period: HalfMonth) -> int:
    """Make the missing return of every unit that must report; what is there stays. Answers with the returns added."""
    units = select(Unit.division_code, Unit.id, literal(_month(period)), literal(period.half), literal(ReportKind.figures.value),
                   literal(due_day(db.session, period)), literal(ReturnState.waiting.value)).where(Unit.reports)
    columns = ("division_code", "unit_id", "month", "half", "kind", "due_on", "state")
    made = insert(HalfMonthReturn).from_select(columns, units, include_defaults=False)
    once = made.on_conflict_do_nothing(index_elements=["unit_id", "month", "half"])
    return len(db.session.execute(once.returning(HalfMonthReturn.id)).all())


def keep_days(day: date) -> int:
    """Give the returns that still wait the day that the work calendar now says: a year's notice often comes after its first days."""
    waiting = select(HalfMonthReturn).where(HalfMonthReturn.state == ReturnState.waiting, HalfMonthReturn.due_on >= day - timedelta(days=15))
    days: dict[HalfMonth, date] = {}
    moved = 0
    for row in db.session.scalars(waiting):
        right = days.get(row.period) or days.setdefault(row.period, due_day(db.session, row.period))
        if row.due_on != right:
            row.due_on, moved = right, moved + 1
    db.session.flush()
    return moved


def urge(day: date) -> int:
    """Mark the returns whose unit is to be urged today; the bell of the unit's people tells them."""
    rows = db.session.scalars(select(HalfMonthReturn).where(
        HalfMonthReturn.state.in_(OUTSTANDING), func.coalesce(HalfMonthReturn.urged_on < day, True),
        HalfMonthReturn.due_on.between(day - timedelta(days=URGED_UNTIL), day + timedelta(days=URGED_FROM)))).all()
    for row in rows:
        row.urged_on = day
    db.session.flush()
    return len(rows)


def run(period: str) -> str | None:
    """Do all three for today, whatever night's run it is; done twice, it adds nothing."""
    day = today()
    opened = sum(open_period(each) for each in list(expected(day)))
    moved = keep_days(day)
    with noted(gettext("Urged by the clock.")):
        urged = urge(day)
    if not (opened or moved or urged):
        return None
    return gettext("Half-month returns: %(opened)s opened, %(moved)s days moved, %(urged)s units urged.", opened=opened, moved=moved, urged=urged)


tasks = {
    "half_month_returns": Task("half_month_returns", _("Half-month returns: open, keep days, urge"), run, Usual("半月报开期与催报", "daily", 0, 30)),
}
