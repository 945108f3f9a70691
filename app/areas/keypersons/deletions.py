"""Deletion certificates (档案销毁证明): that a file was destroyed, when and under which law, and nothing about the person."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped

from app.areas.keypersons.groups import RULES, StatutoryGroup
from app.core import columns as col
from app.core.base import Scoped
from app.core.register import Register


class KeyPersonDeletion(Scoped):
    """One destroyed file; personal information must go when its time is over (个人信息保护法 第四十七条)."""

    __tablename__ = "key_person_deletion"
    __table_args__ = (
        UniqueConstraint("division_code", "number", name="uq_key_person_deletion_number_once"),
        CheckConstraint("deleted_on > retention_until", name="deleted_after_keeping"),
        col.choice_check("statutory_group", StatutoryGroup),
    )

    number: Mapped[str] = col.text(_("File number"), 30)
    statutory_group: Mapped[StatutoryGroup] = col.choice(_("Statutory group"), StatutoryGroup)
    legal_basis: Mapped[str] = col.text(_("Legal basis"), 200)
    starts_on: Mapped[date] = col.day(_("Help starts on"))
    ends_on: Mapped[date] = col.day(_("Help ends on"))
    retention_until: Mapped[date] = col.day(_("Kept until"))
    visits: Mapped[int] = col.count(_("Visit records destroyed with it"))
    deleted_on: Mapped[date] = col.day(_("Destroyed on"))
    deleted_by: Mapped[str] = col.text(_("Destroyed by"), 120)


def certificate(file: Any, visits: int, day: date, by: str) -> KeyPersonDeletion:
    """What is kept of a file that goes: its number and its law."""
    return KeyPersonDeletion(
        division_code=file.division_code, number=file.number, statutory_group=file.statutory_group, legal_basis=file.legal_basis,
        starts_on=file.starts_on, ends_on=file.ends_on, retention_until=file.retention_until, visits=visits, deleted_on=day, deleted_by=by,
    )


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[KeyPersonDeletion]:
    """One file of long ago in each of two towns."""
    for place, code in enumerate(("371625101", "371625102")):
        yield KeyPersonDeletion(
            division_code=code, number=f"FW-2018-{place + 1:04d}", statutory_group=StatutoryGroup.elderly,
            legal_basis=RULES[StatutoryGroup.elderly].basis, starts_on=date(2018, 3, 1), ends_on=date(2024, 3, 1),
            retention_until=date(2025, 3, 1), visits=rng.randint(3, 9), deleted_on=date(2025, 3, 2), deleted_by="clock",
        )


register = Register(
    model=KeyPersonDeletion, name="key_person_deletions", label=_("Deletion certificates"), area="keypersons", icon="file-x",
    intro=_("Files whose keeping time is over, destroyed by the clock. No personal data is left."), frozen=True,
    listed=("division_code", "number", "statutory_group", "ends_on", "retention_until", "visits", "deleted_on"),
    searched=("number",), key=("division_code", "number"), title=("number",), order=("-deleted_on",), demo=demo_rows,
)
