"""Accounts on the first page: which are open, locked away or never used, for those who look after them."""
from __future__ import annotations

from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import func, select

from app.core.base import now
from app.core.home import Behind, Block, Card, Due, Line, Listed, Part, Work
from app.database import db
from app.security.grant_requests import to_decide
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


def work() -> Work | None:
    """The grants that wait for this person to agree."""
    found = to_decide(db.session, current_user.id)
    if not found:
        return None
    names = dict(db.session.execute(select(UserAccount.id, UserAccount.last_name + UserAccount.first_name).where(
        UserAccount.id.in_([each.user_id for each in found]))).tuples().all())
    first = [Due(title=_("Rights for %(name)s", name=names[each.user_id]), url="/approvals/", where=_("Grant approvals"),
                 days=(each.expires_at - now()).days) for each in found[:MOST]]
    return Work(first=first, due=Behind(rows=len(found), url="/approvals/"), late=Behind(rows=0, url="/approvals/"))


home = Block("users", part, work, order=70)
