"""Checklist templates (检查清单): a named list in numbered versions, the six-in-place list first."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.divisions.divisions import Division, DivisionKind
from app.core import columns as col
from app.core.base import Scoped
from app.core.register import Part, Register


class ChecklistTemplate(Scoped):
    """One version of one checklist. A changed list is a new version, so that old results keep their meaning."""

    __tablename__ = "checklist_template"
    __table_args__ = (
        UniqueConstraint("division_code", "name", "version", name="uq_checklist_template_version_once"),
        CheckConstraint(
            "version >= 1", name="version_positive",
            info={"words": _("Versions are numbered from 1.")},
        ),
        CheckConstraint(
            "until >= since", name="dates_in_order",
            info={"words": _("The end date must not be before the start date.")},
        ),
    )

    name: Mapped[str] = col.text(_("Checklist"), 60)
    version: Mapped[int] = col.count(_("Version number"), minimum=1, default=1)
    since: Mapped[date] = col.day(_("In force from"))
    until: Mapped[date | None] = col.day(_("In force until"), help=_("Leave empty while the version is in use."))
    basis: Mapped[str | None] = col.text(_("Basis"), 200, help=_("The document that asks for this list."))
    note: Mapped[str | None] = col.note(_("Note"))

    def __str__(self) -> str:
        return f"{self.name} V{self.version}"


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[ChecklistTemplate]:
    """The list of 2017, kept by the county."""
    county = next(division for division in divisions if division.kind is DivisionKind.county)
    yield ChecklistTemplate(
        division_code=county.code, name="六个到位", version=1, since=date(2017, 1, 1),
        basis="综治中心规范化建设要求（演示）", note="机构、人员、制度、场所、经费、设施六个方面逐项核对。",
    )


register = Register(
    model=ChecklistTemplate, name="checklist_templates", label=_("Checklists"), area="centres", icon="list-check",
    intro=_("The lists by which centres are assessed, each version with the time it is in force."),
    listed=("name", "version", "since", "until", "basis"), searched=("name", "basis"),
    filtered=("division_code",), key=("division_code", "name", "version"), title=("name", "version"),
    parts=(Part("checklist_items", "template_id"),), shared=True, demo=demo_rows,
)
