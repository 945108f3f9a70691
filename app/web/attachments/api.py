"""Attachments for programs (附件接口): listed, sent whole or in pieces, loaded and removed, under the rights of their record."""
from __future__ import annotations

import re
from typing import Any

from flask import abort, current_app, request, send_file
from flask_appbuilder import expose
from flask_babel import gettext as _

from app.audit import record
from app.database import db
from app.security.proving import is_proved
from app.web.api.problems import Refused, fault
from app.web.api.repeats import written
from app.web.api.values import plain, sent, told
from app.web.attachments import allowed, store, uploads
from app.web.attachments.kinds import KINDS
from app.web.attachments.models import Attachment, Side, of_record
from app.web.attachments.take import MB, drop
from app.web.page import Page

OCTETS = "application/octet-stream"


def as_json(file: Attachment) -> dict[str, Any]:
    """What is told of a file."""
    return {"id": file.id, "register": file.register, "row": file.row_id, "kind": file.kind, "name": file.name, "type": file.type,
            "size": file.size, "sha256": file.sha256, "created_at": plain(file.created_at)}


def _number(text: Any) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,10}", str(text or "")) else 0


def _octets() -> bytes:
    if request.mimetype != OCTETS:
        raise Refused(415, detail=_("Send the bytes of the file, with Content-Type: application/octet-stream."))
    return request.get_data()


def _said(given: Any) -> dict[str, str]:
    """Name and kind of a file that is sent, or what is wrong with them."""
    name, kind = given.get("name"), given.get("kind", "other")
    faults = []
    if not isinstance(name, str) or not 1 <= len(name) <= 200 or "\0" in name:
        faults.append(fault("name", _("Write a name of at most 200 characters.")))
    if not isinstance(kind, str) or kind not in {side.value for side in Side}:
        faults.append(fault("kind", _("Choose one from the list.")))
    if faults:
        raise Refused(422, errors=faults)
    return {"name": name, "kind": kind}


class AttachmentApi(Page):
    """The files of records."""

    route_base = "/api/v1/attachments"
    default_view = "list"

    @expose("/", methods=["GET"])
    def list(self) -> Any:
        """The files of one record."""
        register, row = allowed.record_of(request.args.get("register", ""), _number(request.args.get("row")))
        if not allowed.may_see(register):
            abort(403)
        return told({"result": [as_json(file) for file, _who in of_record(register, row)]})

    @expose("/", methods=["POST"])
    @written
    def post(self) -> Any:
        """Add a file, sent as it is."""
        register, row = allowed.record_of(request.args.get("register", ""), _number(request.args.get("row")))
        said, content = _said(request.args), _octets()
        return told({"result": as_json(uploads.taken(register, row, content, said["name"], said["kind"]))}, 201)

    @expose("/<int:pk>", methods=["GET"])
    def get(self, pk: int) -> Any:
        """What is known of a file."""
        return told({"result": as_json(allowed.attachment_of(pk)[0])})

    @expose("/<int:pk>/content", methods=["GET"])
    def content(self, pk: int) -> Any:
        """The file itself; written down, since a copy leaves the house."""
        found, register, row = allowed.attachment_of(pk)
        if register.sensitive and not is_proved():
            raise Refused(403, "proof_required", _("Files about people are opened by people, after a fresh proof."))
        path = store.place(found.sha256)
        if not path.exists():
            abort(404)
        record("download", register.table.name, row.id, found.division_code, found.name)
        db.session.commit()
        answer = send_file(path, OCTETS, as_attachment=True, download_name=found.name, conditional=False, etag=False, last_modified=None)
        answer.headers["X-Content-Type-Options"] = "nosniff"
        answer.headers["X-Pingan-Type"] = KINDS[found.type].mime
        return answer

    @expose("/<int:pk>", methods=["DELETE"])
    @written
    def delete(self, pk: int) -> Any:
        """Take a file away from its record."""
        found, register, row = allowed.attachment_of(pk)
        if not allowed.open_for_change(register, row):
            abort(403)
        drop(found, register)
        return "", 204


class UploadApi(Page):
    """Files that come in pieces."""

    route_base = "/api/v1/uploads"
    default_view = "post"

    @expose("/", methods=["POST"])
    @written
    def post(self) -> Any:
        """Announce a file: for which record, how long, and its hash."""
        given = sent()
        if unknown := sorted(set(given) - {"register", "row", "name", "kind", "size", "sha256"}):
            raise Refused(422, errors=[fault(name, _("There is no such field, or it cannot be written.")) for name in unknown])
        register, row = allowed.record_of(str(given.get("register", "")), _number(given.get("row")))
        if not allowed.open_for_change(register, row):
            abort(403)
        most, size, sha256 = current_app.config["ATTACHMENT_MB"], given.get("size"), str(given.get("sha256", "")).lower()
        faults = []
        if type(size) is not int or not 1 <= size <= most * MB:
            faults.append(fault("size", _("The file is larger than %(most)s MB.", most=most)))
        if not re.fullmatch("[0-9a-f]{64}", sha256):
            faults.append(fault("sha256", _("Write the SHA-256 of the whole file, in hex.")))
        if faults:
            raise Refused(422, errors=faults)
        made = uploads.begin(register=register.name, row_id=row.id, size=size, sha256=sha256, **_said(given))
        return told({"result": made.told()}, 201, {"Upload-Offset": "0"})

    @expose("/<int:pk>", methods=["GET"])
    def get(self, pk: int) -> Any:
        """How far it is, to go on after a broken line."""
        found = self._mine(pk)
        return told({"result": found.told()}, headers={"Upload-Offset": str(found.offset)})

    def _mine(self, pk: int) -> uploads.Upload:
        found = uploads.mine(pk)
        allowed.record_of(found.register, found.row_id)
        return found

    @expose("/<int:pk>", methods=["PATCH"])
    def patch(self, pk: int) -> Any:
        """The next piece; with the last one the file is taken in, and its attachment answered."""
        found, piece = self._mine(pk), _octets()
        offset = request.headers.get("Upload-Offset", "")
        if not re.fullmatch(r"[0-9]{1,10}", offset) or not piece:
            raise Refused(400, "bad_parameter", _("Send a piece of the file, and as Upload-Offset where it begins."))
        uploads.add_piece(found, int(offset), piece)
        if found.offset < found.size:
            db.session.commit()
            return told({"result": found.told()}, headers={"Upload-Offset": str(found.offset)})
        return self._finished(pk, found)

    def _finished(self, pk: int, found: uploads.Upload) -> Any:
        try:
            made = as_json(uploads.finish(found))
        except Refused:
            # What cannot be taken is not kept either: the next try begins anew.
            db.session.rollback()
            uploads.drop(uploads.mine(pk))
            db.session.commit()
            raise
        uploads.drop(found)
        db.session.commit()
        return told({"result": made}, 201)

    @expose("/<int:pk>", methods=["DELETE"])
    def delete(self, pk: int) -> Any:
        """Drop an upload."""
        uploads.drop(self._mine(pk))
        db.session.commit()
        return "", 204


pages = (AttachmentApi, UploadApi)
