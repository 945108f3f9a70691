"""The roles that ship (角色) as data: what each may do, by area and verb. Counties edit them in the console."""
from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase

SYSTEM_ADMIN, SECURITY_ADMIN, AUDITOR = "系统管理员", "安全管理员", "审计员"
COUNTY_OFFICER, TOWN_CLERK, VILLAGE_CLERK = "县级业务人员", "镇街录入员", "村社区录入员"
SUPERVISOR, LEADER = "督查指导员", "领导"

GROUND, SYSTEM = "divisions", "system"
"""Areas that are nobody's business: the tree everybody stands on, and the console's own screens."""


@dataclass(frozen=True)
class Subject:
    """Something that permissions are about: a register or a screen."""

    name: str
    area: str
    verbs: tuple[str, ...]
    label: object = ""
    sensitive: bool = False

    @property
    def business(self) -> bool:
        """Whether it is the work of the county rather than of the console."""
        return self.area not in (GROUND, SYSTEM)


@dataclass(frozen=True)
class Rule:
    """Verbs on every subject that fits; ``areas`` ``business`` stands for all areas of work."""

    verbs: str
    areas: str = "business"
    names: str = "*"
    sensitive: bool = True
    """Whether registers of personal data are meant too."""
    but: str = ""
    """Areas that are not meant, in words apart."""

    def fits(self, subject: Subject, verb: str) -> bool:
        """Whether the rule gives the verb on the subject."""
        area = subject.business if self.areas == "business" else subject.area == self.areas
        meant = area and fnmatchcase(subject.name, self.names) and (self.sensitive or not subject.sensitive)
        return meant and subject.area not in self.but.split() and verb in self.verbs.split()


READ_GROUND = Rule("read", GROUND)

SHIPPED: dict[str, tuple[Rule, ...]] = {
    SYSTEM_ADMIN: (
        Rule("read write", SYSTEM, "users"), Rule("read write", SYSTEM, "schedules"), Rule("write", SYSTEM, "saved_views"),
        Rule("read write", SYSTEM, "runs"), Rule("read write", SYSTEM, "appearance"), Rule("read write", SYSTEM, "fields"),
        Rule("read write", SYSTEM, "webhooks"),
        Rule("read write delete import export", GROUND),
    ),
    SECURITY_ADMIN: (Rule("read write", SYSTEM, "roles"), Rule("read", SYSTEM, "users"), Rule("read", SYSTEM, "fields"), READ_GROUND),
    AUDITOR: (Rule("read export", SYSTEM, "audit"), Rule("read", SYSTEM, "runs"), READ_GROUND),
    COUNTY_OFFICER: (Rule("read write delete import export reveal"), Rule("read export", GROUND), Rule("write import", GROUND, "units"),
                     Rule("write", SYSTEM, "saved_views")),
    TOWN_CLERK: (
        Rule("read write import export reveal"), READ_GROUND,
        # Whoever handles an item or sends a return must not strike it from the register, nor close or approve it alone.
        Rule("delete", sensitive=False, but="supervision reporting"),
        Rule("write", GROUND, "units"),
    ),
    VILLAGE_CLERK: (Rule("read write"), READ_GROUND),
    SUPERVISOR: (
        Rule("read export", sensitive=False), Rule("read write delete import export", "supervision"),
        Rule("read write delete export", "reporting"), READ_GROUND,
    ),
    LEADER: (Rule("read export", sensitive=False), READ_GROUND),
}


def gives(role: str, subject: Subject, verb: str) -> bool:
    """Whether the role, as shipped, holds the verb on the subject."""
    return any(rule.fits(subject, verb) for rule in SHIPPED[role])
