"""Governance centres (综治中心), with the fields of GB/T 31000 table 5."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.divisions.divisions import Division, DivisionKind
from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Scoped
from app.core.register import Part, Register


class CentreLevel(Choice):
    """The level of an organisation, code table T37."""

    county = "04", _("County level"), "blue"
    town = "05", _("Town level"), "green"
    village = "06", _("Village level"), "grey"


class GovernanceCentre(Scoped):
    """One centre: the place where the departments sit together."""

    __tablename__ = "governance_centre"
    __table_args__ = (
        UniqueConstraint("division_code", "name", name="uq_governance_centre_name_once"),
        CheckConstraint(
            "longitude BETWEEN 73 AND 136", name="longitude_in_china",
            info={"words": _("The longitude must lie between 73 and 136 degrees.")},
        ),
        CheckConstraint(
            "latitude BETWEEN 3 AND 54", name="latitude_in_china",
            info={"words": _("The latitude must lie between 3 and 54 degrees.")},
        ),
        CheckConstraint(
            "floor_area >= 0", name="floor_area_not_negative",
            info={"words": _("A floor area cannot be negative.")},
        ),
        col.choice_check("level", CentreLevel),
    )

    name: Mapped[str] = col.text(_("Centre name"), 100)
    level: Mapped[CentreLevel] = col.choice(_("Level"), CentreLevel)
    phone: Mapped[str] = col.phone(_("Phone of the centre"), check=identifiers.phone)
    head: Mapped[str] = col.text(_("Head"), 50, group=_("Head"))
    head_phone: Mapped[str] = col.phone(_("Phone of the head"), check=identifiers.phone, group=_("Head"))
    address: Mapped[str | None] = col.text(_("Address"), 80, group=_("Place"))
    longitude: Mapped[Decimal | None] = col.decimal(
        _("Longitude"), 11, 8, group=_("Place"), minimum=73, help=_("Degrees east, between 73 and 136.")
    )
    latitude: Mapped[Decimal | None] = col.decimal(
        _("Latitude"), 10, 8, group=_("Place"), minimum=3, help=_("Degrees north, between 3 and 54.")
    )
    floor_area: Mapped[Decimal | None] = col.decimal(_("Floor area"), 8, 2, group=_("Place"), unit="m²", minimum=0)
    opened_on: Mapped[date | None] = col.day(_("Opened on"))
    note: Mapped[str | None] = col.note(_("Note"))

    def __str__(self) -> str:
        return self.name


LEVEL_OF = {
    DivisionKind.county: CentreLevel.county, DivisionKind.zone: CentreLevel.town, DivisionKind.town: CentreLevel.town,
    DivisionKind.township: CentreLevel.town, DivisionKind.subdistrict: CentreLevel.town,
    DivisionKind.village: CentreLevel.village, DivisionKind.community: CentreLevel.village,
}
EVERY_VILLAGE = 12
AREAS = {CentreLevel.county: 500, CentreLevel.town: 200, CentreLevel.village: 60}


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[GovernanceCentre]:
    """A centre for the county, for each town and for every twelfth village."""
    villages = [division for division in divisions if LEVEL_OF.get(division.kind) is CentreLevel.village]
    chosen = {division.code for division in villages[::EVERY_VILLAGE]}
    for place, division in enumerate(divisions):
        level = LEVEL_OF.get(division.kind)
        if level is None or (level is CentreLevel.village and division.code not in chosen):
            continue
        yield GovernanceCentre(
            division_code=division.code, name=f"{division.name}综治中心", level=level,
            phone=f"0543-0001{place % 1000:03d}", head=rng.choice("赵钱孙李周吴郑王") + "某某",
            head_phone=f"199000{10000 + place:05d}", address=f"{division.name}演示路{rng.randint(1, 99)}号",
            floor_area=Decimal(AREAS[level] + rng.randint(0, 80)),
        )


register = Register(
    model=GovernanceCentre, name="governance_centres", label=_("Governance centres"), area="centres",
    icon="building-community", intro=_("Every centre from county to village: where it is, who heads it, what it has."),
    listed=("division_code", "name", "level", "head", "phone", "floor_area"), searched=("name", "head", "address"),
    key=("division_code", "name"), title=("name",), summed=("floor_area",), order=("division_code",),
    parts=(
        Part("centre_rooms", "centre_id"), Part("centre_members", "centre_id"), Part("centre_staff", "centre_id"),
        Part("centre_assessments", "centre_id"),
    ),
    demo=demo_rows,
)
