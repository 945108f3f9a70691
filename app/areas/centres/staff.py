"""Staff of the governance centres (综治队伍): people at work, known by name and office phone."""
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import select
from sqlalchemy.orm import Mapped

from app.areas.centres.centres import CentreLevel, GovernanceCentre
from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Scoped
from app.core.register import Part, Register


class Sex(Choice):
    """GB/T 2261.1, as far as a staff list needs it."""

    male = "1", _("Male"), "grey"
    female = "2", _("Female"), "grey"
    unknown = "9", _("Not stated"), "grey"


class Education(Choice):
    """GB/T 4658, the first of its two digits."""

    postgraduate = "10", _("Postgraduate"), "violet"
    bachelor = "20", _("Bachelor"), "blue"
    college = "30", _("Junior college"), "cyan"
    vocational = "40", _("Vocational school"), "grey"
    secondary = "60", _("Senior secondary school"), "grey"
    other = "90", _("Other"), "grey"


class CentreStaff(Scoped):
    """One person who works in a centre. Nothing private: no ID number, no nationality, no party."""

    __tablename__ = "centre_staff"
    __table_args__ = (col.choice_check("sex", Sex), col.choice_check("education", Education))

    centre_id: Mapped[int] = col.link(_("Centre"), "governance_centre.id", register="governance_centres", ondelete="CASCADE")
    name: Mapped[str] = col.text(_("Person's name"), 50)
    sex: Mapped[Sex] = col.choice(_("Sex"), Sex)
    education: Mapped[Education | None] = col.choice(_("Education"), Education)
    phone: Mapped[str] = col.phone(_("Work phone"), check=identifiers.phone)
    full_time: Mapped[bool] = col.flag(_("Full time"))
    speciality: Mapped[str | None] = col.text(_("Speciality"), 80, help=_("For instance law, counselling, sign language."))

    def __str__(self) -> str:
        return self.name


SPECIALITIES = ("法律咨询", "心理咨询", "人民调解", None)
HOW_MANY = {CentreLevel.county: 6, CentreLevel.town: 4, CentreLevel.village: 1}


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[CentreStaff]:
    """Invented people, whose phone numbers nobody has."""
    centres = session.scalars(select(GovernanceCentre).order_by(GovernanceCentre.id)).all()
    seats = [centre for centre in centres for _seat in range(HOW_MANY[centre.level])]
    for place, centre in enumerate(seats):
        yield CentreStaff(
            division_code=centre.division_code, centre_id=centre.id, name=rng.choice("朱秦尤许何吕施张孔曹") + "某某",
            sex=rng.choice([Sex.male, Sex.female]), education=rng.choice(list(Education)[:4]),
            phone=f"199000{20000 + place:05d}", full_time=rng.random() < 0.6, speciality=rng.choice(SPECIALITIES),
        )


register = Register(
    model=CentreStaff, name="centre_staff", label=_("Centre staff"), area="centres", icon="id-badge",
    intro=_("Who works in each centre, with education and speciality."),
    listed=("division_code", "centre_id", "name", "sex", "education", "phone", "full_time"),
    searched=("name", "speciality"), key=("division_code", "centre_id", "name", "phone"), title=("name",),
    parts=(Part("centre_posts", "staff_id"),), demo=demo_rows,
)
