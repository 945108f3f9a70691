"""The addresses of attachments in the OpenAPI document (附件接口描述)."""
from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.web.api import schemas
from app.web.api.schemas import Schema, parameter
from app.web.attachments.kinds import KINDS
from app.web.attachments.models import Side
from app.web.attachments.take import MB

OCTETS, JSON = "application/octet-stream", "application/json"
SIDES: Schema = {"type": "string", "enum": [side.value for side in Side], "default": "other"}
NAME: Schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[^\\u0000]*$"}


def _answers(*codes: int, **done: Schema) -> Schema:
    refused = {str(code): {"$ref": f"#/components/responses/Refused{code}"} for code in codes}
    return {name.removeprefix("s"): said for name, said in done.items()} | refused


def _one(name: str, words: Any) -> Schema:
    inner = {"$ref": f"#/components/schemas/{name}"}
    body = {"type": "object", "properties": {"result": inner}, "required": ["result"], "additionalProperties": False}
    return {"description": str(words), "content": {JSON: {"schema": body}}}


def file_schemas() -> Schema:
    """A file, and a file on its way."""
    whole = {"type": "integer"}
    file = {"id": whole, "register": {"type": "string"}, "row": whole, "kind": {**SIDES}, "name": {"type": "string"},
            "type": {"type": "string", "enum": list(KINDS)}, "size": whole, "sha256": {"type": "string"}, "created_at": schemas.MOMENT}
    upload = {name: file[name] for name in ("id", "register", "row", "name", "kind", "size", "sha256")} | {"offset": whole}
    return {name: {"type": "object", "properties": said, "required": list(said), "additionalProperties": False}
            for name, said in (("attachment", file), ("upload", upload))}


def file_paths() -> Schema:
    """The addresses, for whole files and for pieces."""
    number = [{"name": "id", "in": "path", "required": True, "schema": schemas.NUMBER}]
    record = [parameter("register", {"type": "string"}, _("The register of the record"), required=True),
              parameter("row", schemas.NUMBER, _("The number of the record"), required=True)]
    once: Schema = {"$ref": "#/components/parameters/once"}
    octets: Schema = {"required": True, "content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}}}
    listed = {"description": _("The files"), "content": {JSON: {"schema": {"type": "object", "required": ["result"], "additionalProperties": False,
              "properties": {"result": {"type": "array", "items": {"$ref": "#/components/schemas/attachment"}}}}}}}
    file, gone = {"description": _("The file"), "content": {OCTETS: {"schema": {"type": "string", "format": "binary"}}}}, {"description": _("Done")}
    named = [parameter("name", NAME, _("The name of the file"), required=True), parameter("kind", SIDES)]
    offset = {"name": "Upload-Offset", "in": "header", "required": True, "schema": {"type": "string", "pattern": "^[0-9]{1,10}$"}}

    def act(name: str, words: Any, answers: Schema, **more: Any) -> Schema:
        return {"operationId": name, "summary": str(words), "tags": ["attachments"], "responses": answers, **more}

    return {
        "/attachments/": {
            "get": act("attachments_list", _("The files of one record"), _answers(401, 403, 404, 429, s200=listed), parameters=record),
            "post": act("attachments_create", _("Add a file, sent as it is"), _answers(
                400, 401, 403, 404, 413, 415, 422, 429, s201=_one("attachment", _("The file"))),
                parameters=[*record, *named, once], requestBody=octets)},
        "/attachments/{id}": {
            "parameters": number,
            "get": act("attachments_get", _("What is known of a file"), _answers(401, 403, 404, 429, s200=_one("attachment", _("The file")))),
            "delete": act("attachments_delete", _("Take a file away from its record"), _answers(400, 401, 403, 404, 409, 422, 429, s204=gone),
                          parameters=[once])},
        "/attachments/{id}/content": {
            "parameters": number, "get": act("attachments_content", _("The file itself"), _answers(401, 403, 404, 429, s200=file))},
        "/uploads/": {"post": act("uploads_create", _("Announce a file that comes in pieces"), _answers(
            400, 401, 403, 404, 409, 413, 415, 422, 429, s201=_one("upload", _("The upload"))), parameters=[once], requestBody=_announcement())},
        "/uploads/{id}": {
            "parameters": number,
            "get": act("uploads_get", _("How far an upload is"), _answers(401, 403, 404, 429, s200=_one("upload", _("The upload")))),
            "patch": act("uploads_piece", _("The next piece of a file"), _answers(
                400, 401, 403, 404, 409, 413, 415, 422, 429, s200=_one("upload", _("The upload")), s201=_one("attachment", _("The file"))),
                parameters=[offset], requestBody=octets),
            "delete": act("uploads_delete", _("Drop an upload"), _answers(400, 401, 403, 404, 429, s204=gone))},
    }


def _announcement() -> Schema:
    most = current_app.config["ATTACHMENT_MB"] * MB
    size = {"type": "integer", "minimum": 1, "maximum": most}
    said = {"register": {"type": "string"}, "row": schemas.NUMBER, "name": NAME, "kind": SIDES, "size": size,
            "sha256": {"type": "string", "pattern": "^[0-9A-Fa-f]{64}$"}}
    needed = ["register", "row", "name", "size", "sha256"]
    schema = {"type": "object", "properties": said, "required": needed, "additionalProperties": False}
    return {"required": True, "content": {JSON: {"schema": schema}}}
