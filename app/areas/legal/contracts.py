"""Legal-adviser contracts (法律顾问合同): the firm signs, a named lawyer advises."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Index, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.legal.lawyers import Lawyer
from app.core import columns as col
from app.core.base import Choice, Scoped
from app.core.conditions import When
from app.core.deadline import Deadline
from app.core.register import Register


class ContractState(Choice):
    """Where a contract stands."""

    draft = "draft", _("Being prepared"), "grey"
    active = "active", _("In force"), "green"
    ended = "ended", _("Ended"), "grey"
    terminated = "terminated", _("Ended early"), "red"


class LegalContract(Scoped):
    """One contract between a unit of the county and a law firm."""

    __tablename__ = "legal_contract"
    __table_args__ = (
        Index(None, "state", "division_code"), Index(None, "state", "ends_on", "division_code"),  # the counts on the tabs
        CheckConstraint(
            "ends_on >= starts_on", name="dates_in_order",
            info={"words": _("The end date must not be before the start date.")},
        ),
        CheckConstraint("fee >= 0", name="fee_not_negative", info={"words": _("A fee cannot be negative.")}),
        CheckConstraint(
            "ended_early_on BETWEEN starts_on AND ends_on", name="ended_within_term",
            info={"words": _("The day a contract ended early must lie within its term."), "field": "ended_early_on"},
        ),
        UniqueConstraint("division_code", "number", name="uq_legal_contract_number_once"), col.choice_check("state", ContractState),
    )

    number: Mapped[str] = col.number(_("Contract number"), 50)
    client: Mapped[str] = col.text(_("Client unit"), 100, help=_("The unit that engages the adviser."))
    firm_id: Mapped[int] = col.link(_("Law firm"), "law_firm.id", register="law_firms")
    lawyer_id: Mapped[int | None] = col.link(_("Adviser"), "lawyer.id", register="lawyers")
    starts_on: Mapped[date] = col.day(_("Start date"), group=_("Term and fee"))
    ends_on: Mapped[date] = col.day(_("End date"), group=_("Term and fee"), help=_("One year is usual."))
    fee: Mapped[Decimal | None] = col.money(_("Annual fee (CNY)"), group=_("Term and fee"), minimum=0)
    state: Mapped[ContractState] = col.choice(_("State"), ContractState, default=ContractState.active)
    ended_early_on: Mapped[date | None] = col.day(
        _("Ended early on"), shown_when=When("state", ContractState.terminated, needed=True)
    )
    ended_early_because: Mapped[str | None] = col.text(
        _("Why it ended early"), 200, shown_when=When("state", ContractState.terminated, needed=True)
    )
    scope_of_service: Mapped[str | None] = col.note(
        _("Scope of service"), help=_("For instance opinions on decisions, contracts, legal education.")
    )
    note: Mapped[str | None] = col.note(_("Note"))

    def __str__(self) -> str:
        return f"{self.number} {self.client}"


SCOPE = "重大决策法律意见；合同审查；普法宣传；参与调解（演示）。"
EARLY, FORGOTTEN = 6, 5
"""The places of the contract that was ended early, and of one whose end nobody has entered."""
NO_CLIENTS = (DivisionKind.village, DivisionKind.community)


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[LegalContract]:
    """A contract for every town and department, several of which end within 60 days."""
    lawyers = session.scalars(select(Lawyer).order_by(Lawyer.id)).all()
    clients = [division for division in divisions if division.kind not in NO_CLIENTS]
    clients += [division for division in divisions if division.kind in NO_CLIENTS][::60]
    for place, client in enumerate(clients):
        ends = today() + timedelta(days=rng.randint(3, 58) if place % 4 == 0 else rng.randint(70, 340))
        if place % 9 == 5:
            ends = today() - timedelta(days=rng.randint(5, 200))
        lawyer = lawyers[place % len(lawyers)]
        starts = ends - timedelta(days=364)
        early = place == EARLY
        yield LegalContract(
            division_code=client.code, number=f"FG-{starts.year}-{place + 1:03d}", client=client.name,
            firm_id=lawyer.firm_id, lawyer_id=lawyer.id, starts_on=starts, ends_on=ends, scope_of_service=SCOPE,
            fee=Decimal(rng.randint(5, 40) * 1000), state=_state(ends, place),
            ended_early_on=starts + timedelta(days=90) if early else None,
            ended_early_because="服务单位机构调整，双方协商一致终止（演示）。" if early else None,
        )


def _state(ends: date, place: int) -> ContractState:
    if place == EARLY:
        return ContractState.terminated
    return ContractState.ended if ends < today() and place != FORGOTTEN else ContractState.active


register = Register(
    model=LegalContract, name="legal_contracts", label=_("Legal-adviser contracts"), area="legal", icon="briefcase",
    intro=_("Which unit is advised by whom, until when and for how much."),
    listed=("division_code", "number", "client", "firm_id", "lawyer_id", "ends_on", "fee", "state"),
    searched=("number", "client"), filtered=("starts_on",), key=("division_code", "number"),
    title=("number", "client"), states="state", demo=demo_rows,
    deadline=Deadline(column="ends_on", open=(ContractState.active,), soon=30), summed=("fee",),
)
