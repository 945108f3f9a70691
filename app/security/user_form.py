"""What the account form says (账号表单): read from the request, checked, and put on the account."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext as _
from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.database.scope import SLOTS, TooManyRanges
from app.security.divisions_of import names
from app.security.models import Post, UserAccount
from app.security.scope_of import ranges_of

REACHES = ("below", "alone")


class BadGrant(ValueError):
    """Roles or posts cannot be given so; the text says what to do."""


@dataclass
class Grants:
    """Roles and posts as chosen on the form."""

    roles: set[int] = field(default_factory=set)
    posts: dict[str, str] = field(default_factory=dict)

    @classmethod
    def from_form(cls, form: Any) -> Grants:
        """What was sent; anything that is not a number or a known word is dropped or refused later."""
        roles = {int(each) for each in form.getlist("roles") if each.isdecimal() and len(each) < 10}
        pairs = zip(form.getlist("division"), form.getlist("reach"), strict=False)
        return cls(roles, {code.strip(): reach for code, reach in pairs if code.strip()})

    @classmethod
    def of(cls, session: Session, user: UserAccount) -> Grants:
        """What the account holds now."""
        posts = session.execute(select(Post.division_code, Post.reach).where(Post.user_id == user.id).order_by(Post.id))
        return cls({role.id for role in user.roles}, dict(posts.tuples().all()))

    def check(self) -> None:
        """BadGrant when a division is unknown or the posts lie in too many places."""
        if set(self.posts.values()) - set(REACHES) or set(self.posts) - set(names(self.posts)):
            raise BadGrant(_("Choose each division from the list."))
        try:
            ranges_of(self.posts.items())
        except TooManyRanges as error:
            raise BadGrant(_("A person can work for at most %(count)s separate divisions.", count=SLOTS)) from error

    def without(self, waiting: Grants, held: Grants) -> Grants:
        """What takes effect at once: all but what waits; a post that is to reach further keeps its reach meanwhile."""
        kept = {code: held.posts[code] for code in waiting.posts if code in held.posts}
        return Grants(self.roles - waiting.roles, {code: reach for code, reach in self.posts.items() if code not in waiting.posts} | kept)

    def words(self, session: Session) -> str:
        """The grants for the trail."""
        roles = session.scalars(select(Role.name).where(Role.id.in_(self.roles)).order_by(Role.id))
        return f"roles: {', '.join(roles) or '-'}; posts: {', '.join(f'{c} {r}' for c, r in sorted(self.posts.items())) or '-'}"

    def put_on(self, session: Session, user: UserAccount) -> None:
        """Give the account exactly these, and end its sessions."""
        self.check()
        user.roles = list(session.scalars(select(Role).where(Role.id.in_(self.roles))))
        user.epoch += 1
        self._put_posts(session, user)
        session.flush()

    def _put_posts(self, session: Session, user: UserAccount) -> None:
        # What stays is left alone: a grant made anew would need its second person again.
        held = Grants.of(session, user).posts
        stale = [code for code, reach in held.items() if self.posts.get(code) != reach]
        session.execute(delete(Post).where(Post.user_id == user.id, Post.division_code.in_(stale)))
        session.add_all(Post(user_id=user.id, division_code=code, reach=reach) for code, reach in self.posts.items() if held.get(code) != reach)
