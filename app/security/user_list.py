"""The list of accounts (用户列表): its states, its query and its counts, each worked out by the database in one statement."""
from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import ColumnElement, Select, and_, cast, exists, func, not_, or_, select, true
from sqlalchemy import String as Text
from sqlalchemy.orm import selectinload

from app.core.base import now
from app.database import db
from app.security import lockout, passwords
from app.security.models import Post, SecondFactor, UserAccount

PAGE_ROWS = 50
UNUSED = timedelta(days=30)
"""From here on the list says that an account is not used; it is closed later, see the setting UNUSED_DAYS."""
STATES: dict[str, tuple[Any, str]] = {
    "normal": (_("Normal"), "green"), "locked": (_("Locked"), "red"), "first": (_("First password unchanged"), "amber"),
    "expired": (_("Password expired"), "red"), "unused": (_("Long unused"), "amber"), "closed": (_("Disabled"), "grey"),
}


@dataclass(frozen=True)
class Asked:
    """What the list was asked for; what cannot be meant is left out."""

    words: str = ""
    state: str = ""
    division: str = ""
    page: int = 1

    @classmethod
    def of(cls, args: Mapping[str, Any]) -> Asked:
        """From the address."""
        words, division = (str(args.get(name, "")).replace("\x00", "").strip()[:50] for name in ("q", "division"))
        number, state = str(args.get("page", "")), str(args.get("state", ""))
        return cls(words, state if state in STATES else "", division if division.isascii() and division.isalnum() else "",
                   max(int(number), 1) if number.isascii() and number.isdecimal() and len(number) < 7 else 1)

    @property
    def address(self) -> dict[str, str]:
        """The words of the address but for the page."""
        return {name: value for name, value in (("q", self.words), ("state", self.state), ("division", self.division)) if value}


def _aged(moment: datetime) -> ColumnElement[bool]:
    """Whose password must be changed because of its age, as ``password_history`` asks at sign-in."""
    days = passwords.profile().days
    old = and_(UserAccount.source == "local", UserAccount.password_changed_at < moment - timedelta(days=days))
    return old if days else not_(true())


def conditions(moment: datetime | None = None) -> dict[str, ColumnElement[bool]]:
    """When an account is in which state; several may hold at once, ``normal`` when none of the others does."""
    moment = moment or now()
    ran_out = func.coalesce(and_(UserAccount.must_change, UserAccount.one_time_expires_at < moment), False)
    made = UserAccount.created_on < func.timezone(func.current_setting("TimeZone"), moment - UNUSED)
    open_, unused = func.coalesce(UserAccount.active, False), or_(
        UserAccount.signed_in_at < moment - UNUSED, and_(UserAccount.signed_in_at.is_(None), func.coalesce(made, False)))
    expired = or_(ran_out, func.coalesce(_aged(moment), False))
    found = {
        "closed": not_(open_), "locked": UserAccount.username.in_(lockout.locked_names(moment)),
        "expired": and_(open_, expired), "first": and_(open_, UserAccount.must_change, not_(expired)),
        "unused": and_(open_, UserAccount.source != "system", func.coalesce(unused, False)),
    }
    return {"normal": not_(or_(*found.values())), **found}


def _narrowed(query: Select[Any], asked: Asked) -> Select[Any]:
    if asked.division:
        query = query.where(exists().where(Post.user_id == UserAccount.id, Post.division_code.startswith(asked.division, autoescape=True)))
    if asked.words:
        full, low = UserAccount.last_name + UserAccount.first_name, asked.words.lower()
        query = query.where(or_(
            full.contains(asked.words, autoescape=True), UserAccount.username.contains(low, autoescape=True),
            cast(UserAccount.id, Text) == asked.words,
            and_(asked.words.isascii() and asked.words.isalpha(), func.pingan_initials(full).contains(low, autoescape=True))))
    return query


def counts(asked: Asked) -> dict[str, int]:
    """How many accounts there are in each state, and ``""`` for all, whatever state was asked for."""
    known = conditions()
    query = select(func.count(), *(func.count().filter(known[name]) for name in STATES)).select_from(UserAccount)
    return dict(zip(("", *STATES), db.session.execute(_narrowed(query, asked)).one(), strict=True))


def rows(asked: Asked, most: int = PAGE_ROWS) -> list[dict[str, Any]]:
    """The accounts of one page, newest first, each with its states and whether it has a second factor."""
    known = conditions()
    factor = exists().where(SecondFactor.user_id == UserAccount.id, SecondFactor.confirmed_at.is_not(None))
    query = select(UserAccount, factor.label("factor"), *(known[name].label(name) for name in STATES))
    if asked.state:
        query = query.where(known[asked.state])
    query = _narrowed(query, asked).options(selectinload(UserAccount.roles)).order_by(UserAccount.id.desc())
    found = db.session.execute(query.limit(most).offset((asked.page - 1) * most)).all()
    return [{"user": row[0], "factor": row[1], "states": [STATES[name] for name, is_so in zip(STATES, row[2:], strict=True) if is_so]}
            for row in found]
