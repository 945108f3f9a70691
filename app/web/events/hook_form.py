"""What the form of a subscription says (订阅表单)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _

from app.core.register import registers
from app.security.divisions_of import names
from app.web.events.models import Webhook
from app.web.events.targets import TargetRefused, checked

ACTIONS = ("insert", "update", "delete")


@dataclass(frozen=True)
class HookWish:
    """What somebody typed, or what a subscription says now."""

    name: str = ""
    url: str = ""
    registers: tuple[str, ...] = ()
    actions: tuple[str, ...] = ACTIONS
    within: str = ""
    active: bool = True

    @classmethod
    def from_form(cls, form: Any) -> HookWish:
        """What was sent."""
        return cls(" ".join(form.get("name", "").replace("\x00", "").split()), form.get("url", "").replace("\x00", "").strip(),
                   tuple(form.getlist("registers")), tuple(form.getlist("actions")), form.get("within", "").strip(), bool(form.get("active")))

    @classmethod
    def of(cls, hook: Webhook) -> HookWish:
        """What the subscription says."""
        return cls(hook.name, hook.url, tuple(hook.registers), tuple(hook.actions), hook.within or "", hook.active)

    def faults(self) -> dict[str, str]:
        """What is wrong, by field."""
        found: dict[str, str] = {}
        if not 1 <= len(self.name) <= 80:
            found["name"] = _("Write the name of the other system, at most 80 characters.")
        try:
            checked(self.url)
        except TargetRefused as refusal:
            found["url"] = str(refusal)
        if not self.actions or set(self.actions) - set(ACTIONS):
            found["actions"] = _("Choose at least one kind of change.")
        if set(self.registers) - {register.name for register in registers()}:
            found["registers"] = _("Choose the registers from the list.")
        if self.within and self.within not in names([self.within]):
            found["within"] = _("Choose one from the list.")
        return found

    def put_on(self, hook: Webhook) -> None:
        """Let the subscription say this."""
        hook.name, hook.url, hook.active, hook.within = self.name, self.url, self.active, self.within or None
        hook.registers, hook.actions = list(self.registers), list(self.actions)
