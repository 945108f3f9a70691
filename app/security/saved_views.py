"""Saved queries of lists (我的查询), and each person's own layout of a list."""
from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Integer, String, Text, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base
from app.database import db

OWN, ROLE, ALL, LAYOUT = "own", "role", "all", "layout"
LONGEST_NAME, LONGEST_QUERY = 40, 4000


class SavedView(Base):
    """A query under a name. Row security shows it to its owner, and to others as far as it reaches."""

    __tablename__ = "saved_view"
    __table_args__ = (
        CheckConstraint("reach IN ('own', 'role', 'all', 'layout')", name="reach_known"),
        CheckConstraint("(reach = 'role') = (role_id IS NOT NULL)", name="role_given"),
        UniqueConstraint("owner_id", "register", "name", name="uq_saved_view_name"),
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    owner_id: Mapped[int] = mapped_column(Integer, ForeignKey("ab_user.id", ondelete="CASCADE"))
    register: Mapped[str] = mapped_column(String(60), index=True)
    name: Mapped[str] = mapped_column(String(40))
    query: Mapped[str] = mapped_column(Text)
    reach: Mapped[str] = mapped_column(String(8), server_default=OWN)
    """``own``, ``role`` (the default of a role), ``all`` who may read the register, ``layout`` (columns and row height alone)."""
    role_id: Mapped[int | None] = mapped_column(Integer, ForeignKey("ab_role.id", ondelete="CASCADE"), index=True)


def views_of(register: str, user_id: int) -> list[SavedView]:
    """What the signed-in person may use on this list, by one statement; the database leaves out what others keep to themselves."""
    mine = or_(SavedView.reach != LAYOUT, SavedView.owner_id == user_id)
    return list(db.session.scalars(select(SavedView).where(SavedView.register == register, mine).order_by(SavedView.name, SavedView.id)))
