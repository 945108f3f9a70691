"""Legal advisers on the first page: contracts that end soon."""
from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.areas.divisions.calendar import today
from app.areas.legal.contracts import ContractState, LegalContract
from app.core.addresses import listing
from app.core.home import Behind, Block, Card, Part
from app.database import db

REGISTER = "legal_contracts"
SOON, LATER = 30, 60
"""Days within which the end of a contract is told."""


def _ending(days: int) -> str:
    last = today() + timedelta(days=days)
    return listing(REGISTER, state="active", ends_on_from=today().isoformat(), ends_on_to=last.isoformat(), sort="ends_on")


def part() -> Part:
    """Contracts in force, and how many of them end within 30 and 60 days."""
    in_force = LegalContract.state == ContractState.active
    soon, later, total = db.session.execute(select(*(
        func.count().filter(in_force, LegalContract.ends_on.between(today(), today() + timedelta(days=days))) for days in (SOON, LATER)),
        func.count().filter(in_force))).one()
    return Part(cards=[Card(
        label=_("Contracts ending within 30 days"), value=str(soon), rows=soon, unit=_("contracts"), tone="amber", icon="briefcase",
        url=_ending(SOON), also=(
            Behind(label=_("Within 60 days"), rows=later, url=_ending(LATER)),
            Behind(label=_("In force"), rows=total, url=listing(REGISTER, state="active"))))])


home = Block(REGISTER, part)
