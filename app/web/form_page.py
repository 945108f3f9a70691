"""New records, changes and deletions (新增、编辑、删除)."""
from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.database import db
from app.web import drafts, merging, parts, record
from app.web.cells import shown
from app.web.forms import flush, form_class, given, kinds
from app.web.gate import needs
from app.web.once import Once
from app.web.register_view import RegisterView


class FormPage(RegisterView):
    """The form of a register and what saving it does."""

    @expose("/add", methods=["GET", "POST"])
    @needs("write")
    def add(self) -> Any:
        """A new record."""
        if self.register.frozen:
            abort(404)
        form = self._filled(self.register.model())
        return self._save(form, self.register.model(), _("New: %(what)s", what=self.register.label))

    @expose("/edit/<int:pk>", methods=["GET", "POST"])
    @needs("write")
    def edit(self, pk: int) -> Any:
        """A change to a record."""
        if self.register.frozen:
            abort(404)
        row = self._own(pk)
        if self.register.locked(row):
            flash(_("The record is closed: nobody changes it or its parts any more."), "warning")
            return redirect(self._to("show", pk=pk))
        return self._save(self._filled(row), row, _("Edit"))

    def _filled(self, row: Any) -> Any:
        """The form on what was sent, on one's draft when that is asked for, or on the record as it stands."""
        make, register = form_class(self.register), self.register
        base = {"obj": row} if row.id else {}
        if request.method == "POST":
            form = make(formdata=merging.posted(register, row), **base)
            form.grids = parts.grids(register, row.id, request.form)
            return kinds(register, form)
        form = make(formdata=None, **base)
        given(register, form)
        form.opened.data = merging.snapshot(register, form) if row.id else ""
        form.draft, typed = drafts.found(register, row.id or 0), None
        if form.draft is not None and "draft" in request.args:
            draft, typed = form.draft, drafts.typed(form.draft, form.opened.data)
            form = make(formdata=typed, **base)
            form.draft = draft
        form.grids = parts.grids(register, row.id, typed)
        return kinds(register, form)

    def _save(self, form: Any, row: Any, title: str) -> Any:
        pk, new = row.id, row.id is None
        if request.method == "GET":
            return self._form(form, pk, title)
        valid = form.validate()
        for grid in form.grids:
            parts.check(grid, pk)
        if not valid or any(grid.bad for grid in form.grids):
            return self._form(form, pk, title, 422)
        once = Once(self.register)
        if once.earlier is not None:
            flash(_("Saved."), "success")
            return redirect(self._to("show", pk=once.earlier))
        if pk is not None and form.row_version.data != str(row.row_version) and (refused := self._merge(form, pk)):
            return refused
        form.fill(row, self.register)
        db.session.add(row)
        if not flush(self.register, form):
            return (form.stale and self._merge(form, pk)) or self._form(form, pk, title, 422)
        if not all(parts.write(grid, row) for grid in form.grids):
            db.session.rollback()
            return self._form(form, pk, title, 422)
        pk = row.id
        drafts.drop(self.register, 0 if new else pk)
        once.saved(pk)
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(self._to("show", pk=pk))

    def _merge(self, form: Any, pk: int) -> Any:
        """The merge view, or None where both say the same."""
        row, make = self._own(pk), form_class(self.register)
        theirs = make(obj=row, formdata=None, meta={"csrf": False})
        original = make(formdata=MultiDict(merging.opened()), meta={"csrf": False})
        found = merging.differences(self.register, original, theirs, form)
        if not found and not form.stale:
            return None
        who, at = merging.who_saved(self.register, pk)
        form.opened.data, form.row_version.data = merging.snapshot(self.register, theirs), str(row.row_version)
        title = _("Put two changes together")
        page = {"title": title, "form": form, "differences": found, "kept": merging.kept(self.register, form), "who": who, "at": at,
                "action_url": self._address(), "cancel_url": self._to("show", pk=pk)}
        return render_template("records/merge.html", page=page, crumbs=record.crumbs(self.register, title)), 409

    def _form(self, form: Any, pk: int | None, title: str, code: int = 200) -> Any:
        back = self._to("show", pk=pk) if pk else self._to("list")
        page = {"register": self.register, "title": title, "groups": form.groups(self.register), "form": form,
                "action_url": self._address(), "cancel_url": back, "draft": self._draft(form, pk)}
        return render_template("records/form.html", page=page, crumbs=record.crumbs(self.register, title)), code

    def _address(self, **more: str) -> str:
        """Where the form is sent to: its own address with what that fills in, and nothing of the moment."""
        words = urlencode(sorted((n, v) for n, v in request.args.items() if n in self.register.writable) + list(more.items()))
        return f"{request.script_root}{request.path}" + (f"?{words}" if words else "")

    def _draft(self, form: Any, pk: int | None) -> dict[str, Any]:
        given = {n: v for n, v in request.args.items() if n in self.register.writable}
        where = {"name": self.register.name, "row_id": pk or 0, **given}
        return {"url": url_for("DraftPage.keep", **where), "drop_url": url_for("DraftPage.drop", **where), "restore_url": self._address(draft="1"),
                "at": shown(form.draft.updated_at, "time") if form.draft else "", "restored": form.draft is not None and "draft" in request.args}

    @expose("/delete/<int:pk>", methods=["POST"])
    @needs("delete")
    def delete(self, pk: int) -> Any:
        """Take a record away; the trail keeps what it said."""
        if self.register.frozen:
            abort(404)
        row, form = self._own(pk), FlaskForm(meta={"csrf": False})
        db.session.delete(row)
        if not flush(self.register, form):
            flash(str(form.form_errors[0]), "danger")
            return redirect(self._to("show", pk=pk))
        db.session.commit()
        flash(_("Deleted."), "success")
        return redirect(self._to("list"))
