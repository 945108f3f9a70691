"""Rooms of a governance centre (功能室): what each is for and how large."""
from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.centres.centres import CentreLevel, GovernanceCentre
from app.core import columns as col
from app.core.base import Choice, Scoped
from app.core.conditions import When
from app.core.register import Register


class RoomKind(Choice):
    """What a room is for; the county's own names go into the room's name."""

    hall = "hall", _("Reception hall"), "blue"
    mediation = "mediation", _("Mediation room"), "green"
    monitoring = "monitoring", _("Monitoring and analysis room"), "violet"
    grid = "grid", _("Grid management room"), "cyan"
    counselling = "counselling", _("Counselling room"), "amber"
    social_work = "social_work", _("Social work room"), "green"
    meeting = "meeting", _("Meeting room"), "grey"
    other = "other", _("Other"), "grey"


class CentreRoom(Scoped):
    """One room of one centre."""

    __tablename__ = "centre_room"
    __table_args__ = (
        UniqueConstraint("centre_id", "name", name="uq_centre_room_name_once"),
        CheckConstraint(
            "floor_area >= 0", name="floor_area_not_negative",
            info={"words": _("A floor area cannot be negative.")},
        ),
        CheckConstraint(
            "seats >= 0", name="seats_not_negative",
            info={"words": _("The number of seats cannot be negative.")},
        ),
        col.choice_check("kind", RoomKind),
    )

    centre_id: Mapped[int] = col.link(_("Centre"), "governance_centre.id", register="governance_centres", ondelete="CASCADE")
    name: Mapped[str] = col.text(_("Room name"), 60)
    kind: Mapped[RoomKind] = col.choice(_("Used for"), RoomKind)
    other_use: Mapped[str | None] = col.text(_("Which other use"), 60, shown_when=When("kind", RoomKind.other, needed=True))
    floor_area: Mapped[Decimal | None] = col.decimal(_("Floor area"), 8, 2, unit="m²", minimum=0)
    seats: Mapped[int | None] = col.count(_("Seats"))
    shared: Mapped[bool] = col.flag(_("Shared"), help=_("Whether another office uses the room too."))

    def __str__(self) -> str:
        return self.name


USUAL = (
    (RoomKind.hall, "群众接待大厅"), (RoomKind.mediation, "矛盾纠纷调处室"),
    (RoomKind.monitoring, "监控研判室"), (RoomKind.counselling, "心理咨询室"),
)
HOW_MANY = {CentreLevel.county: 4, CentreLevel.town: 3, CentreLevel.village: 2}


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[CentreRoom]:
    """The usual rooms, fewer in smaller centres."""
    for centre in session.scalars(select(GovernanceCentre).order_by(GovernanceCentre.id)):
        for kind, name in USUAL[: HOW_MANY[centre.level]]:
            yield CentreRoom(
                division_code=centre.division_code, centre_id=centre.id, kind=kind, name=name,
                floor_area=Decimal(rng.randint(15, 90)), seats=rng.randint(4, 30), shared=rng.random() < 0.2,
            )


register = Register(
    model=CentreRoom, name="centre_rooms", label=_("Centre rooms"), area="centres", icon="door",
    intro=_("The rooms of each centre by use and size."),
    listed=("centre_id", "name", "kind", "floor_area", "seats", "shared"), searched=("name",),
    filtered=("division_code",), key=("division_code", "centre_id", "name"), title=("name",), summed=("floor_area", "seats"), demo=demo_rows,
)
