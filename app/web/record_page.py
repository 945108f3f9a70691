"""One record: its page, its steps and its unsealing (记录页)."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core.workflow import StepRefused
from app.database import db
from app.database.scope import noted
from app.security.proving import demand
from app.web import record, restoring
from app.web.forms import problems
from app.web.gate import needs
from app.web.lists import whole
from app.web.register_view import RegisterView

LAST = 2**62
"""No entry of the trail has a higher number."""


class RecordPage(RegisterView):
    """The page of one record and what may be done there."""

    @expose("/show/<int:pk>")
    @needs("read")
    def show(self, pk: int) -> Any:
        """One record with its parts and its history."""
        return self._show(self._found(pk), {})

    def _show(self, row: Any, revealed: dict[str, str], code: int = 200) -> Any:
        page = record.page(self.register, row, self._can, whole(request.args.get("before"), 1, LAST) if "before" in request.args else None)
        page |= {"revealed": revealed, "list_url": self._to("list"), "download_url": getattr(row, "download_url", None)}
        page["pages"] = [link for link in getattr(row, "own_pages", ()) if self._can(link.verb) and (link.verb == "read" or page["own"])]
        if page["own"] and not self.register.frozen and not self.register.locked(row):
            page["edit_url"] = self._to("edit", pk=row.id) if self._can("write") else None
            page["delete_url"] = self._to("delete", pk=row.id) if self._can("delete") else None
        if self._can("reveal") and self.register.sealed:
            page["reveal_url"] = self._to("reveal", pk=row.id)
        return render_template("records/show.html", page=page, crumbs=record.crumbs(self.register, page["title"])), code

    @expose("/step/<int:pk>/<name>", methods=["POST"])
    @needs("write")
    def step(self, pk: int, name: str) -> Any:
        """Take one step of the record's course."""
        flow = self.register.workflow
        transition = flow.find(name) if flow else None
        if transition is None or not self._can(transition.verb):
            abort(404)
        note = request.form.get("note", "").strip()[:500]
        with noted(note):
            try:
                record.take(self.register, self._own(pk), transition, note)
                db.session.commit()
            except (StepRefused, StaleDataError) as refusal:
                db.session.rollback()
                # Two presses at once: the other one has moved the record in between.
                words = str(refusal) if isinstance(refusal, StepRefused) else _("The step has just been taken; nothing was done twice.")
                flash(words, "warning")
                return redirect(self._to("show", pk=pk))
            except IntegrityError as refusal:
                # The database holds a rule of the state that the record does not meet yet.
                db.session.rollback()
                flash(next(iter(problems(self.register, refusal)))[1], "warning")
                return redirect(self._to("show", pk=pk))
        flash(_("Done: %(what)s", what=transition.label), "success")
        return redirect(self._to("show", pk=pk))

    @expose("/restore/<int:pk>", methods=["POST"])
    @needs("write")
    def restore(self, pk: int) -> Any:
        """Bring one field back as it was before a change."""
        row, name = self._own(pk), request.form.get("field", "")
        entry = restoring.earlier(self.register, row, request.form.get("entry", ""), name) or abort(404)
        try:
            restoring.restore(self.register, row, entry, name, request.form.get("row_version", ""))
        except (restoring.Moved, restoring.Unfit) as refusal:
            db.session.rollback()
            flash(str(refusal), "danger")
            return self._show(self._found(pk), {}, 409 if isinstance(refusal, restoring.Moved) else 422)
        db.session.commit()
        flash(_("Brought back: %(what)s", what=self.register.columns[name].info["label"]), "success")
        return redirect(self._to("show", pk=pk) + "#past")

    @expose("/reveal/<int:pk>", methods=["POST"])
    @needs("reveal")
    def reveal(self, pk: int) -> Any:
        """Open sealed values of one record for a stated reason, which is written down first."""
        from app.security.reveal import open_sealed

        if (proof := demand()) is not None:
            return proof
        row, reason = self._found(pk), request.form.get("reason", "").strip()
        asked = request.form.get("field", "")
        fields = [asked] if asked in self.register.sealed else list(self.register.sealed)
        try:
            revealed = {name: open_sealed(row, name, reason) for name in fields if getattr(row, name) is not None}
        except ValueError as refusal:
            flash(str(refusal), "danger")
            return self._show(row, {}, 422)
        answer = self._show(row, revealed)
        db.session.commit()
        return answer
