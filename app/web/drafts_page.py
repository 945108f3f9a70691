"""Keeping and forgetting drafts (草稿): what a form sends by itself while somebody types."""
from __future__ import annotations

from typing import Any

from flask import abort, jsonify, redirect, request, url_for
from flask_appbuilder import expose

from app.core.register import Register, find
from app.database import db
from app.security import may
from app.web import drafts
from app.web.cells import ZONE
from app.web.gate import signed_in
from app.web.page import Page
from app.web.record import endpoint


class DraftPage(Page):
    """Takes drafts in; only whoever may save the form may keep a draft of it."""

    route_base = "/drafts"
    default_view = "keep"

    def _register(self, name: str) -> Register:
        try:
            register = find(name)
        except KeyError:
            abort(404)
        return register if may("write", name) and not register.frozen else abort(403)

    @expose("/<name>/<int:row_id>", methods=["POST"])
    @signed_in
    def keep(self, name: str, row_id: int) -> Any:
        """Keep what was typed, over what was kept before; answers with the time."""
        moment = drafts.keep(self._register(name), row_id) if row_id < 2**31 else abort(404)
        if moment is None:
            abort(413)
        db.session.commit()
        return jsonify(at=moment.astimezone(ZONE).strftime("%H:%M"))

    @expose("/<name>/<int:row_id>/drop", methods=["POST"])
    @signed_in
    def drop(self, name: str, row_id: int) -> Any:
        """Forget the draft and go back to the form."""
        register = self._register(name)
        drafts.drop(register, row_id if row_id < 2**31 else abort(404))
        db.session.commit()
        there, args = endpoint(register), {n: v for n, v in request.args.items() if n in register.writable}
        return redirect(url_for(f"{there}.edit", pk=row_id) if row_id else url_for(f"{there}.add", **args))
