"""Posts held by centre staff (任职): which role, from when, until when."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.centres.staff import CentreStaff
from app.areas.divisions.calendar import today
from app.core import columns as col
from app.core.base import Choice, Scoped
from app.core.register import Register


class CentreRole(Choice):
    """The roles of a centre; leaders of member units are deputies beside their own office."""

    director = "director", _("Director"), "blue"
    executive_deputy = "executive_deputy", _("Full-time deputy director"), "cyan"
    deputy = "deputy", _("Deputy director (part-time)"), "cyan"
    officer = "officer", _("Officer"), "green"
    mediator = "mediator", _("Mediator"), "green"
    receptionist = "receptionist", _("Receptionist"), "grey"


class CentrePost(Scoped):
    """One role held by one person for a time; without an end it is still held."""

    __tablename__ = "centre_post"
    __table_args__ = (
        CheckConstraint(
            "until >= since", name="dates_in_order",
            info={"words": _("The end date must not be before the start date.")},
        ),
        UniqueConstraint("staff_id", "role", "since", name="uq_centre_post_role_once"), col.choice_check("role", CentreRole),
    )

    staff_id: Mapped[int] = col.link(_("Staff member"), "centre_staff.id", register="centre_staff", ondelete="CASCADE")
    role: Mapped[CentreRole] = col.choice(_("Post held"), CentreRole)
    since: Mapped[date] = col.day(_("Held from"))
    until: Mapped[date | None] = col.day(_("Held until"), help=_("Leave empty while the post is held."))
    document: Mapped[str | None] = col.text(_("Appointment document"), 100)

    def __str__(self) -> str:
        return str(self.role.label)


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[CentrePost]:
    """One post each: the first of a centre is its director."""
    led: set[int] = set()
    for person in session.scalars(select(CentreStaff).order_by(CentreStaff.id)):
        role = rng.choice(list(CentreRole)[2:]) if person.centre_id in led else CentreRole.director
        led.add(person.centre_id)
        since = today() - timedelta(days=rng.randint(60, 1200))
        yield CentrePost(division_code=person.division_code, staff_id=person.id, role=role, since=since)


register = Register(
    model=CentrePost, name="centre_posts", label=_("Posts held"), area="centres", icon="badge",
    intro=_("Who holds or held which post in a centre."),
    listed=("division_code", "staff_id", "role", "since", "until", "document"), searched=("document",),
    key=("division_code", "staff_id", "role", "since"), title=("role", "since"), demo=demo_rows,
)
