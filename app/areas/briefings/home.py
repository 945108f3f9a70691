"""Briefings on the first page: the newest, to read and download."""
from __future__ import annotations

from sqlalchemy import select

from app.areas.briefings.issues import BriefingIssue
from app.core.addresses import showing
from app.core.home import Block, Paper, Part
from app.database import db

NEWEST = 6


def part() -> Part:
    """The newest papers; the county's own first."""
    issues = db.session.scalars(
        select(BriefingIssue).order_by(BriefingIssue.issued_on.desc(), BriefingIssue.kind, BriefingIssue.division_code).limit(NEWEST))
    return Part(papers=[Paper(title=issue.title, when=issue.issued_on.isoformat(), url=showing("briefings", issue.id),
                              download_url=issue.download_url,
                              read_url=issue.read_url) for issue in issues])


home = Block("briefings", part)
