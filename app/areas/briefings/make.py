"""Making a briefing (制发): number, figures, PDF, hash, and the row that says so."""
from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from flask import current_app
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.areas.briefings import papers
from app.areas.briefings.figures import towns
from app.areas.briefings.issues import BriefingIssue, BriefingKind
from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division, DivisionKind
from app.core.period import HalfMonth
from app.core.task import Task, TaskRefused, Usual
from app.database import db
from app.documents import REPORTS
from app.documents.errors import LayoutRefused

if TYPE_CHECKING:
    from app.documents.render import Renderer

_renderers: dict[str, Renderer] = {}


def renderer() -> Renderer:
    """The process that lays out documents, one for each console."""
    # Typefaces and the layout's reader are met when a paper is made, not when a web process starts.
    from app.documents.render import Renderer

    data = Path(current_app.config["DATA_DIR"])
    return _renderers.setdefault(str(data), Renderer(data / "work", data / "fonts"))


def _issue(kind: BriefingKind, period: HalfMonth, code: str) -> BriefingIssue:
    """The row of this paper: the one that is there, so that a repeated run keeps its numbers, or the next."""
    same = (BriefingIssue.kind == kind, BriefingIssue.division_code == code)
    found = db.session.scalar(select(BriefingIssue).where(*same, BriefingIssue.period == str(period)))
    if found is not None:
        return found
    in_all = db.session.scalar(select(func.count()).select_from(BriefingIssue).where(*same)) or 0
    in_year = select(func.count()).select_from(BriefingIssue).where(*same, BriefingIssue.period.startswith(f"{period.year}-"))
    return BriefingIssue(kind=kind, division_code=code, period=str(period), number=(db.session.scalar(in_year) or 0) + 1,
                         total_number=in_all + 1, issued_on=max(today(), period.end))


def make_briefing(kind: str, period: HalfMonth, code: str) -> BriefingIssue:
    """Make the paper of one division for one period; a repeated call makes it anew under the same numbers."""
    division = db.session.scalar(select(Division).where(Division.code == code))
    if division is None:
        raise TaskRefused(gettext("There is no division %(code)s; import the divisions first.", code=code))
    issue = _issue(BriefingKind(kind), period, code)
    figures: dict[str, Any] = getattr(papers, kind)(division, period, (issue.number, issue.total_number), issue.issued_on)
    name = f"{kind}-{code}-{period}.pdf"
    target = Path(current_app.config["DATA_DIR"]) / "briefings" / str(period.year) / name
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        made = renderer().make(REPORTS / kind, figures, target)
    except LayoutRefused as refusal:
        raise TaskRefused(gettext("The layout departs from GB/T 9704, so the paper was not issued: %(faults)s", faults=refusal)) from refusal
    issue.title, issue.figures, issue.path = figures["title"], figures, f"{period.year}/{name}"
    issue.pages, issue.size, issue.sha256 = made.pages, made.size, made.sha256
    db.session.add(issue)
    db.session.flush()
    return issue


def make_county(period: str) -> str | None:
    """The county's briefing."""
    county = db.session.scalar(select(Division).where(Division.kind == DivisionKind.county).order_by(Division.code))
    if county is None:
        return None
    issue = make_briefing("county", HalfMonth.parse(period), county.code)
    return gettext("Made “%(title)s”, %(pages)s pages.", title=issue.title, pages=issue.pages)


def make_towns(period: str) -> str | None:
    """A briefing for every town."""
    made = [make_briefing("town", HalfMonth.parse(period), town.code) for town in towns()]
    return gettext("Made the briefings of %(count)s towns.", count=len(made)) if made else None


tasks = {
    "county_briefing": Task("county_briefing", _("County briefing, half-monthly"), make_county, Usual("县综治简报", "half_month", 8)),
    "town_briefings": Task("town_briefings", _("Town briefings, half-monthly"), make_towns, Usual("镇街综治简报", "half_month", 8, 10)),
}
