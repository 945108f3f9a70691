"""What every table of the console starts from: names, stamps, scope and choices."""
from __future__ import annotations

import enum
import uuid
from datetime import UTC, datetime
from typing import Any

from flask_appbuilder import Model
from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, DateTime, ForeignKey, Integer, Text, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

# Constraints carry names, so that a refusal can be told to people and migrations can drop them.
Model.metadata.naming_convention = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def now() -> datetime:
    """The present moment, in UTC and aware."""
    return datetime.now(UTC)


class Base(Model):
    """Any table of ours; FAB's own tables live in the same metadata."""

    __abstract__ = True
    __table_args__: Any = ()


class Choice(enum.StrEnum):
    """A closed list (代码表): each member has a value, a label and, for tags, a tone."""

    label: Any
    tone: str
    offered: bool
    """Whether it can still be chosen; rows that hold it keep it."""

    def __new__(cls, value: str, label: Any = "", tone: str = "grey", offered: bool = True) -> Choice:
        """Make a member whose identity is its value alone, so equal labels never merge members."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.tone = tone
        member.offered = offered
        return member


def stamp(label: Any) -> dict[str, Any]:
    """Mark a column that the console fills itself."""
    return {"label": label, "kind": "stamp"}


class Stamped(Base):
    """Rows that know when they were made and changed, by whom, and in which version."""

    __abstract__ = True

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, sort_order=-10, info=stamp(_("No.")))
    created_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=now, server_default=text("now()"), sort_order=90, info=stamp(_("Created at"))
    )
    updated_at: Mapped[datetime] = mapped_column(
        DateTime(timezone=True), default=now, onupdate=now, server_default=text("now()"), sort_order=91,
        info=stamp(_("Changed at")),
    )
    created_by: Mapped[int | None] = mapped_column(Integer, sort_order=92, info=stamp(_("Created by")))
    updated_by: Mapped[int | None] = mapped_column(Integer, sort_order=93, info=stamp(_("Changed by")))
    row_version: Mapped[int] = mapped_column(
        Integer, default=1, server_default="1", sort_order=94, info=stamp(_("Version"))
    )

    @declared_attr.directive
    def __mapper_args__(cls) -> dict[str, Any]:  # noqa: N805
        """Let the database refuse a save that started from an older version."""
        return {"version_id_col": cls.row_version}


class Extensible:
    """Rows that hold the county's own fields (自定义字段) besides their columns, as one object of typed values by name."""

    extra: Mapped[dict[str, Any]] = mapped_column(
        JSONB, default=dict, server_default=text("'{}'::jsonb"), sort_order=95, info=stamp(_("The county's own fields"))
    )


class Scoped(Extensible, Stamped):
    """Rows that belong to a division (所属区划); row security shows them to its people alone."""

    __abstract__ = True

    uid: Mapped[uuid.UUID] = mapped_column(
        Uuid, default=uuid.uuid4, unique=True, server_default=text("gen_random_uuid()"), sort_order=-9,
        info=stamp(_("Row identity")),
    )

    @declared_attr
    def division_code(cls) -> Mapped[str]:  # noqa: N805
        """The division that owns the row; ranges over this column are the row rule."""
        return mapped_column(
            Text(collation="C"), ForeignKey("division.code", onupdate="CASCADE"), index=True, sort_order=-8,
            info={"label": _("Division"), "kind": "division"},
        )
