"""Units that report (报送单位): one for each town-level division and each county department."""
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.divisions.unit_names import COUNTY_UNITS, TOWN_OFFICES
from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Scoped
from app.core.register import Register


class UnitKind(Choice):
    """What a unit is, for the lists of who must report."""

    town = "town", _("Town-level unit"), "green"
    department = "department", _("County department"), "amber"
    enterprise = "enterprise", _("Enterprise or public institution"), "blue"
    other = "other", _("Other"), "grey"


class Unit(Scoped):
    """A unit that sends figures to the county; a division may hold several."""

    __tablename__ = "unit"
    __table_args__ = (
        UniqueConstraint("division_code", "name", name="uq_unit_name_once"), col.choice_check("kind", UnitKind),
    )

    name: Mapped[str] = col.text(_("Unit name"), 100)
    kind: Mapped[UnitKind] = col.choice(_("Kind"), UnitKind)
    reports: Mapped[bool] = col.flag(
        _("Must report"), default=True, help=_("Whether the unit must send its half-month figures.")
    )
    contact: Mapped[str | None] = col.text(_("Contact person"), 50)
    phone: Mapped[str | None] = col.phone(_("Office phone"), check=identifiers.phone)
    note: Mapped[str | None] = col.note(_("Note"))

    def __str__(self) -> str:
        return self.name


TOWN_LEVEL = (DivisionKind.town, DivisionKind.subdistrict, DivisionKind.township, DivisionKind.zone)


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[Unit]:
    """The 151 units that report: five in each town, the departments, and what the county runs or guides; contacts are invented."""
    for place, (code, name, kind) in enumerate(names(divisions)):
        yield Unit(division_code=code, name=name, kind=UnitKind(kind), reports=True,
                   contact=rng.choice("赵钱孙李周吴郑王") + "某某", phone=f"0543-0000{place % 1000:03d}")


def names(divisions: list[Division]) -> Iterator[tuple[str, str, str]]:
    """Code of the division, name and kind of every reporting unit of the demo."""
    for division in divisions:
        if division.kind in TOWN_LEVEL:
            yield from ((division.code, f"{division.name}{office}", "town") for office in TOWN_OFFICES)
        elif division.kind is DivisionKind.department:
            yield division.code, division.name, "department"
        elif division.kind is DivisionKind.county:
            yield from ((division.code, name, kind) for kind, found in COUNTY_UNITS.items() for name in found)


register = Register(
    model=Unit, name="units", label=_("Reporting units"), area="divisions", icon="building",
    intro=_("Who must send figures to the county, and whom to call."),
    listed=("division_code", "name", "kind", "reports", "contact", "phone"), searched=("name", "contact"),
    key=("division_code", "name"), title=("name",), order=("division_code",), demo=demo_rows,
)
