"""Nothing is overwritten unseen (版本前提): whoever changes or deletes a row says which version of it was read."""
from __future__ import annotations

import re
from typing import Any

from flask import request
from flask_babel import gettext as _

from app.web.api.problems import Refused

TAG = re.compile(r'(?:W/)?"?([0-9]{1,10})(?:[:-][a-z]+)?"?')
"""The version as an entity tag; compression on the way marks a tag with its name."""


def tag(row: Any) -> dict[str, str]:
    """The header that tells a row's version."""
    return {"ETag": f'"{row.row_version}"'}


def hold(row: Any, given: Any = None) -> None:
    """Refuse when the row is no longer the one that was read: 412; when that was not said: 428."""
    said = request.headers.get("If-Match", "").strip()
    if not said and given is None:
        raise Refused(428, detail=_("Say which version was read: send its ETag as If-Match."))
    found = {match[1] for part in said.split(",") if (match := TAG.fullmatch(part.strip()))} if said else {str(given)}
    if said != "*" and str(row.row_version) not in found:
        raise Refused(412, detail=_("Somebody else saved this record meanwhile. Read it again and repeat the change."))
