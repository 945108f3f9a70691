"""One shape for every refusal (错误格式): the problem details of RFC 9457, with a code for programs and words for people."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from flask import Response
from werkzeug.exceptions import HTTPException

MIME = "application/problem+json"
CODES = {
    400: "bad_request", 401: "not_signed_in", 403: "forbidden", 404: "not_found", 405: "method_not_allowed", 409: "conflict",
    412: "version_mismatch", 413: "too_large", 415: "unsupported_media_type", 422: "invalid", 428: "version_required", 429: "too_many_requests",
    500: "internal", 503: "unavailable",
}
"""The usual code of each status; a refusal may name a narrower one."""


def fault(field: str, message: Any, row: int | None = None) -> dict[str, Any]:
    """What is wrong with one field (an empty name means the whole row), and in which row of several, counted from 0."""
    return {**({} if row is None else {"row": row}), "field": field, "message": str(message)}


class Refused(HTTPException):
    """A refusal that knows its code, its words and, where fields are wrong, which."""

    def __init__(self, status: int, code: str = "", detail: Any = "", errors: Iterable[dict[str, Any]] = (), headers: Any = None) -> None:
        super().__init__(str(detail))
        self.code, self.name_for_programs = status, code or CODES[status]
        self.detail, self.errors, self.more_headers = str(detail), list(errors), dict(headers or {})


def problem(status: int, title: Any, detail: Any, error: Exception | None = None) -> Response:
    """The answer; what the error knows better than the status goes before."""
    known = error if isinstance(error, Refused) else None
    body: dict[str, Any] = {
        "type": "about:blank", "title": str(title), "status": status, "code": known.name_for_programs if known else CODES.get(status, "failed"),
        "detail": (known and known.detail) or str(detail), "errors": known.errors if known else []}
    headers: Mapping[str, str] = known.more_headers if known else {}
    made = Response(json.dumps(body, ensure_ascii=False), status, headers, mimetype=MIME)
    if status == 401:
        made.headers["WWW-Authenticate"] = 'Bearer realm="pingan"'
    if methods := getattr(error, "valid_methods", None):
        made.headers["Allow"] = ", ".join(sorted(methods))
    return made
