"""Help given and visits made (走访帮扶记录), under a service file."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.divisions.calendar import today
from app.areas.keypersons.files import KeyPersonFile
from app.core import columns as col
from app.core.base import Choice, Scoped
from app.core.conditions import When
from app.core.register import Register


class HelpKind(Choice):
    """What was done for the person."""

    visit = "visit", _("Visit"), "blue"
    livelihood = "livelihood", _("Livelihood or relief"), "green"
    employment = "employment", _("Work or training"), "cyan"
    schooling = "schooling", _("Schooling"), "cyan"
    counselling = "counselling", _("Counselling"), "violet"
    medical = "medical", _("Access to treatment"), "amber"
    legal = "legal", _("Legal help"), "violet"
    other = "other", _("Other"), "grey"


class KeyPersonVisit(Scoped):
    """One visit or one piece of help. It says what was done, never where somebody went or what they think."""

    __tablename__ = "key_person_visit"
    __table_args__ = (
        UniqueConstraint("file_id", "visited_on", "kind", "visitor", name="uq_key_person_visit_visit_once"),
        col.choice_check("kind", HelpKind),
    )

    file_id: Mapped[int] = col.link(_("Service file"), "key_person_file.id", register="key_person_files", ondelete="CASCADE")
    visited_on: Mapped[date] = col.day(_("Day of the visit"))
    kind: Mapped[HelpKind] = col.choice(_("Kind of help"), HelpKind)
    other_help: Mapped[str | None] = col.text(_("Which other help"), 60, shown_when=When("kind", HelpKind.other, needed=True))
    visitor: Mapped[str] = col.text(_("Given by"), 50)
    help_given: Mapped[str] = col.note(_("Help given"), help=_("Only what was done; no illness, offence or opinion."))
    next_on: Mapped[date | None] = col.day(_("Next visit on"))

    def __str__(self) -> str:
        return f"{self.visited_on} {self.kind.label}"


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[KeyPersonVisit]:
    """Up to three entries for each file, a few weeks apart."""
    for file in session.scalars(select(KeyPersonFile).order_by(KeyPersonFile.id)):
        for step in range(rng.randint(1, 3)):
            day = today() - timedelta(days=10 + step * 30 + rng.randint(0, 9))
            if day >= file.starts_on:
                yield KeyPersonVisit(
                    division_code=file.division_code, file_id=file.id, visited_on=day, kind=rng.choice(list(HelpKind)[:5]),
                    visitor=file.helper or "测试", help_given="上门走访，了解需求，协助办理手续（演示）。",
                    next_on=day + timedelta(days=30),
                )


register = Register(
    model=KeyPersonVisit, name="key_person_visits", label=_("Visits and help given"), area="keypersons", icon="walk",
    intro=_("What was done for the people who have a service file."),
    listed=("division_code", "file_id", "visited_on", "kind", "visitor", "next_on"), searched=("visitor",),
    key=("division_code", "file_id", "visited_on", "kind", "visitor"), title=("visited_on", "kind"),
    sensitive=True, demo=demo_rows,
)
