"""The pages of workbooks: template, dry run, writing, export."""
from __future__ import annotations

import io
from typing import Any

from flask import render_template, request, send_file
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.areas.divisions.calendar import today
from app.audit import record
from app.database import db
from app.security.proving import demand
from app.web.criteria import words_of
from app.web.page import Page
from app.web.record import crumbs
from app.web.workbook.allowed import XLSX, register_for
from app.web.workbook.export import make_export
from app.web.workbook.import_page import ImportPage

REASON = 4


class ExportPage(Page):
    """What a list shows, as a workbook."""

    route_base = "/export"
    default_view = "export"

    @expose("/<name>", methods=["GET", "POST"])
    def export(self, name: str) -> Any:
        """The workbook; a sensitive register asks for a reason first."""
        register = register_for(name, "export")
        reason = request.form.get("reason", "").strip()
        if register.sensitive and len(reason) < REASON:
            return render_template("workbook/reason.html", register=register, short=request.method == "POST",
                                   crumbs=crumbs(register, _("Export"))), 422 if request.method == "POST" else 200
        if register.sensitive and (asked := demand()) is not None:
            return asked
        content, rows = make_export(register, words_of(request.args))
        record("export", register.table.name, None, None, f"{rows}: {reason or request.query_string.decode()[:200]}")
        db.session.commit()
        return send_file(io.BytesIO(content), XLSX, as_attachment=True, download_name=f"{register.label}-{today()}.xlsx")


pages = (ImportPage, ExportPage)
