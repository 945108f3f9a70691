"""The county's own fields and dictionaries (自定义字段、字典) as rows; a change of any of them changes the stamp that every request reads."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import BigInteger, Boolean, Date, DateTime, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now


class Dictionary(Base):
    """A code table (字典); the shipped ones come with the console and keep their codes."""

    __tablename__ = "dictionary"
    __table_args__ = ({"info": {"audited": True}},)

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    name: Mapped[str] = mapped_column(String(60), unique=True, info={"label": _("Machine name"), "kind": "text"})
    label: Mapped[str] = mapped_column(String(60), info={"label": _("Dictionary"), "kind": "text"})
    shipped: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")


class DictionaryEntry(Base):
    """One value of a dictionary: its code stays, its words may change."""

    __tablename__ = "dictionary_entry"
    __table_args__ = (UniqueConstraint("dictionary_id", "code", name="uq_dictionary_entry_code"), {"info": {"audited": True}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    dictionary_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("dictionary.id", ondelete="CASCADE"))
    code: Mapped[str] = mapped_column(String(40), info={"label": _("Code"), "kind": "text"})
    label: Mapped[str] = mapped_column(String(60), info={"label": _("Words"), "kind": "text"})
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    valid_from: Mapped[date | None] = mapped_column(Date)
    valid_to: Mapped[date | None] = mapped_column(Date)
    merged_into: Mapped[str | None] = mapped_column(String(40))
    merge_note: Mapped[str | None] = mapped_column(String(200))


class FormLayout(Base):
    """One version of a register's layout; the highest number is the present one."""

    __tablename__ = "form_layout"
    __table_args__ = (UniqueConstraint("register", "number", name="uq_form_layout_number"), {"info": {"audited": True}})

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    register: Mapped[str] = mapped_column(String(60))
    number: Mapped[int] = mapped_column(Integer)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"))
    actor: Mapped[str] = mapped_column(String(120), default="", server_default="")
    note: Mapped[str] = mapped_column(String(120), default="", server_default="")


class CustomField(Base):
    """A field that a county added to a register."""

    __tablename__ = "custom_field"
    __table_args__ = (
        UniqueConstraint("register", "name", name="uq_custom_field_name"),
        Index("ix_custom_field_label", "register", "label", unique=True, postgresql_where=text("retired_at IS NULL")),
        {"info": {"audited": True}},
    )

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    register: Mapped[str] = mapped_column(String(60))
    name: Mapped[str] = mapped_column(String(40))
    label: Mapped[str] = mapped_column(String(40))
    kind: Mapped[str] = mapped_column(String(20))
    help: Mapped[str] = mapped_column(String(200), default="", server_default="")
    heading: Mapped[str] = mapped_column(String(40), default="", server_default="")
    unit: Mapped[str] = mapped_column(String(10), default="", server_default="")
    position: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    length: Mapped[int | None] = mapped_column(Integer)
    required: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    filtered: Mapped[bool] = mapped_column(Boolean, default=False, server_default="false")
    dictionary_id: Mapped[int | None] = mapped_column(BigInteger, ForeignKey("dictionary.id", ondelete="RESTRICT"))
    shown_when: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    see_roles: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    edit_roles: Mapped[list[str]] = mapped_column(JSONB, default=list, server_default=text("'[]'::jsonb"))
    retired_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    row_version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")

    __mapper_args__ = {"version_id_col": row_version}
