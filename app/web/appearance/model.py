"""What a county sets: one row, read again only after it changed."""
from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Any

from flask import current_app, g
from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Integer, LargeBinary, String, select
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base
from app.database import db

BREATH = 5.0
"""Seconds for which pages before the sign-in keep what they read; signed-in pages hold the stamp and need no such limit."""


class AppearanceRow(Base):
    """The one row; whatever is empty follows the settings of the installation."""

    __tablename__ = "appearance"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"), {"info": {"audited": True, "unsaid": "emblem"}})

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    county_name: Mapped[str | None] = mapped_column(String(30), info={"label": _("County's name"), "kind": "text"})
    accent: Mapped[str | None] = mapped_column(String(7), info={"label": _("Accent colour"), "kind": "text"})
    notice: Mapped[str | None] = mapped_column(String(200), info={"label": _("Notice on the sign-in page"), "kind": "text"})
    footer: Mapped[str | None] = mapped_column(String(200), info={"label": _("Words in the foot"), "kind": "text"})
    emblem: Mapped[bytes | None] = mapped_column(LargeBinary)
    emblem_type: Mapped[str | None] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(Integer, default=1, server_default="1")


@dataclass(frozen=True)
class Appearance:
    """What templates print."""

    county_name: str
    accent: str
    notice: str
    footer: str
    emblem: bytes | None
    emblem_type: str
    version: int


def _read() -> Appearance:
    columns = AppearanceRow.__table__.c
    row = db.session.execute(select(*columns)).mappings().first() or {}
    notice = str(current_app.config.get("SIGN_IN_NOTICE") or "")
    name = current_app.config.get("COUNTY_NAME") or current_app.config.get("APP_NAME") or ""
    return Appearance(row.get("county_name") or str(name), row.get("accent") or "", row.get("notice") or notice, row.get("footer") or notice,
                      row.get("emblem"), row.get("emblem_type") or "", row.get("version") or 0)


class Kept:
    """The appearance that one process keeps, under the stamp that the session's own statement brings along."""

    def __init__(self) -> None:
        self.stamp: Any = None
        self.until = 0.0
        self.value: Appearance | None = None

    def get(self) -> Appearance:
        """The appearance as it is now."""
        stamp = g.get("rights_stamp")
        fresh = stamp == self.stamp if stamp is not None else time.monotonic() < self.until
        if self.value is None or not fresh:
            self.value, self.until = _read(), time.monotonic() + BREATH
            self.stamp = stamp if stamp is not None else self.stamp
        return self.value


    def newest(self, version: str | None) -> Appearance:
        """The appearance of that version; another process may have changed it a moment ago."""
        if self.value is None or str(self.get().version) != version:
            self.value, self.until = _read(), time.monotonic() + BREATH
        return self.value


def appearance() -> Appearance:
    """What the pages of this console look like."""
    return current_app.extensions["appearance"].get()
