"""Briefings on the first page: the newest, to read and download."""
from __future__ import annotations

from typing import Any

from sqlalchemy import select

from app.areas.briefings.issues import BriefingIssue
from app.core.addresses import showing
from app.core.home import Block
from app.database import db

NEWEST = 6


def newest() -> dict[str, Any]:
    """The newest papers; the county's own first."""
    issues = db.session.scalars(
        select(BriefingIssue).order_by(BriefingIssue.issued_on.desc(), BriefingIssue.kind, BriefingIssue.division_code).limit(NEWEST))
    return {"briefings": [
        {"title": issue.title, "when": issue.issued_on.isoformat(), "url": showing("briefings", issue.id),
         "download_url": issue.download_url} for issue in issues]}


home = Block(register="briefings", extra=newest)
