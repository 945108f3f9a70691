"""The addresses of attachments (附件页面): add, look at, load, take away."""
from __future__ import annotations

from typing import Any

from flask import Response, abort, current_app, flash, redirect, render_template, request, send_file
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit import record
from app.core.register import Register
from app.database import db
from app.security.proving import demand
from app.web.addresses import record_url
from app.web.attachments import allowed, store
from app.web.attachments.kinds import KINDS, AttachmentRefused
from app.web.attachments.models import Side
from app.web.attachments.show import box
from app.web.attachments.take import MB, drop, small, take
from app.web.page import Page

AT_ONCE = 10
"""Files in one form, for browsers without the script, which sends each on its own."""
LOCKED_DOWN = "sandbox; default-src 'none'; img-src 'self'; frame-ancestors 'none'"
READABLE = "default-src 'none'; object-src 'self'; frame-ancestors 'none'"
"""A browser's PDF reader does not start in a sandbox; it keeps the document's own scripts away by itself."""


class AttachmentPage(Page):
    """The files of one record."""

    route_base = "/attachments"
    default_view = "add"

    @expose("/<name>/<int:pk>", methods=["GET", "POST"])
    def add(self, name: str, pk: int) -> Any:
        """The box of files (GET), and adding to it (POST)."""
        register, row = allowed.record_of(name, pk)
        if request.method == "GET":
            return render_template("attachments/part.html", box=box(register, row))
        if not allowed.open_for_change(register, row):
            abort(403)
        refused = [words for file in request.files.getlist("file") if (words := _add(register, pk, file))]
        return _told(register, pk, refused or ([] if request.files.getlist("file") else [_("Choose a file first.")]))

    @expose("/file/<int:pk>", methods=["GET", "POST"])
    def file(self, pk: int) -> Any:
        """The file itself; written down, since a copy leaves the house."""
        found, register, row = allowed.attachment_of(pk)
        if register.sensitive and (asked := demand()) is not None:
            return asked
        kind, path = KINDS[found.type], store.place(found.sha256)
        if not path.exists():
            abort(404)
        record("download", register.table.name, row.id, found.division_code, found.name)
        db.session.commit()
        as_file = not kind.inline or "save" in request.args
        answer = send_file(path, kind.mime, as_attachment=as_file, download_name=found.name, conditional=False, etag=False, last_modified=None)
        return _guarded(answer, READABLE if kind.name == "pdf" and not as_file else LOCKED_DOWN)

    @expose("/small/<int:pk>")
    def small(self, pk: int) -> Any:
        """The small picture; a sensitive register shows none, so that each look there is a deed of its own."""
        found, register, _row = allowed.attachment_of(pk)
        if register.sensitive or not KINDS[found.type].image or not store.place(found.sha256).exists():
            abort(404)
        return _guarded(Response(small(found), mimetype="image/jpeg"), LOCKED_DOWN)

    @expose("/remove/<int:pk>", methods=["POST"])
    def remove(self, pk: int) -> Any:
        """Take a file away from its record."""
        found, register, row = allowed.attachment_of(pk)
        if not allowed.open_for_change(register, row):
            abort(403)
        name = found.name
        drop(found, register)
        db.session.commit()
        flash(_("Removed: %(name)s", name=name), "success")
        return redirect(_back(register, row.id))


def _add(register: Register, pk: int, file: Any) -> str:
    """Add one file and save it; the words of a refusal, if it is refused."""
    side = request.form.get("kind", "other")
    if side not in set(Side):
        abort(400)
    _register, row = allowed.record_of(register.name, pk)
    try:
        take(register, row, file, side)
    except AttachmentRefused as refusal:
        db.session.rollback()
        return f"{file.filename}: {refusal}"
    db.session.commit()
    return ""


def _told(register: Register, pk: int, refused: list[str]) -> Any:
    """The box for the script, or the record's page for a plain form."""
    if request.headers.get("X-Requested-With") == "XMLHttpRequest":
        _register, row = allowed.record_of(register.name, pk)
        return render_template("attachments/part.html", box=box(register, row, refused)), 422 if refused else 201
    for words in refused:
        flash(words, "danger")
    if not refused:
        flash(_("Saved."), "success")
    return redirect(_back(register, pk))


def _back(register: Register, pk: int) -> str:
    from app.web.record import endpoint

    return record_url(f"{endpoint(register)}.show", pk) + "#files"


def _guarded(answer: Response, policy: str) -> Response:
    answer.headers["Content-Security-Policy"] = policy
    answer.headers["X-Content-Type-Options"] = "nosniff"
    return answer


def widen(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Let attachments be larger than other uploads; set before anything reads the form."""
    if endpoint in ("AttachmentApi.post", "UploadApi.patch"):
        request.max_content_length = current_app.config["ATTACHMENT_MB"] * MB
    if endpoint == "AttachmentPage.add":
        request.max_content_length = AT_ONCE * current_app.config["ATTACHMENT_MB"] * MB + MB
