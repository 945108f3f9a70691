"""The closed list of statutory groups (法定服务对象): each with its law, its term and how long its file is kept.

Nobody can be entered outside this list, and no list of convictions, faith, opinions, petitions,
whereabouts or risk grades exists anywhere in the console.
"""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from flask_babel import lazy_gettext as _

from app.core.base import Choice


class StatutoryGroup(Choice):
    """Whom a law entitles to help."""

    community_correction = "community_correction", _("Community correction"), "blue"
    resettlement = "resettlement", _("Resettlement help after release"), "cyan"
    drug_recovery = "drug_recovery", _("Community drug treatment and recovery"), "violet"
    mental_health = "mental_health", _("Help with a severe mental disorder"), "amber"
    children = "children", _("Left-behind children and children in difficulty"), "green"
    elderly = "elderly", _("Elderly people in need"), "green"
    disabled = "disabled", _("Disabled people in need"), "green"


@dataclass(frozen=True)
class Rule:
    """What the law says of one group."""

    basis: str
    kept: int
    """Years for which the file is kept after its end."""
    term: int | None = None
    """Years from start to end where the law fixes them; otherwise the end is entered by hand."""


# Three years after an end that a law fixes is the time in which a claim about the help can be raised
# (民法典 188); help that simply ends needs no longer than the next yearly review.
RULES = {
    StatutoryGroup.community_correction: Rule("《中华人民共和国社区矫正法》第九条、第十二条、第二十二条", kept=3),
    StatutoryGroup.resettlement: Rule("《中华人民共和国监狱法》第三十七条", kept=3, term=5),
    StatutoryGroup.drug_recovery: Rule("《中华人民共和国禁毒法》第三十三条、第三十四条、第四十八条", kept=3, term=3),
    StatutoryGroup.mental_health: Rule("《中华人民共和国精神卫生法》第五十五条、第五十六条、第六十九条", kept=1),
    StatutoryGroup.children: Rule("《中华人民共和国未成年人保护法》第四十三条、第九十一条", kept=1),
    StatutoryGroup.elderly: Rule("《中华人民共和国老年人权益保障法》第三十条、第三十一条、第三十七条", kept=1),
    StatutoryGroup.disabled: Rule("《中华人民共和国残疾人保障法》第四十八条", kept=1),
}


def years_after(day: date, years: int) -> date:
    """The same calendar day some years later; 29 February becomes the 28th."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return day.replace(year=day.year + years, day=28)
