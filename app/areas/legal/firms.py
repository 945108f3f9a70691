"""Law firms (律师事务所): the contract party of every legal-adviser contract."""
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
from app.core.base import Scoped
from app.core.register import Part, Register


class LawFirm(Scoped):
    """One firm, known by its credit code, which is also its licence number."""

    __tablename__ = "law_firm"
    __table_args__ = (UniqueConstraint("division_code", "credit_code", name="uq_law_firm_credit_code_once"),)

    name: Mapped[str] = col.text(_("Firm name"), 100)
    credit_code: Mapped[str] = col.text(
        _("Credit code"), 18, check=identifiers.law_firm_code, help=_("18 signs; a law firm's begins with 31.")
    )
    head: Mapped[str | None] = col.text(_("Head of the firm"), 50)
    phone: Mapped[str | None] = col.phone(_("Office phone"), check=identifiers.phone)
    address: Mapped[str | None] = col.text(_("Address"), 80)
    note: Mapped[str | None] = col.note(_("Note"))

    def __str__(self) -> str:
        return self.name


NAMES = ("甲乙", "丙丁", "戊己", "庚辛", "壬癸", "子丑")


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[LawFirm]:
    """Invented firms; region 000000 is nobody's, so their codes are nobody's."""
    county = next(division for division in divisions if division.kind is DivisionKind.county)
    for place, name in enumerate(NAMES, start=1):
        first = f"31000000MD{place:07d}"
        yield LawFirm(
            division_code=county.code, name=f"演示{name}律师事务所", credit_code=first + identifiers.credit_check(first),
            head=name[0] + "某某", phone=f"0543-00020{place:02d}", address=f"演示街{place}号",
        )


register = Register(
    model=LawFirm, name="law_firms", label=_("Law firms"), area="legal", icon="scale",
    intro=_("The firms that serve the county's units as legal advisers."),
    listed=("name", "credit_code", "head", "phone"), searched=("name", "credit_code", "head"),
    filtered=("division_code",), key=("division_code", "credit_code"), title=("name",), order=("name",),
    parts=(Part("lawyers", "firm_id"), Part("legal_contracts", "firm_id")), shared=True, demo=demo_rows,
)
