"""The OpenAPI 3.1 document (接口描述): made from the registers whenever it is asked for, so it cannot be older than they are."""
from __future__ import annotations

from typing import Any

from flask import current_app
from flask_babel import gettext as _

from app.core.deadline import LATE, SOON
from app.core.register import Register, registers
from app.web.api import schemas
from app.web.api.schemas import Schema, parameter
from app.web.api.values import ALWAYS
from app.web.api.writing import MOST_ROWS
from app.web.attachments.describe import file_paths, file_schemas

JSON, PROBLEM = "application/json", "application/problem+json"


def _ref(part: str, name: str) -> Schema:
    return {"$ref": f"#/components/{part}/{name}"}


def _refusals(*codes: int) -> Schema:
    return {str(code): _ref("responses", f"Refused{code}") for code in sorted(codes)}


def _body(schema: Schema) -> Schema:
    return {"required": True, "content": {JSON: {"schema": schema}}}


def _answer(words: Any, schema: Schema, **headers: Schema) -> Schema:
    told = {"headers": {name: {"schema": each} for name, each in headers.items()}} if headers else {}
    return {"description": str(words), "content": {JSON: {"schema": schema}}, **told}


def _of(name: str) -> Schema:
    return {"type": "object", "properties": {"result": _ref("schemas", name)}, "required": ["result"], "additionalProperties": False}


def _list(register: Register) -> Schema:
    row = {"type": "array", "items": _ref("schemas", register.name)}
    body = {"type": "object", "required": ["result", "next"], "additionalProperties": False, "properties": {
        "result": row, "next": {"type": ["string", "null"]}, "count": {"type": "integer"}, "capped": {"type": "boolean"}}}
    own = [*(_ref("parameters", name) for name in ("size", "cursor", "count", "where", "ids")), _fields(register),
           parameter("sort", schemas.order_words(register), _("Up to three columns, “-” in front for descending"), style="form", explode=False)]
    if register.searched:
        own.append(parameter("q", {"type": "string", "maxLength": 100}, _("Words, as in the search box of the list")))
    if register.states:
        choices = [member.value for member in register.columns[register.states].info["choice"]]
        own.append(parameter("state", {"type": "string", "enum": choices}, _("The rows in this state")))
    if register.deadline is not None:
        own.append(parameter("due", {"type": "string", "enum": [SOON, LATE]}, _("The rows that fall due soon, or are past due")))
    return {"operationId": f"{register.name}_list", "summary": _("Rows by filters, page after page"), "tags": [register.name],
            "parameters": [*own, *schemas.filters(register)], "responses": {"200": _answer(_("The rows"), body), **_refusals(400, 401, 403, 429)}}


def _fields(register: Register) -> Schema:
    known = {"type": "array", "items": {"type": "string", "enum": [*ALWAYS, *register.columns]}, "minItems": 1}
    return parameter("fields", known, _("Only these columns, besides number and version"), style="form", explode=False)


def _get(register: Register) -> Schema:
    return {"operationId": f"{register.name}_get", "summary": _("One row"), "tags": [register.name], "parameters": [_fields(register)],
            "responses": {"200": _answer(_("The row"), _of(register.name), ETag={"type": "string"}), **_refusals(400, 401, 403, 404, 429)}}


def _post(register: Register) -> Schema:
    done = _answer(_("The new row"), _of(register.name), ETag={"type": "string"}, Location={"type": "string"})
    return {"operationId": f"{register.name}_create", "summary": _("Add a record"), "tags": [register.name],
            "parameters": [_ref("parameters", "once")], "requestBody": _body(_ref("schemas", f"{register.name}_new")),
            "responses": {"201": done, **_refusals(400, 401, 403, 404, 409, 413, 415, 422, 429)}}


def _change(register: Register, method: str) -> Schema:
    done = _answer(_("The row as it is now"), _of(register.name), ETag={"type": "string"})
    return {"operationId": f"{register.name}_{method}", "summary": _("Change the given fields of a row"), "tags": [register.name],
            "parameters": [_ref("parameters", "version"), _ref("parameters", "once")],
            "requestBody": _body(_ref("schemas", f"{register.name}_change")),
            "responses": {"200": done, **_refusals(400, 401, 403, 404, 409, 412, 413, 415, 422, 428, 429)}}


def _delete(register: Register) -> Schema:
    return {"operationId": f"{register.name}_delete", "summary": _("Take a row away"), "tags": [register.name],
            "parameters": [_ref("parameters", "version"), _ref("parameters", "once")],
            "responses": {"204": {"description": _("Done")}, **_refusals(400, 401, 403, 404, 409, 412, 413, 422, 428, 429)}}


def _bulk(register: Register) -> Schema:
    modes = ["create", "upsert"] if register.key else ["create"]
    given = {"type": "object", "required": ["rows"], "additionalProperties": False, "properties": {
        "mode": {"type": "string", "enum": modes, "default": "create"},
        "rows": {"type": "array", "minItems": 1, "maxItems": MOST_ROWS, "items": _ref("schemas", f"{register.name}_row")}}}
    one = {"type": "object", "required": ["id", "row_version", "created"], "additionalProperties": False, "properties": {
        "id": {"type": "integer"}, "row_version": {"type": "integer"}, "created": {"type": "boolean"}}}
    done = {"type": "object", "properties": {"result": {"type": "array", "items": one}}, "required": ["result"], "additionalProperties": False}
    words = _("Many rows, all or none; the key is: %(names)s", names=", ".join(register.key)) if register.key else _("Many rows, all or none")
    return {"operationId": f"{register.name}_bulk", "summary": words, "tags": [register.name], "parameters": [_ref("parameters", "once")],
            "requestBody": _body(given), "responses": {"200": _answer(_("Number and version of each row"), done),
                                                       **_refusals(400, 401, 403, 404, 409, 413, 415, 422, 429)}}


def paths_of(register: Register) -> Schema:
    """The addresses of one register."""
    number = {"name": "id", "in": "path", "required": True, "schema": schemas.NUMBER}
    base, one = f"/{register.name}/", {"parameters": [number], "get": _get(register)}
    if register.frozen:
        return {base: {"get": _list(register)}, f"{base}{{id}}": one}
    one |= {"put": _change(register, "put"), "patch": _change(register, "patch"), "delete": _delete(register)}
    return {base: {"get": _list(register), "post": _post(register)}, f"{base}{{id}}": one, f"{base}bulk": {"post": _bulk(register)}}


def _schemas_of(register: Register) -> Schema:
    made = {register.name: schemas.outgoing(register)}
    if not register.frozen:
        new, change = schemas.incoming(register, new=True), schemas.incoming(register, new=False)
        made |= {f"{register.name}_new": new, f"{register.name}_change": change,
                 f"{register.name}_row": {**new, "properties": change["properties"]}}
    return made


def _problem() -> Schema:
    fault = {"type": "object", "required": ["field", "message"], "additionalProperties": False, "properties": {
        "row": {"type": "integer", "minimum": 0}, "field": {"type": "string"}, "message": {"type": "string"}}}
    return {"type": "object", "required": ["type", "title", "status", "code", "detail", "errors"], "additionalProperties": False, "properties": {
        "type": {"type": "string"}, "title": {"type": "string"}, "status": {"type": "integer"}, "code": {"type": "string"},
        "detail": {"type": "string"}, "errors": {"type": "array", "items": fault}}}


def _refused() -> Schema:
    words = {
        400: _("The request makes no sense"), 401: _("Not signed in"), 403: _("Not allowed"), 404: _("Not there, or not within your divisions"),
        409: _("Against the present state"), 412: _("Somebody else was faster"), 413: _("The request is too large"), 415: _("Not JSON"),
        422: _("Something is filled in wrongly"), 428: _("The version is missing"), 429: _("Too many requests"),
    }
    content = {PROBLEM: {"schema": _ref("schemas", "problem")}}
    return {f"Refused{code}": {"description": text, "content": content} for code, text in words.items()}


def _parameters() -> Schema:
    header = {"in": "header", "schema": {"type": "string"}}
    return {
        "size": parameter("size", schemas.size(), _("Rows in one answer")),
        "cursor": parameter("cursor", {"type": "string"}, _("The “next” of the last answer, with the same filters")),
        "count": parameter("count", {"type": "string", "enum": ["true", "false"]}, _("Whether to count, up to 10,000")),
        "where": parameter("where", {"type": "string", "maxLength": 4000}, _("Groups of conditions, as the list's builder writes them")),
        "ids": parameter("ids", {"type": "array", "items": {"type": "integer", "minimum": 1, "maximum": 10**15}, "maxItems": 100},
                         _("The rows of these numbers"), style="form", explode=False),
        "version": {**header, "name": "If-Match", "schema": {"type": "string", "examples": ['"3"', "*"]},
                    "description": _("The version that was read, as its ETag told it")},
        "once": {**header, "name": "Idempotency-Key", "schema": {"type": "string", "pattern": "^[!-~]{1,200}$"},
                 "description": _("The same request with the same key is done once in 24 hours")},
    }


def document() -> Schema:
    """The whole description."""
    from app import VERSION

    every = registers()
    return {
        "openapi": "3.1.0", "servers": [{"url": "/api/v1"}], "security": [{"token": []}, {"session": [], "csrf": []}],
        "info": {"title": _("%(county)s: interface of Ping'an Desk", county=current_app.config["COUNTY_NAME"]), "version": VERSION},
        "tags": [*({"name": register.name, "description": str(register.label)} for register in every),
                 {"name": "attachments", "description": _("Attachments")}],
        "paths": {**{path: said for register in every for path, said in paths_of(register).items()}, **file_paths()},
        "components": {
            "schemas": {"problem": _problem(), **{name: said for register in every for name, said in _schemas_of(register).items()},
                        **file_schemas()},
            "parameters": _parameters(), "responses": _refused(), "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer"}, "csrf": {"type": "apiKey", "in": "header", "name": "X-CSRFToken"},
                "session": {"type": "apiKey", "in": "cookie", "name": current_app.config["SESSION_COOKIE_NAME"]}},
        },
    }
