"""Accounts on the first page: which are open, locked away or never used, for those who look after them."""
from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core.home import Block, Card, Line, Listed, Part
from app.database import db
from app.security.models import UserAccount

MOST = 8


def part() -> Part:
    """All accounts, and those nobody has signed in with."""
    total = db.session.scalar(select(func.count(UserAccount.id))) or 0
    unused = db.session.scalars(select(UserAccount).where(UserAccount.active, UserAccount.signed_in_at.is_(None))
                                .order_by(UserAccount.id).limit(MOST)).all()
    lines = [Line(title=user.full_name or user.username, note=user.username, tag=_("Never signed in"), tone="amber",
                  url=f"/users/?q={user.username}") for user in unused]
    return Part(
        cards=[Card(label=_("Accounts"), value=str(total), rows=total, unit=_("accounts"), url="/users/", icon="users")],
        lists=[Listed(name="accounts", title=_("Accounts to review"), url="/users/", lines=lines, empty=_("Every account is in use"))])


home = Block("users", part, order=70)
