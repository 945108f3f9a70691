"""The demo county: complete, recognisable as invented, and filled once."""
from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

from sqlalchemy import func, select

from app.areas.centres.centres import GovernanceCentre
from app.areas.demo import fill
from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.divisions.units import Unit
from app.areas.indicators.years import AnnualIndicator
from app.areas.legal.contracts import ContractState, LegalContract
from app.areas.supervision.items import SupervisionItem
from app.core.register import registers

INVENTED = ("199000", "0543-000")
TOWNS = (DivisionKind.town, DivisionKind.subdistrict, DivisionKind.zone)


def test_filling_again_adds_nothing(db_session):
    fill(db_session)
    assert sum(fill(db_session).values()) == 0


def test_every_register_with_a_demo_has_rows(db_session):
    fill(db_session)
    bare = [r.name for r in registers() if r.demo and not db_session.scalar(select(func.count()).select_from(r.model))]
    assert bare == []


def test_every_filled_value_passes_its_own_check(db_session):
    fill(db_session)
    for register in registers():
        checked = {n: c.info["check"] for n, c in register.columns.items() if c.info.get("check") and c.info["kind"] != "sealed"}
        for row in db_session.scalars(select(register.model).limit(100)) if checked else ():
            for name, check in checked.items():
                if getattr(row, name):
                    check(getattr(row, name))


def test_no_phone_in_the_demo_is_anybody_s(db_session):
    fill(db_session)
    for register in registers():
        for name in [n for n, c in register.columns.items() if c.info["kind"] == "phone"]:
            numbers = db_session.scalars(select(getattr(register.model, name)).where(getattr(register.model, name).is_not(None)))
            assert [number for number in numbers if not number.startswith(INVENTED)] == [], (register.name, name)


def test_it_has_enough_to_look_at(db_session):
    fill(db_session)
    towns = set(db_session.scalars(select(Division.code).where(Division.kind.in_(TOWNS))))
    assert len(towns) == 13
    assert towns <= set(db_session.scalars(select(GovernanceCentre.division_code)))
    assert db_session.scalar(select(func.count()).select_from(Unit)) >= 27
    late = set(db_session.scalars(select(SupervisionItem.division_code).where(SupervisionItem.overdue)))
    assert len(late) >= 5
    soon = LegalContract.ends_on.between(today(), today() + timedelta(days=60))
    assert db_session.scalar(select(func.count()).where(soon, LegalContract.state == ContractState.active)) >= 5


def test_the_published_figures_of_2017_are_exact_and_name_their_source(db_session):
    fill(db_session)
    rows = db_session.scalars(select(AnnualIndicator).where(AnnualIndicator.year == 2017).order_by(AnnualIndicator.sort)).all()
    assert [row.value for row in rows] == [Decimal(n) for n in (1033, 601, 212, 29, 17, 24, 98, 151)]
    assert {row.source for row in rows} == {"2017 年县公报"}
