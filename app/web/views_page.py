"""Saving, sharing and taking away queries of a list (我的查询), and the layout each person gives a list."""
from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext as _
from flask_login import current_user
from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError

from app.core.register import Register, find
from app.database import db
from app.security import may
from app.security.saved_views import ALL, LAYOUT, LONGEST_NAME, LONGEST_QUERY, OWN, ROLE, SavedView
from app.security.settings import DENSITIES, USUAL
from app.security.trail import record
from app.web.gate import signed_in
from app.web.lists import query_for
from app.web.page import Page
from app.web.record import endpoint
from app.web.shown import choosable, visible

PASSING = ("page", "ids", "view", "csrf_token")
"""Words of an address that belong to the moment and not to a query worth keeping."""


def cleaned(query: str) -> str:
    """A query as it is kept: without the words of the moment, and without blanks."""
    return urlencode([(name, value) for name, value in parse_qsl(query) if name not in PASSING])


class SavedViewPage(Page):
    """What the queries menu of a list does."""

    route_base = "/views"
    default_view = "save"

    def _register(self, name: str) -> Register:
        try:
            register = find(name)
        except KeyError:
            abort(404)
        return register if may("read", name) else abort(403)

    def _mine(self, pk: int) -> SavedView:
        """One's own view; another's does not exist here, shared or not."""
        row = db.session.get(SavedView, pk) if pk < 2**63 else None
        if row is None or row.owner_id != current_user.id or row.reach == LAYOUT:
            abort(404)
        self._register(row.register)
        return row

    def _query(self, register: Register) -> str:
        query = cleaned(request.form.get("query", ""))
        if len(query) > LONGEST_QUERY:
            abort(413)
        query_for(register, dict(parse_qsl(query)))
        visible(register, dict(parse_qsl(query)))
        return query

    def _reach(self) -> tuple[str, int | None]:
        """How far the view reaches; more than oneself only for those who may share."""
        asked, _sign, role = request.form.get("reach", OWN).partition(":")
        if asked not in (OWN, ALL, ROLE):
            abort(400)
        if asked != OWN and not may("write", "saved_views"):
            abort(403)
        number = int(role) if role.isascii() and role.isdecimal() and len(role) < 10 else 0
        known = db.session.scalar(select(Role.id).where(Role.id == number))
        return (ROLE, known or abort(400)) if asked == ROLE else (asked, None)

    def _back(self, register: Register, row: SavedView | None) -> Any:
        there = url_for(f"{endpoint(register)}.list")
        query = request.form.get("query", "")
        return redirect(f"{there}?{row.query}&view={row.id}" if row is not None else f"{there}?{cleaned(query) or 'view=0'}")

    def _told(self, register: Register, row: SavedView, before: str, now: str) -> None:
        """Write down what others see or no longer see: a query may decide what they work on."""
        if OWN == before == now:
            return
        role = db.session.scalar(select(Role.name).where(Role.id == row.role_id)) if row.role_id else _("everybody who may read the register")
        words = _("%(register)s: “%(name)s”, for %(whom)s", register=register.label, name=row.name, whom=role)
        record("unshare" if now == OWN else "share", row.id, words, table="saved_view")

    def _keep(self, register: Register, row: SavedView, said: str, before: str = OWN) -> Any:
        db.session.add(row)
        try:
            db.session.flush()
            self._told(register, row, before, row.reach)
        except IntegrityError:
            db.session.rollback()
            flash(_("You already have a query of this name here; choose another."), "danger")
            return self._back(register, None)
        there = self._back(register, row)
        db.session.commit()
        flash(said, "success")
        return there

    def _name(self) -> str:
        return " ".join(request.form.get("name", "").split())[:LONGEST_NAME]

    @expose("/<name>/save", methods=["POST"])
    @signed_in
    def save(self, name: str) -> Any:
        """Keep the present query under a name."""
        register, title = self._register(name), self._name()
        query, (reach, role) = self._query(register), self._reach()
        if not title:
            flash(_("Give the query a name."), "danger")
            return self._back(register, None)
        row = SavedView(owner_id=current_user.id, register=name, name=title, query=query, reach=reach, role_id=role)
        return self._keep(register, row, _("The query was saved."))

    @expose("/<int:pk>/change", methods=["POST"])
    @signed_in
    def change(self, pk: int) -> Any:
        """Give one's own view another name or reach, or the query that the list shows now."""
        row = self._mine(pk)
        register, before = find(row.register), row.reach
        row.name = self._name() or row.name
        if "reach" in request.form:
            row.reach, row.role_id = self._reach()
        if request.form.get("renew"):
            row.query = self._query(register)
        return self._keep(register, row, _("The query was saved."), before)

    @expose("/<int:pk>/delete", methods=["POST"])
    @signed_in
    def delete(self, pk: int) -> Any:
        """Take one's own view away."""
        row = self._mine(pk)
        register = find(row.register)
        there = self._back(register, None)
        self._told(register, row, row.reach, OWN)
        db.session.delete(row)
        db.session.commit()
        flash(_("The query was taken away."), "success")
        return there

    @expose("/<name>/layout", methods=["POST"])
    @signed_in
    def layout(self, name: str) -> Any:
        """Keep which columns this person sees here, in which order, and how high the rows are."""
        register = self._register(name)
        columns = [c for c in request.form.getlist("columns") if c in choosable(register)]
        density = request.form.get("density", "")
        if density not in DENSITIES:
            abort(400)
        plain = tuple(columns) == visible(register, {}) or request.form.get("reset")
        query = urlencode({k: v for k, v in (("columns", "" if plain else ",".join(columns)), ("density", density or USUAL)) if v})
        table = SavedView.__table__
        made = insert(table).values(owner_id=current_user.id, register=name, name="", query=query, reach=LAYOUT)
        db.session.execute(made.on_conflict_do_update(constraint="uq_saved_view_name", set_={"query": query}))
        db.session.commit()
        rest = [(k, v) for k, v in parse_qsl(request.form.get("query", "")) if k not in (*PASSING, "columns", "density")]
        return redirect(f"{url_for(f'{endpoint(register)}.list')}?{urlencode(rest or [('view', '0')])}")
