"""Issued briefings (简报期次): which paper was made for which period, where it lies, and its hash."""
from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core import columns as col
from app.core.base import Choice, Scoped
from app.core.register import Register


class BriefingKind(Choice):
    """Which paper it is: a folder of that name lies under ``reports/``."""

    county = "county", _("County briefing"), "blue"
    town = "town", _("Town briefing"), "cyan"


class BriefingIssue(Scoped):
    """One paper of one division for one period. It is written by the console alone."""

    __tablename__ = "briefing_issue"
    __table_args__ = (
        Index(None, "kind", "division_code"),  # the counts on the tabs
        UniqueConstraint("kind", "division_code", "period", name="uq_briefing_issue_period_once"),
        CheckConstraint("number > 0 AND total_number >= number", name="numbers_in_order"),
        col.choice_check("kind", BriefingKind),
    )

    kind: Mapped[BriefingKind] = col.choice(_("Kind"), BriefingKind)
    period: Mapped[str] = col.text(_("Period"), 20)
    title: Mapped[str] = col.text(_("Title"), 120)
    number: Mapped[int] = col.count(_("Number in the year"))
    total_number: Mapped[int] = col.count(_("Number in all"))
    issued_on: Mapped[date] = col.day(_("Issued on"))
    pages: Mapped[int] = col.count(_("Pages"))
    size: Mapped[int] = col.count(_("Size (bytes)"))
    sha256: Mapped[str] = col.text(_("SHA-256"), 64)
    path: Mapped[str] = mapped_column(info={"label": _("File")})
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB, info={"label": _("Figures")})

    @property
    def download_url(self) -> str:
        """Where the PDF is fetched."""
        return f"/briefings/{self.id}/download"

    @property
    def read_url(self) -> str:
        """Where the PDF is read in a frame."""
        return f"/briefings/{self.id}/read"


register = Register(
    model=BriefingIssue, name="briefings", label=_("Briefings"), area="briefings", icon="file-text",
    intro=_("Papers made by the clock, to read and download."), frozen=True,
    listed=("division_code", "title", "kind", "period", "number", "issued_on", "pages"), searched=("title", "period"),
    key=("division_code", "kind", "period"), title=("title",), states="kind", order=("-issued_on", "division_code"),
)
