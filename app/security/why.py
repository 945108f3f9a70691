"""Why a person sees something, or does not (权限溯源): the same rows of roles, posts and accounts that decide it, put into words.

Row scope is asked of the very object that every request of that person puts on the database, so the answer cannot drift from it.
"""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext as _
from sqlalchemy import select

from app.core.register import VERBS, Register
from app.database import db
from app.database.scope import Scope
from app.security import second_factor
from app.security.models import Post, UserAccount
from app.security.rights import roles_of
from app.security.role_matrix import VERB_LABELS, held_by
from app.security.scope_of import ranges_of


@dataclass(frozen=True)
class Verb:
    """One thing that can be done in a register, whether the person may, and the roles that give it."""

    name: str
    label: Any
    roles: tuple[str, ...]

    @property
    def given(self) -> bool:
        """Whether any role gives it."""
        return bool(self.roles)


@dataclass(frozen=True)
class Answer:
    """What a person may do in a register, and with the records of one division if one was named."""

    enters: bool
    hindrances: tuple[str, ...]
    verbs: tuple[Verb, ...]
    posts: tuple[tuple[str, str, bool], ...]
    """Division code, reach, and whether the post covers the division asked for."""
    holds: bool
    above: bool
    """Whether the records are read because those of the divisions above are shared."""

    @property
    def reads(self) -> bool:
        """Whether the list opens."""
        return self.enters and any(verb.name == "read" and verb.given for verb in self.verbs)

    @property
    def sees(self) -> bool:
        """Whether a record of the division is found."""
        return self.reads and (self.holds or self.above)

    @property
    def writes(self) -> bool:
        """Whether such a record can be changed while it is open."""
        return self.sees and self.holds and any(verb.name == "write" and verb.given for verb in self.verbs)


def explain(user: UserAccount, register: Register, code: str) -> Answer:
    """What this person may do with the records of that division; an empty code asks for any division."""
    posts = db.session.execute(select(Post.division_code, Post.reach).where(Post.user_id == user.id).order_by(Post.division_code)).all()
    scope, hindrances = Scope(ranges_of(posts), user.id, user.username), tuple(_hindrances(user))
    covered = tuple((at, reach, bool(code) and Scope(ranges_of([(at, reach)])).holds(code)) for at, reach in posts)
    above = bool(code) and register.shared and any(at.startswith(code) for at, _reach, _covers in covered)
    return Answer(not hindrances, hindrances, _verbs(user, register), covered, scope.holds(code) if code else bool(posts), above)


def _verbs(user: UserAccount, register: Register) -> tuple[Verb, ...]:
    role = Role.__table__.c
    roles = db.session.execute(select(role.id, role.name).where(role.id.in_(roles_of(user.id).subquery().select())).order_by(role.id)).all()
    held = {name: held_by(number) for number, name in roles}
    return tuple(Verb(verb, VERB_LABELS[verb], tuple(name for name, pairs in held.items() if (f"can_{verb}", register.name) in pairs))
                 for verb in VERBS if verb in register.verbs())


def _hindrances(user: UserAccount) -> list[str]:
    """What keeps the person out of every page, whatever their roles."""
    found = []
    if not user.active:
        found.append(_("The account is closed."))
    if user.must_change:
        found.append(_("A one-time password has to be changed first."))
    if second_factor.is_overdue(user):
        found.append(_("The second factor has to be set up first."))
    return found
