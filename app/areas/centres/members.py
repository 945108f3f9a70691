"""Member units of a governance centre (组成单位): who sits there, and how."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.centres.centres import CentreLevel, GovernanceCentre
from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Scoped
from app.core.register import Register


class Presence(Choice):
    """How a unit takes part: all days, some days, or when called."""

    permanent = "permanent", _("Permanent"), "green"
    rotating = "rotating", _("By rota"), "blue"
    on_call = "on_call", _("When called"), "amber"


class CentreMember(Scoped):
    """One unit's place in one centre."""

    __tablename__ = "centre_member"
    __table_args__ = (
        UniqueConstraint("centre_id", "unit_name", name="uq_centre_member_unit_once"), col.choice_check("presence", Presence),
    )

    centre_id: Mapped[int] = col.link(_("Centre"), "governance_centre.id", register="governance_centres", ondelete="CASCADE")
    unit_name: Mapped[str] = col.text(_("Member unit"), 100, help=_("Write the name even if the unit does not report."))
    presence: Mapped[Presence] = col.choice(_("Presence"), Presence)
    joined_on: Mapped[date | None] = col.day(_("Joined on"))
    contact: Mapped[str | None] = col.text(_("Contact person"), 50)
    phone: Mapped[str | None] = col.phone(_("Office phone"), check=identifiers.phone)
    duties: Mapped[str | None] = col.note(_("Duties in the centre"))

    def __str__(self) -> str:
        return self.unit_name


USUAL = ("派出所", "司法所", "信访办", "人民法庭", "检察室", "妇联")
HOW_MANY = {CentreLevel.county: 6, CentreLevel.town: 4, CentreLevel.village: 1}


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[CentreMember]:
    """The usual members, more in larger centres."""
    for centre in session.scalars(select(GovernanceCentre).order_by(GovernanceCentre.id)):
        for unit in USUAL[: HOW_MANY[centre.level]]:
            yield CentreMember(
                division_code=centre.division_code, centre_id=centre.id, unit_name=f"{unit}（演示）",
                presence=rng.choice(list(Presence)), contact=rng.choice("冯陈褚卫蒋沈韩杨") + "某某",
            )


register = Register(
    model=CentreMember, name="centre_members", label=_("Member units"), area="centres", icon="users-group",
    intro=_("The units that sit in each centre, permanently, by rota or when called."),
    listed=("centre_id", "unit_name", "presence", "joined_on", "contact", "phone"), searched=("unit_name", "contact"),
    filtered=("division_code",), key=("division_code", "centre_id", "unit_name"), title=("unit_name",), demo=demo_rows,
)
