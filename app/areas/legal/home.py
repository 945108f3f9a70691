"""Legal advisers on the first page: contracts that end soon."""
from __future__ import annotations

from datetime import timedelta

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.areas.divisions.calendar import today
from app.areas.legal.contracts import ContractState, LegalContract
from app.core.addresses import listing
from app.core.home import Block, Card
from app.database import db

SOON = 60
"""Days within which the end of a contract is told."""


def cards() -> list[Card]:
    """Contracts in force, and how many of them end within 60 days."""
    last = today() + timedelta(days=SOON)
    in_force = LegalContract.state == ContractState.active
    ending = in_force & LegalContract.ends_on.between(today(), last)
    total, soon = db.session.execute(select(func.count().filter(in_force), func.count().filter(ending))).one()
    window = {"state": "active", "ends_on_from": today().isoformat(), "ends_on_to": last.isoformat(), "sort": "ends_on"}
    return [Card(label=_("Contracts ending within 60 days"), value=str(soon), unit=_("contracts"), tone="amber",
                 note=_("%(count)s in force", count=total), url=listing("legal_contracts", **window), icon="briefcase")]


home = Block(register="legal_contracts", cards=cards)
