"""The pages of workbooks: template, dry run, writing, export."""
from __future__ import annotations

from typing import Any

from flask import abort, current_app, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from app.areas.divisions.calendar import today
from app.core.register import Register
from app.database import db
from app.jobs.assignments import Assignment, send
from app.jobs.runs import Status
from app.security.proving import demand
from app.web.criteria import words_of
from app.web.page import Page
from app.web.record import crumbs
from app.web.workbook import files
from app.web.workbook.allowed import register_for
from app.web.workbook.export import KINDS, WRITERS, how_many
from app.web.workbook.export_work import noted_export
from app.web.workbook.import_page import ImportPage

REASON = 4


class ExportPage(Page):
    """What a list shows, as a file."""

    route_base = "/export"
    default_view = "export"

    @expose("/<name>", methods=["GET", "POST"])
    def export(self, name: str) -> Any:
        """The file, or the worker's page when it is large; a sensitive register asks for a reason first."""
        register, args = register_for(name, "export"), words_of(request.args)
        kind, reason = args.pop("format", "xlsx"), request.form.get("reason", "").strip()[:200]
        if kind not in WRITERS:
            raise BadRequest
        if register.sensitive and len(reason) < REASON:
            return render_template("workbook/reason.html", register=register, short=request.method == "POST",
                                   crumbs=crumbs(register, _("Export"))), 422 if request.method == "POST" else 200
        if register.sensitive and (asked := demand()) is not None:
            return asked
        most = current_app.config["EXPORT_AT_ONCE"]
        if how_many(register, args, most) > most:
            return self._queued(register, args, kind, reason)
        with files.passing(kind) as path:
            noted_export(register, args, kind, path, reason)
            db.session.commit()
            file = path.open("rb")
        return send_file(file, KINDS[kind], as_attachment=True, download_name=f"{register.label}-{today()}.{kind}")

    def _queued(self, register: Register, args: dict[str, str], kind: str, reason: str) -> Any:
        given = {"args": args, "kind": kind, "reason": reason}
        assignment = send(current_user.id, "export", register.name, f"{register.label}-{today()}.{kind}", given)
        db.session.commit()
        return redirect(url_for("AssignmentPage.show", pk=assignment.id), 303)

    @expose("/file/<int:pk>")
    def file(self, pk: int) -> Any:
        """A file that the worker made, for whoever asked for it and may still export the register."""
        if not current_user.is_authenticated:
            abort(401)
        mine = select(Assignment).where(Assignment.id == pk, Assignment.user_id == current_user.id, Assignment.kind == "export",
                                        Assignment.status == Status.done)
        assignment = db.session.scalar(mine) if pk < 2**31 else None
        if assignment is None:
            abort(404)
        register_for(assignment.register, "export")
        kind, path = assignment.given["kind"], files.kept(assignment.came["file"])
        if path is None:
            abort(404)
        return send_file(path, KINDS[kind], as_attachment=True, download_name=assignment.title)


pages = (ImportPage, ExportPage)
