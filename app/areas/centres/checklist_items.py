"""Items of a checklist (检查项目): the six parts, and what is looked at in each."""
from __future__ import annotations

import random
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, UniqueConstraint, select
from sqlalchemy.orm import Mapped

from app.areas.centres.templates import ChecklistTemplate
from app.core import columns as col
from app.core.base import Choice, Scoped
from app.core.register import Register


class ChecklistPart(Choice):
    """The six things that must be in place (六个到位)."""

    organisation = "organisation", _("Organisation"), "blue"
    personnel = "personnel", _("Personnel"), "green"
    rules = "rules", _("Rules"), "violet"
    premises = "premises", _("Premises"), "cyan"
    funding = "funding", _("Funding"), "amber"
    facilities = "facilities", _("Facilities"), "grey"


class ChecklistItem(Scoped):
    """One line of a checklist."""

    __tablename__ = "checklist_item"
    __table_args__ = (
        UniqueConstraint("template_id", "part", "number", name="uq_checklist_item_number_once"),
        CheckConstraint(
            "weight > 0", name="weight_positive",
            info={"words": _("The weight must be more than 0.")},
        ),
        CheckConstraint(
            "number >= 1", name="number_positive",
            info={"words": _("Items are numbered from 1.")},
        ),
        col.choice_check("part", ChecklistPart),
    )

    template_id: Mapped[int] = col.link(_("Checklist"), "checklist_template.id", register="checklist_templates", ondelete="CASCADE")
    part: Mapped[ChecklistPart] = col.choice(_("Part of the six"), ChecklistPart)
    number: Mapped[int] = col.count(_("Number in the part"), minimum=1, default=1)
    words: Mapped[str] = col.text(_("What must be in place"), 300)
    weight: Mapped[Decimal] = col.decimal(_("Weight"), 5, 2, minimum=0, default=Decimal(1))

    def __str__(self) -> str:
        return self.words


USUAL = (
    (ChecklistPart.organisation, ("综治中心挂牌，主任、副主任文件任命", "成员单位进驻或轮驻")),
    (ChecklistPart.personnel, ("专职工作人员不少于两名", "人员名册与联系方式上墙")),
    (ChecklistPart.rules, ("矛盾纠纷联调、治安联防等制度齐全", "例会、值班、考核记录完整")),
    (ChecklistPart.premises, ("接待大厅、调处室、研判室分设", "场所标识清楚、便于群众寻找")),
    (ChecklistPart.funding, ("工作经费列入年度预算", "经费支出有账可查")),
    (ChecklistPart.facilities, ("办公设备、视联网终端可用", "档案柜与保密设施到位")),
)


def demo_rows(session: Any, divisions: Any, rng: random.Random) -> Iterator[ChecklistItem]:
    """Two items for each of the six parts."""
    for template in session.scalars(select(ChecklistTemplate).order_by(ChecklistTemplate.id)):
        for part, lines in USUAL:
            for number, words in enumerate(lines, start=1):
                yield ChecklistItem(
                    division_code=template.division_code, template_id=template.id, part=part, number=number, words=words
                )


register = Register(
    model=ChecklistItem, name="checklist_items", label=_("Checklist items"), area="centres", icon="checkbox",
    intro=_("What is looked at, by the six parts."),
    listed=("template_id", "part", "number", "words", "weight"), searched=("words",), filtered=("division_code",),
    key=("division_code", "template_id", "part", "number"), title=("words",), order=("template_id", "id"),
    shared=True, demo=demo_rows,
)
