"""The pages of workbooks: template, dry run, writing, export."""
from __future__ import annotations

import io
import json
import re
import secrets
import time
from pathlib import Path
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.audit import record
from app.core.register import Register, find
from app.database import db
from app.security import may
from app.security.proving import demand
from app.web.cells import today
from app.web.criteria import words_of
from app.web.page import Page
from app.web.record import crumbs, endpoint
from app.web.workbook.check import Checked, check
from app.web.workbook.columns import import_columns, required
from app.web.workbook.export import make_export
from app.web.workbook.read import Unreadable, read
from app.web.workbook.template import make_template, note
from app.web.workbook.write import write

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT = 24 * 3600
SHOWN = 200
REASON = 4


def _register(name: str, verb: str) -> Register:
    """The register, for whoever may do this with its workbooks."""
    if not current_user.is_authenticated:
        abort(401)
    try:
        register = find(name)
    except KeyError:
        abort(404)
    if verb not in register.verbs():
        abort(404)
    return register if may(verb, name) else abort(403)


def _folder() -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink(missing_ok=True)
    return folder


def _keep(register: Register, name: str, content: bytes) -> str:
    """Keep an upload until it is written; only its owner can name it."""
    token = secrets.token_hex(16)
    about = {"user": current_user.id, "register": register.name, "name": name}
    for suffix, data in ((".bin", content), (".json", json.dumps(about).encode())):
        file = _folder() / (token + suffix)
        file.touch(mode=0o600)
        file.write_bytes(data)
    return token


def _kept(register: Register, token: str) -> tuple[str, bytes]:
    about = _folder() / f"{token}.json"
    if not re.fullmatch(r"[0-9a-f]{32}", token) or not about.is_file():
        abort(404)
    known = json.loads(about.read_text())
    if (known["user"], known["register"]) != (current_user.id, register.name):
        abort(404)
    return known["name"], about.with_suffix(".bin").read_bytes()


class ImportPage(Page):
    """From template to rows: 下载模板 → 填写 → 上传校验 → 确认导入."""

    route_base = "/import"
    default_view = "start"

    @expose("/<name>")
    def start(self, name: str) -> Any:
        """The page with its steps."""
        return self._page(_register(name, "import"))

    def _page(self, register: Register, code: int = 200, **found: Any) -> Any:
        fields = [(c.info["label"], required(c), note(c)) for c in import_columns(register).values()]
        given = {"checked": None, "token": None, "file": "", "refused": "", **found}
        return render_template("workbook/import.html", register=register, fields=fields, shown=SHOWN,
                               list_url=url_for(f"{endpoint(register)}.list"), crumbs=crumbs(register, _("Import")), **given), code

    @expose("/<name>/template")
    def template(self, name: str) -> Any:
        """The template to fill in."""
        register = _register(name, "import")
        return send_file(io.BytesIO(make_template(register)), XLSX, as_attachment=True,
                         download_name=_("%(register)s import template.xlsx", register=register.label))

    @expose("/<name>/check", methods=["POST"])
    def check(self, name: str) -> Any:
        """The dry run of an upload; nothing is written."""
        register, upload = _register(name, "import"), request.files.get("file")
        if upload is None or not upload.filename:
            return self._page(register, 422, refused=_("Choose a file first."))
        content = upload.read()
        try:
            checked = check(register, read(register, upload.filename, content))
        except Unreadable as error:
            return self._page(register, 422, refused=str(error), file=upload.filename)
        token = _keep(register, upload.filename, content) if checked.ready and not checked.problems else None
        return self._page(register, 422 if checked.problems else 200, checked=checked, token=token, file=upload.filename)

    @expose("/<name>/<token>/write", methods=["POST"])
    def write(self, name: str, token: str) -> Any:
        """Write a checked upload: all of it or nothing."""
        register = _register(name, "import")
        file, content = _kept(register, token)
        checked = check(register, read(register, file, content))
        outcome = None if checked.problems else write(register, checked, file)
        if not isinstance(outcome, tuple):
            problems = checked.problems or [outcome]
            return self._page(register, 422, checked=Checked(checked.rows, [], [p for p in problems if p]), file=file)
        flash(_("Imported: %(added)s new, %(changed)s updated.", added=outcome[0], changed=outcome[1]), "success")
        return redirect(url_for(f"{endpoint(register)}.list"))


class ExportPage(Page):
    """What a list shows, as a workbook."""

    route_base = "/export"
    default_view = "export"

    @expose("/<name>", methods=["GET", "POST"])
    def export(self, name: str) -> Any:
        """The workbook; a sensitive register asks for a reason first."""
        register = _register(name, "export")
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
