"""Half-month reporting on the first page: how many units have reported, town by town, and who has not."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import case, func, select

from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division
from app.areas.divisions.units import Unit
from app.areas.reporting.returns import HalfMonthReturn as Return
from app.areas.reporting.states import ARRIVED, OUTSTANDING, REVIEWER
from app.core.addresses import listing, showing
from app.core.home import Behind, Block, Due, Part, Progress, Tile, Work
from app.core.period import HalfMonth
from app.database import db
from app.security import may

REGISTER, COUNTY, TOWN = "half_month_returns", 6, 9
SOON, LINES = 7, 6
ARRIVED_NOW = ["state", "in", *(state.value for state in ARRIVED)]
WAITING = ["state", "in", *(state.value for state in OUTSTANDING)]


def _of(period: HalfMonth) -> Any:
    return (Return.month == date(period.year, period.month, 1)) & (Return.half == period.half)


def _at(period: HalfMonth, *conditions: list[str], **query: str) -> str:
    """The rows of a half-month under some conditions."""
    month = f"{period.year:04d}-{period.month:02d}"
    return listing(REGISTER, *conditions, month_from=month, month_to=month, half=period.half, **query)


def part() -> Part:
    """The half-month that ended last: how many of the units have reported."""
    period = HalfMonth.latest_finished(today())
    department = func.substring(Return.division_code, COUNTY + 1, 1) == "U"
    place = case((department, func.left(Return.division_code, COUNTY)), else_=func.left(Return.division_code, TOWN))
    groups = db.session.execute(
        select(Division.code, Division.name, func.count(), func.count().filter(Return.state.in_(ARRIVED)), func.count().filter(Return.late))
        .join(Return, place == Division.code).where(_of(period)).group_by(Division.code, Division.name, Division.sort)
        .order_by(func.length(Division.code), Division.sort, Division.code)).all()
    if not groups:
        return Part()
    every, arrived, late = (sum(group[column] for group in groups) for column in (2, 3, 4))
    return Part(progress=Progress(
        title=_("Half-month returns, %(period)s", period=period.label), done=Behind(rows=arrived, url=_at(period, ARRIVED_NOW)),
        of=Behind(rows=every, url=_at(period)), missing=Behind(rows=every - arrived, url=_at(period, WAITING)),
        late=Behind(rows=late, url=_at(period, ["late", "is", "1"])), groups=_tiles(period, groups) if len(groups) > 1 else [],
        first=_missing(period) if every > arrived else []))


def _tiles(period: HalfMonth, groups: Any) -> list[Tile]:
    """The towns, and what stands under the county itself as one."""
    towns = [group.code for group in groups if len(group.code) == TOWN]
    made = []
    for code, name, every, arrived, _late in groups:
        where = [["division_code", "in", code]] if len(code) == TOWN else [["division_code", "not", *towns]] if towns else []
        made.append(Tile(name=name if len(code) == TOWN else _("County departments and units"), rate=round(100 * arrived / every),
                         all=Behind(rows=every, url=_at(period, *where)), late=Behind(rows=every - arrived, url=_at(period, WAITING, *where))))
    return made


def _missing(period: HalfMonth) -> list[Due]:
    """The first units that have not reported, with whom to call."""
    rows = db.session.execute(select(Return.id, Return.due_on, Unit.name, Unit.contact, Unit.phone).join(Unit, Unit.id == Return.unit_id)
                              .where(_of(period), Return.state.in_(OUTSTANDING)).order_by(Return.due_on, Return.id).limit(LINES))
    return [Due(title=row.name, where=" ".join(each for each in (row.contact, row.phone) if each), days=(row.due_on - today()).days,
                url=showing(REGISTER, row.id)) for row in rows]


def work() -> Work:
    """For units: what they must send within a week. For whoever reviews or only reads: what is missing after its day."""
    fills = may("write", REGISTER) and not may(REVIEWER, REGISTER)
    last = today() + timedelta(days=SOON) if fills else today() - timedelta(days=1)
    late = Return.due_on < today()
    rows = db.session.execute(
        select(Return.id, Return.month, Return.half, Return.due_on, Unit.name, func.count().over(), func.count().filter(late).over())
        .join(Unit, Unit.id == Return.unit_id).where(Return.state.in_(OUTSTANDING), Return.due_on <= last)
        .order_by(Return.due_on, Return.id).limit(10)).all()
    every, overdue = rows[0][5:] if rows else (0, 0)
    first = [Due(title=_("Half-month return of %(unit)s", unit=row.name), where=HalfMonth(row.month.year, row.month.month, row.half.value).label,
                 days=(row.due_on - today()).days, url=showing(REGISTER, row.id)) for row in rows]
    return Work(title=_("Half-month returns"), first=first, due=Behind(rows=every, url=listing(REGISTER, WAITING, due_on_to=last.isoformat())),
                late=Behind(rows=overdue, url=listing(REGISTER, WAITING, ["due_on", "before", today().isoformat()])))


home = Block(REGISTER, part, work, order=20)
