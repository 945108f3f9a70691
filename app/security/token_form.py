"""What the token form says (令牌表单): read from the request and checked against what the owner may."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.register import Register, registers
from app.security.divisions_of import names
from app.security.models import UserAccount
from app.security.rights import Pair
from app.security.scope_of import scope_for
from app.security.tokens import MOST_TOKENS, VERBS, working

TERMS = (30, 90, 180, 365)


class BadToken(ValueError):
    """A token cannot be made so; the text says what to do."""


@dataclass(frozen=True)
class TokenWish:
    """What somebody typed."""

    name: str = ""
    registers: tuple[str, ...] = ()
    verbs: tuple[str, ...] = ("read",)
    within: str = ""
    days: int = 90

    @classmethod
    def from_form(cls, form: Any) -> TokenWish:
        """What was sent, without what cannot be a choice."""
        days = form.get("days", "")
        return cls(" ".join(form.get("name", "").replace("\x00", "").split()), tuple(form.getlist("registers")), tuple(form.getlist("verbs")),
                   form.get("within", "").strip(), int(days) if days in map(str, TERMS) else 0)

    def check(self, owner: UserAccount, offered: list[Register]) -> None:
        """BadToken with what to do."""
        if not 1 <= len(self.name) <= 80:
            raise BadToken(_("Write which program the token is for, at most 80 characters."))
        if not self.verbs or set(self.verbs) - set(VERBS) or set(self.registers) - {register.name for register in offered}:
            raise BadToken(_("Choose what the token may do, and for which registers."))
        if not self.days:
            raise BadToken(_("Choose how long the token works."))
        if self.within and (self.within not in names([self.within]) or not scope_for(owner).holds(self.within)):
            raise BadToken(_("Choose a division that lies within those of the account."))
        if working(owner.id) >= MOST_TOKENS:
            raise BadToken(_("An account has at most %(most)s tokens; revoke one first.", most=MOST_TOKENS))

    def words(self) -> str:
        """The choice for the trail."""
        return f"{self.name}: {','.join(self.verbs)}; {','.join(self.registers) or '*'}; {self.within or '*'}; {self.days} d"


def offered(pairs: frozenset[Pair]) -> list[Register]:
    """The registers that the account may read."""
    return [register for register in registers() if ("can_read", register.name) in pairs]
