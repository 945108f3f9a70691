"""Steps, deletions and exports of several ticked rows (批量操作)."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import abort, flash, redirect, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core.workflow import StepRefused, Transition
from app.database import db
from app.database.scope import current_scope, noted
from app.security.local import is_local
from app.web import record
from app.web.cells import Names, title_of
from app.web.criteria import chosen
from app.web.forms import problems
from app.web.gate import needs
from app.web.register_view import RegisterView

SAID = 5
"""So many refused rows are named in the message; the others are counted."""


class BatchPage(RegisterView):
    """What the bar above a list does with the ticked rows."""

    def batch_acts(self) -> list[dict[str, Any]]:
        """The buttons of the bar, for whoever may press them."""
        flow = self.register.workflow if not self.register.frozen else None
        steps = [{"act": f"step:{t.name}", "label": t.label, "icon": "checkbox", "tone": "secondary", "needs_note": t.needs_note}
                 for t in (flow.transitions if flow else ()) if self._can(t.verb)]
        made = [*steps]
        if self._can("export"):
            made.append({"act": "export", "label": _("Export chosen"), "icon": "file-export", "tone": "secondary", "needs_note": False})
        if self._can("delete") and not self.register.frozen and not self.register.sensitive:
            made.append({"act": "delete", "label": _("Delete chosen"), "icon": "trash", "tone": "danger", "needs_note": False})
        return made

    @expose("/batch/", methods=["POST"])
    @needs("read")
    def batch(self) -> Any:
        """Do one thing with every ticked row: each row whole or not at all, and say which refused and why."""
        act = request.form.get("act", "")
        if act not in [each["act"] for each in self.batch_acts()]:
            abort(404)
        back = request.form.get("back", "")
        there = back if is_local(back) and back.startswith(self._to("list")) else self._to("list")
        ids = sorted(set(chosen(",".join(request.form.getlist("ids")))))
        if not ids:
            flash(_("Tick at least one row first."), "warning")
            return redirect(there)
        rows = self._ticked(ids, own=act != "export")
        if act == "export":
            words = {"ids": ",".join(map(str, ids)), "columns": request.form.get("columns", "")}
            return redirect(self._export(words))
        self._each(rows, *self._deed(act))
        return redirect(there)

    def _export(self, words: dict[str, str]) -> str:
        from urllib.parse import urlencode

        return f"/export/{self.register.name}?{urlencode({k: v for k, v in words.items() if v})}"

    def _ticked(self, ids: list[int], *, own: bool) -> list[Any]:
        """The rows, read anew under row security; one that is missing or not one's own makes the whole a 404."""
        model, scope = self.register.model, current_scope()
        rows = list(db.session.scalars(select(model).where(model.id.in_(ids)).order_by(model.id)))
        foreign = own and not all(scope.holds(getattr(row, self.register.scope_column)) for row in rows)
        return abort(404) if len(rows) != len(ids) or foreign else rows

    def _deed(self, act: str) -> tuple[str, Callable[[Any], None], str]:
        if act == "delete":
            return _("Deleted"), db.session.delete, ""
        flow, note = self.register.workflow, request.form.get("note", "").strip()[:500]
        step: Transition | None = flow.find(act.removeprefix("step:")) if flow else None
        if step is None:
            abort(404)
        return str(step.label), lambda row: record.take(self.register, row, step, note), note

    def _each(self, rows: list[Any], what: str, deed: Callable[[Any], None], note: str) -> None:
        names, refused = Names(), []
        names.learn(self.register, rows, self.register.title)
        titles = [(row, title_of(self.register, row, names)) for row in rows]
        with noted(note):
            for row, title in titles:
                if words := self._one(row, deed):
                    refused.append(f"{title}：{words}")
            db.session.commit()
        if done := len(rows) - len(refused):
            flash(_("%(what)s: %(count)s rows.", what=what, count=done), "success")
        if refused:
            more = _(" and %(count)s more", count=len(refused) - SAID) if len(refused) > SAID else ""
            flash(_("Refused: %(count)s rows. ", count=len(refused)) + "；".join(refused[:SAID]) + more, "danger")

    def _one(self, row: Any, deed: Callable[[Any], None]) -> str | None:
        """Do it to one row within a savepoint, or say why not."""
        if self.register.locked(row):
            return _("The record is closed: nobody changes it or its parts any more.")
        try:
            with db.session.begin_nested():
                deed(row)
                db.session.flush()
        except (IntegrityError, StaleDataError, StepRefused, ValueError) as error:
            if isinstance(error, StepRefused):
                return str(error)
            return next(iter(problems(self.register, error)))[1]
        return None
