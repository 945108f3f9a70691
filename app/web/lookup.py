"""Finding rows of other registers while typing (联想选择), and the search box of the top bar."""
from __future__ import annotations

from typing import Any

from flask import abort, jsonify, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.core.register import Register, find, registers
from app.security import may
from app.web.cells import Names, title_of
from app.web.page import Page
from app.web.searching import hits, matching

FOUND = 20
PER_REGISTER = 5


class LookupPage(Page):
    """Answers the typeahead fields; drop-downs of 460 villages do not exist."""

    route_base = "/lookup"
    default_view = "find"

    @expose("/<name>")
    def find(self, name: str) -> Any:
        """At most twenty rows as ``{"results": [{"id", "text"}]}``."""
        if not current_user.is_authenticated:
            abort(401)
        try:
            register = find(name)
        except KeyError:
            abort(404)
        if name != "divisions" and not may("read", name):
            abort(403)
        rows, names = matching(register, request.args.get("q", "").strip()[:50], FOUND), Names()
        names.learn(register, rows, register.title)
        key = "code" if name == "divisions" else "id"
        return jsonify(results=[{"id": str(getattr(r, key)), "text": _text(register, r, names)} for r in rows])


def _text(register: Register, row: Any, names: Names) -> str:
    return row.path_name or row.name if register.name == "divisions" else title_of(register, row, names)


class SearchPage(Page):
    """The search box: records of every register that the reader may read."""

    route_base = "/search"
    default_view = "results"

    @expose("/")
    def results(self) -> Any:
        """Hits by register."""
        if not current_user.is_authenticated:
            abort(401)
        words = request.args.get("q", "").strip()[:50]
        readable = [register.name for register in registers() if may("read", register.name)]
        groups = hits(readable, words, PER_REGISTER) if words else []
        return render_template("search.html", words=words, groups=groups, crumbs=[(_("Search"), None)])
