"""Lawyers (律师) who serve as legal advisers, by certificate number."""
from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.legal.firms import LawFirm
from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Scoped
from app.core.register import Part, Register


class LawyerKind(Choice):
    """How a lawyer practises."""

    full_time = "1", _("Full-time lawyer"), "green"
    part_time = "2", _("Part-time lawyer"), "blue"
    government = "government", _("Government lawyer"), "violet"
    legal_aid = "legal_aid", _("Legal-aid lawyer"), "cyan"


class Lawyer(Scoped):
    """One lawyer of one firm."""

    __tablename__ = "lawyer"
    __table_args__ = (
        UniqueConstraint("division_code", "certificate", name="uq_lawyer_certificate_once"), col.choice_check("kind", LawyerKind),
    )

    firm_id: Mapped[int] = col.link(_("Law firm"), "law_firm.id", register="law_firms")
    name: Mapped[str] = col.text(_("Person's name"), 50)
    certificate: Mapped[str] = col.text(
        _("Certificate number"), 17, check=identifiers.lawyer_certificate, help=_("17 digits; an old card has 12.")
    )
    kind: Mapped[LawyerKind] = col.choice(_("Kind"), LawyerKind)
    phone: Mapped[str | None] = col.phone(_("Work phone"), check=identifiers.phone)
    speciality: Mapped[str | None] = col.text(_("Speciality"), 80)

    def __str__(self) -> str:
        return self.name


FIELDS = ("合同与公司", "行政法", "婚姻家庭", "劳动争议", "土地与房产")


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[Lawyer]:
    """Fifteen invented lawyers; province 00 is nobody's."""
    firms = session.scalars(select(LawFirm).order_by(LawFirm.id)).all()
    for place in range(15):
        firm = firms[place % len(firms)]
        yield Lawyer(
            division_code=firm.division_code, firm_id=firm.id, name="赵钱孙李周吴郑王冯陈褚卫蒋沈韩"[place] + "律师（演示）",
            certificate=f"10000{2000 + place}{1}{place % 2}{place + 1:06d}",
            kind=LawyerKind.full_time, phone=f"199000{30000 + place:05d}", speciality=rng.choice(FIELDS),
        )


register = Register(
    model=Lawyer, name="lawyers", label=_("Lawyers"), area="legal", icon="user-star",
    intro=_("The lawyers named in the contracts."),
    listed=("name", "firm_id", "certificate", "kind", "phone"), searched=("name", "certificate", "speciality"),
    filtered=("division_code",), key=("division_code", "certificate"), title=("name",),
    parts=(Part("legal_contracts", "lawyer_id"),), shared=True, demo=demo_rows,
)
