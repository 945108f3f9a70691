"""Units that report (报送单位): one for each town-level division and each county department."""
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.divisions.divisions import Division, DivisionKind
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
    """A unit for every node that reports, with invented contacts."""
    for place, division in enumerate(divisions):
        if division.kind in (*TOWN_LEVEL, DivisionKind.department):
            town = division.kind is not DivisionKind.department
            yield Unit(
                division_code=division.code, name=f"{division.name}综治办" if town else division.name,
                kind=UnitKind.town if town else UnitKind.department, reports=True,
                contact=rng.choice("赵钱孙李周吴郑王") + "某某", phone=f"0543-0000{place % 1000:03d}",
            )


register = Register(
    model=Unit, name="units", label=_("Reporting units"), area="divisions", icon="building",
    intro=_("Who must send figures to the county, and whom to call."),
    listed=("division_code", "name", "kind", "reports", "contact", "phone"), searched=("name", "contact"),
    key=("division_code", "name"), title=("name",), order=("division_code",), demo=demo_rows,
)
