"""The recycle bin of a register (回收站): who deleted what and when, what it said, and the way back."""
from __future__ import annotations

from datetime import timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import func, select

from app.core.base import now
from app.core.register import Register
from app.database import db
from app.database.recycling import DeletedRecord, keeps
from app.security import may
from app.web.cells import Names, shown
from app.web.history import said
from app.web.lists import whole
from app.web.page import Page
from app.web.record import crumbs, endpoint
from app.web.recycled import Unrestorable, restore
from app.web.workbook.allowed import register_for

SIZE = 50


class RecyclePage(Page):
    """For whoever may delete in the register; row security shows their divisions alone."""

    route_base = "/bin"
    default_view = "list"

    def _register(self, name: str) -> Register:
        register = register_for(name, "delete")
        return register if keeps(register) else abort(404)

    def _kept(self, register: Register, pk: int) -> DeletedRecord:
        found = db.session.scalar(select(DeletedRecord).where(DeletedRecord.id == pk, DeletedRecord.register == register.name)) \
            if pk < 2**31 else None
        return found if found is not None else abort(404)

    @expose("/<name>")
    def list(self, name: str) -> Any:
        """The newest first."""
        register, words, number = self._register(name), request.args.get("q", "").strip()[:60], whole(request.args.get("page"), 1, 10_000)
        query = select(DeletedRecord).where(DeletedRecord.register == name)
        if words:
            query = query.where(DeletedRecord.title.contains(words, autoescape=True) | DeletedRecord.actor.contains(words, autoescape=True))
        total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(DeletedRecord.id).limit(10_001).subquery())) or 0
        rows = db.session.scalars(query.order_by(DeletedRecord.id.desc()).limit(SIZE).offset((number - 1) * SIZE)).all()
        names = Names()
        names.learn(register, (), (), {"divisions": {row.division_code for row in rows}})
        return render_template("records/bin.html", register=register, rows=[self._told(row, names) for row in rows], total=total, q=words,
                               number=number, size=SIZE, days=current_app.config["RECYCLED_DAYS"], crumbs=crumbs(register, _("Recycle bin")))

    def _told(self, row: DeletedRecord, names: Names) -> dict[str, Any]:
        ends = row.at + timedelta(days=int(current_app.config["RECYCLED_DAYS"]))
        return {"id": row.id, "title": row.title or f"#{row.row_id}", "division": names.of("divisions", row.division_code), "actor": row.actor,
                "at": shown(row.at, "time"), "left": max(0, (ends - now()).days), "parts": sum(len(part["rows"]) for part in row.parts),
                "url": f"/bin/{row.register}/{row.id}"}

    @expose("/<name>/<int:pk>")
    def show(self, name: str, pk: int) -> Any:
        """What the record said."""
        register = self._register(name)
        row, names = self._kept(register, pk), Names()
        pointed: dict[str, set[Any]] = {"divisions": {row.division_code}}
        for key, column in register.columns.items():
            if column.info["kind"] == "link":
                pointed.setdefault(column.info["register"], set()).add(row.image.get(key))
        names.learn(register, (), (), pointed)
        extra = row.image.get("extra") or {}
        lines = [(column.info["label"], said(column, row.image.get(key, extra.get(key)), names)) for key, column in register.columns.items()
                 if key not in register.sealed]
        return render_template("records/binned.html", register=register, row=self._told(row, names), lines=lines, may=may("write", name),
                               crumbs=crumbs(register, _("Recycle bin")))

    @expose("/<name>/<int:pk>/restore", methods=["POST"])
    def restore(self, name: str, pk: int) -> Any:
        """Bring it back, or say what stands in the way."""
        register = self._register(name)
        if not may("write", name):
            abort(403)
        row = self._kept(register, pk)
        row_id = row.row_id
        try:
            restore(register, row)
        except Unrestorable as refusal:
            db.session.rollback()
            flash(_("It cannot be restored: %(why)s", why=refusal), "danger")
            return redirect(url_for("RecyclePage.show", name=name, pk=pk))
        db.session.commit()
        flash(_("Restored."), "success")
        return redirect(url_for(f"{endpoint(register)}.show", pk=row_id))


pages = (RecyclePage,)
