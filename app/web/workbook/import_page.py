"""The import page (导入): from template to rows, with a dry run, a marked copy, and a way back."""
from __future__ import annotations

import hashlib
import io
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.core.register import Register
from app.database import db
from app.jobs.assignments import Assignment, send
from app.jobs.runs import Status
from app.web.cells import shown
from app.web.page import Page
from app.web.record import crumbs, endpoint
from app.web.workbook import batches, uploads
from app.web.workbook.allowed import XLSX, register_for
from app.web.workbook.check import Checked, Problem, check
from app.web.workbook.columns import import_columns, required
from app.web.workbook.mark import make_marked
from app.web.workbook.read import Sheet, Unmapped, Unreadable, guess, headers_of, read
from app.web.workbook.template import make_template, note
from app.web.workbook.undo import UndoRefused, may_undo, preview, undo
from app.web.workbook.write import write

SHOWN = 200


class ImportPage(Page):
    """From template to rows: 下载模板 → 填写 → 上传校验 → 确认导入."""

    route_base = "/import"
    default_view = "start"

    @expose("/<name>")
    def start(self, name: str) -> Any:
        """The page with its steps."""
        return self._page(register_for(name, "import"))

    def _page(self, register: Register, code: int = 200, **found: Any) -> Any:
        fields = [(c.info["label"], required(c), note(c)) for c in import_columns(register).values()]
        past = [(batch, shown(batch.at, "time"), may_undo(batch)) for batch in batches.latest(register, current_user.id)]
        given = {"checked": None, "token": None, "file": "", "refused": "", "mapping": None, "again": None, "unknown": (), **found}
        return render_template("workbook/import.html", register=register, fields=fields, shown=SHOWN, past=past,
                               list_url=url_for(f"{endpoint(register)}.list"), crumbs=crumbs(register, _("Import")), **given), code

    @expose("/<name>/template")
    def template(self, name: str) -> Any:
        """The template to fill in."""
        register = register_for(name, "import")
        return send_file(io.BytesIO(make_template(register)), XLSX, as_attachment=True,
                         download_name=_("%(register)s import template.xlsx", register=register.label))

    @expose("/<name>/check", methods=["POST"])
    def check(self, name: str) -> Any:
        """The dry run of an upload; nothing is written."""
        register, upload = register_for(name, "import"), request.files.get("file")
        if upload is None or not upload.filename:
            return self._page(register, 422, refused=_("Choose a file first."))
        return self._look(register, upload.filename, upload.read(), None)

    def _look(self, register: Register, file: str, content: bytes, token: str | None) -> Any:
        try:
            sheet = self._sheet(register, file, content)
        except Unreadable as error:
            return self._page(register, 422, refused=str(error), file=file)
        except Unmapped as unmapped:
            token = token or uploads.keep(register, file, content)
            return self._page(register, 422, mapping=_mapping(register, unmapped), token=token, file=file)
        if _is_large(sheet):
            token = token or uploads.keep(register, file, content)
            return _queued("check", register, file, {"token": token})
        checked = check(register, sheet)
        token = token or (uploads.keep(register, file, content) if checked.rows else None)
        past = batches.same_file(register, current_user.id, hashlib.sha256(content).hexdigest())
        again = shown(past.at, "time") if past else None
        return self._page(register, 422 if checked.problems else 200, checked=checked, token=token, file=file, again=again, unknown=sheet.unknown)

    def _sheet(self, register: Register, file: str, content: bytes) -> Sheet:
        return read(register, file, content, batches.known_words(register, current_user.id))

    @expose("/<name>/<token>/checked/<int:pk>")
    def checked(self, name: str, token: str, pk: int) -> Any:
        """The dry run of a large upload, which the worker made."""
        register = register_for(name, "import")
        file, content = uploads.kept(register, token)
        mine = select(Assignment).where(Assignment.id == pk, Assignment.user_id == current_user.id, Assignment.kind == "check",
                                        Assignment.register == name, Assignment.status == Status.done)
        assignment = db.session.scalar(mine) if pk < 2**31 else None
        if assignment is None or assignment.given.get("token") != token:
            abort(404)
        past = batches.same_file(register, current_user.id, hashlib.sha256(content).hexdigest())
        return self._page(register, checked=_kept(assignment.came), token=token, file=file, again=shown(past.at, "time") if past else None,
                          unknown=assignment.came["unknown"])

    @expose("/<name>/<token>/map", methods=["GET", "POST"])
    def map(self, name: str, token: str) -> Any:
        """Choose which column each header means; then remember it and check again."""
        register = register_for(name, "import")
        file, content = uploads.kept(register, token)
        if request.method == "GET":
            return self._page(register, mapping=_mapping(register, headers_of(register, file, content)), token=token, file=file)
        pairs = zip(request.form.getlist("header"), request.form.getlist("column"), strict=False)
        words = {header[:200]: column for header, column in pairs if column == "" or column in import_columns(register)}
        chosen = [column for column in words.values() if column]
        if len(chosen) != len(set(chosen)):
            flash(_("Two headers are set to the same column; each column can be taken once."), "danger")
        else:
            batches.remember_words(register, current_user.id, words)
            db.session.commit()
        return self._look(register, file, content, token)

    @expose("/<name>/<token>/marked")
    def marked(self, name: str, token: str) -> Any:
        """The rows that were uploaded, with the wrong cells red."""
        register = register_for(name, "import")
        file, content = uploads.kept(register, token)
        made = uploads.marked(token)
        if made is None:
            sheet = self._sheet(register, file, content)
            made = make_marked(register, sheet, check(register, sheet))
        stem = file.rsplit(".", 1)[0]
        return send_file(io.BytesIO(made), XLSX, as_attachment=True,
                         download_name=_("%(file)s, errors marked.xlsx", file=stem))

    @expose("/<name>/<token>/write", methods=["POST"])
    def write(self, name: str, token: str) -> Any:
        """Write a checked upload: all its good rows or nothing; with wrong rows among them only if that was chosen."""
        register = register_for(name, "import")
        file, content = uploads.kept(register, token)
        sheet = self._sheet(register, file, content)
        if _is_large(sheet):
            return _queued("import", register, file, {"token": token, "good_only": request.form.get("only") == "good"})
        checked = check(register, sheet)
        if not checked.ready or (checked.problems and request.form.get("only") != "good"):
            return self._page(register, 422, checked=checked, token=token, file=file)
        outcome = write(register, checked, file, content)
        if not isinstance(outcome, batches.ImportBatch):
            return self._page(register, 422, checked=Checked(checked.rows, [], [outcome]), token=token, file=file)
        db.session.commit()
        uploads.drop(token)
        words = _("Imported: %(added)s new, %(changed)s updated.", added=outcome.added, changed=outcome.changed)
        left = _(" %(count)s rows were left out.", count=outcome.left_out) if outcome.left_out else ""
        flash(words + left, "success")
        return redirect(url_for(f"{endpoint(register)}.list"))

    @expose("/<name>/batch/<int:pk>", methods=["GET", "POST"])
    def batch(self, name: str, pk: int) -> Any:
        """What undoing a batch would do; then undo it."""
        register = register_for(name, "import")
        mine = select(batches.ImportBatch).where(batches.ImportBatch.id == pk, batches.ImportBatch.register == name)
        batch = (db.session.scalar(mine) if pk < 2**31 else None) or abort(404)
        if request.method == "POST":
            try:
                seen = undo(register, batch)
            except UndoRefused as refusal:
                db.session.rollback()
                flash(str(refusal), "danger")
                return redirect(url_for("ImportPage.batch", name=name, pk=pk))
            db.session.commit()
            flash(_("Undone: %(removed)s rows removed, %(restored)s restored.", removed=seen.removed, restored=seen.restored), "success")
            return redirect(url_for("ImportPage.start", name=name))
        return render_template("workbook/undo.html", register=register, batch=batch, at=shown(batch.at, "time"), seen=preview(register, batch),
                               open=may_undo(batch), crumbs=crumbs(register, _("Undo an import")))


def _is_large(sheet: Sheet) -> bool:
    """Whether the worker shall do it, so that nobody's page waits."""
    return len(sheet.lines) > current_app.config["IMPORT_AT_ONCE"]


def _queued(kind: str, register: Register, file: str, given: dict[str, Any]) -> Any:
    """Send it to the worker; its page shows how far it is."""
    assignment = send(current_user.id, kind, register.name, file, given)
    db.session.commit()
    return redirect(url_for("AssignmentPage.show", pk=assignment.id), 303)


def _kept(came: dict[str, Any]) -> dict[str, Any]:
    """The outcome of a dry run as the page takes it."""
    return {**came, "problems": [Problem(*each) for each in came["first"]], "left_out": [Problem(*each) for each in came["first_left_out"]],
            "figures": {name: came[name] for name in ("ready", "problems", "left_out")}}


def _mapping(register: Register, unmapped: Unmapped) -> dict[str, Any]:
    """The headers of the file, each with the column it is taken for."""
    taken = {place: key for key, place in unmapped.places.items()}
    columns = import_columns(register)
    free = [key for key in columns if key not in unmapped.places]
    rows = []
    for place, text in enumerate(unmapped.texts):
        near = taken.get(place) or guess(register, text)
        rows.append((text, near if place in taken or near in free else ""))
        free = [key for key in free if key != near]
    options = [(key, str(column.info["label"]), required(column)) for key, column in columns.items()]
    return {"rows": [row for row in rows if row[0]], "options": options, "line": unmapped.top + 1}
