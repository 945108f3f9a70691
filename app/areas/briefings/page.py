"""Downloading a briefing (下载): under row scope, and written down."""
from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import abort, current_app, send_file
from flask_appbuilder import expose
from sqlalchemy import select

from app.areas.briefings.issues import BriefingIssue
from app.audit import record
from app.database import db
from app.web.gate import needs
from app.web.page import Page


class BriefingFiles(Page):
    """The PDFs behind the register of briefings."""

    route_base = "/briefings"
    default_view = "download"
    class_permission_name = permission = "briefings"

    @expose("/<int:pk>/download")
    @needs("read")
    def download(self, pk: int) -> Any:
        """The PDF as a file to keep."""
        return self._send(pk, "download")

    @expose("/<int:pk>/read")
    @needs("read")
    def read(self, pk: int) -> Any:
        """The PDF to read in a frame of the console's own pages."""
        answer = self._send(pk, "read")
        # The browser's reader is an embedded object: the pages' own policy would keep it out.
        answer.headers["Content-Security-Policy"] = "frame-ancestors 'self'"
        return answer

    def _send(self, pk: int, deed: str) -> Any:
        """The PDF, written down; 404 when the row is not for this reader, or when the file is gone."""
        issue = db.session.scalar(select(BriefingIssue).where(BriefingIssue.id == pk)) if pk < 2**31 else None
        if issue is None:
            abort(404)
        file = Path(current_app.config["DATA_DIR"]) / "briefings" / issue.path
        if not file.is_file():
            abort(404)
        record(deed, "briefing_issue", issue.id, issue.division_code, issue.sha256)
        name = f"{issue.title}.pdf"
        db.session.commit()
        return send_file(file, mimetype="application/pdf", download_name=name, as_attachment=deed == "download")


pages = (BriefingFiles,)
