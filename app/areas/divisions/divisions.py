"""The county's tree (行政区划): county, zone, towns, villages and communities, and the departments."""
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Connection, ForeignKey, Text, event, inspect, select, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Extensible, Stamped
from app.core.register import Register


class DivisionKind(Choice):
    """What a node of the tree is."""

    county = "county", _("County"), "blue"
    zone = "zone", _("Development zone"), "violet"
    town = "town", _("Town"), "green"
    subdistrict = "subdistrict", _("Subdistrict"), "cyan"
    township = "township", _("Township"), "green"
    village = "village", _("Village"), "grey"
    community = "community", _("Community"), "grey"
    department = "department", _("County department"), "amber"


class Division(Extensible, Stamped):
    """A node of the tree. Its code begins with its parent's code, so that a subtree is a range of codes."""

    __tablename__ = "division"
    __table_args__ = (
        CheckConstraint(
            "code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?|U[0-9]{3})?$'", name="code_shape",
            info={"words": _("A division code has 6, 9 or 12 digits, or 6 digits, U and 3 digits.")},
        ),
        CheckConstraint(
            "parent_code IS NULL OR (starts_with(code, parent_code) AND code <> parent_code)", name="under_parent",
            info={"words": _("The code must begin with the code of the division above it.")},
        ),
        col.choice_check("kind", DivisionKind),
    )

    code: Mapped[str] = mapped_column(
        Text(collation="C"), unique=True,
        info={
            "label": _("Code"), "kind": "text", "length": 12, "check": identifiers.division_code,
            "help": _("6 digits for a county, 9 for a town, 12 for a village; a department is 6 digits, U and 3 digits."),
        },
    )
    name: Mapped[str] = col.text(_("Division name"), 60)
    kind: Mapped[DivisionKind] = col.choice(_("Kind"), DivisionKind)
    parent_code: Mapped[str | None] = mapped_column(
        Text(collation="C"), ForeignKey("division.code", onupdate="CASCADE"), index=True,
        info={"label": _("Belongs to"), "kind": "division", "help": _("The county has none.")},
    )
    path_name: Mapped[str | None] = col.text(_("Full path"), 200, fixed=True)
    sort: Mapped[int] = col.count(_("Sort order"), default=0, server_default="0", help=_("Smaller numbers come first."))

    def __str__(self) -> str:
        return self.name


@event.listens_for(Division, "before_insert")
def give_path(mapper: Any, connection: Connection, division: Division) -> None:
    """Give a new node its full name; the import knows it already."""
    if division.path_name is None:
        above = connection.scalar(select(Division.path_name).where(Division.code == division.parent_code))
        division.path_name = f"{above}/{division.name}" if above else division.name


RENAME = text(
    "UPDATE division SET path_name = (SELECT string_agg(above.name, '/' ORDER BY length(above.code))"
    " FROM division above WHERE starts_with(division.code, above.code))"
    " WHERE code >= :code AND code < :code || '~'"
)


@event.listens_for(Division, "after_update")
def rename_below(mapper: Any, connection: Connection, division: Division) -> None:
    """Carry a new name into the full names of everything below."""
    if inspect(division).attrs.name.history.has_changes():
        connection.execute(RENAME, {"code": division.code})


ZONE = "经济开发区（演示）"
DEPARTMENTS = (
    "县委政法委", "县人民法院", "县人民检察院", "县公安局", "县司法局", "县信访局", "县民政局", "县人力资源和社会保障局",
    "县自然资源和规划局", "县住房和城乡建设局", "县农业农村局", "县卫生健康局", "县教育和体育局", "县应急管理局",
)


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[Division]:
    """The zone and the county departments, which no official code file lists."""
    county = next(division for division in divisions if division.kind is DivisionKind.county)
    wanted = [(f"{county.code}401", ZONE, DivisionKind.zone, 400)]
    wanted += [
        (f"{county.code}U{place:03d}", name, DivisionKind.department, 500 + place)
        for place, name in enumerate(DEPARTMENTS, start=1)
    ]
    known = {division.code for division in divisions}
    for code, name, kind, sort in wanted:
        if code not in known:
            yield Division(code=code, name=name, kind=kind, parent_code=county.code, sort=sort)


register = Register(
    model=Division, name="divisions", label=_("Divisions"), area="divisions", icon="sitemap",
    intro=_("The county with its zone, towns, villages, communities and departments, by official code."),
    listed=("code", "name", "kind", "path_name"), searched=("code", "name"), filtered=("parent_code",),
    key=("code",), title=("name",), order=("code",), shared=True, demo=demo_rows,
)
