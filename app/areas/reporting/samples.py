"""Invented half-month returns for the demo county: four finished half-months and the one that runs."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select

from app.areas.divisions.calendar import today
from app.areas.divisions.units import Unit
from app.areas.reporting.states import ReturnState
from app.core.period import HalfMonth

FINISHED = 4
LATE = 1 / 20
MISSING = 1 / 12
"""How many returns of the newest finished half-month have not come."""
ANALYSIS = "本期组织集中排查，矛盾纠纷逐件落实责任人，隐患限期整改（演示）。"


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[Any]:
    """A return of every reporting unit for each half-month."""
    from app.areas.reporting.returns import due_day

    units = session.scalars(select(Unit).where(Unit.reports).order_by(Unit.id)).all()
    period = HalfMonth.containing(today())
    for age in range(FINISHED + 1):
        due = due_day(session, period)
        for unit in units:
            yield _row(unit, period, due, _state(age, rng), rng)
        period = period.previous()


def _state(age: int, rng: random.Random) -> ReturnState:
    """Old returns are approved, those of the last half-month on their way, those of the running one to come."""
    if age == 0:
        return ReturnState.waiting
    if age > 1:
        return ReturnState.approved
    if rng.random() < MISSING:
        return ReturnState.waiting
    return rng.choices((ReturnState.approved, ReturnState.submitted, ReturnState.returned), (12, 7, 1))[0]


def _row(unit: Unit, period: HalfMonth, due: date, state: ReturnState, rng: random.Random) -> Any:
    from app.areas.reporting.returns import Half, HalfMonthReturn, ReportKind

    given: dict[str, Any] = {}
    if state is not ReturnState.waiting:
        sent = due + timedelta(days=rng.randint(1, 3) if rng.random() < LATE else -rng.randint(0, 1))
        zero = rng.random() < 1 / 5
        given = {"submitted_on": min(sent, today()), "reporter": rng.choice("赵钱孙李周吴郑王") + "某某",
                 "kind": ReportKind.zero if zero else ReportKind.figures} | ({} if zero else _figures(rng))
        if state is ReturnState.approved:
            given["approved_on"] = min(given["submitted_on"] + timedelta(days=1), today())
    return HalfMonthReturn(division_code=unit.division_code, unit_id=unit.id, month=date(period.year, period.month, 1),
                           half=Half(period.half), due_on=due, state=state, **given)


def _figures(rng: random.Random) -> dict[str, Any]:
    found, hazards, appeals = rng.randint(1, 9), rng.randint(0, 6), rng.randint(0, 12)
    return {"disputes_found": found, "disputes_settled": rng.randint(0, found), "hazards_found": hazards,
            "hazards_fixed": rng.randint(0, hazards), "appeals_received": appeals, "appeals_answered": rng.randint(0, appeals),
            "analysis": ANALYSIS}
