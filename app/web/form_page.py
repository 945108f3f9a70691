"""New records, changes and deletions (新增、编辑、删除)."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict

from app.database import db
from app.web import merging, record
from app.web.forms import flush, form_class, kinds
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
        given = {n: v for n, v in request.args.items() if n in self.register.writable}
        form = kinds(self.register, form_class(self.register)(data=given if request.method == "GET" else None))
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
        form = self._filled(row)
        if request.method == "GET":
            form.opened.data = merging.snapshot(self.register, form)
        return self._save(form, row, _("Edit"))

    def _filled(self, row: Any) -> Any:
        typed = {"formdata": merging.posted(self.register, row)} if request.method == "POST" else {}
        return kinds(self.register, form_class(self.register)(obj=row, **typed))

    def _save(self, form: Any, row: Any, title: str) -> Any:
        pk = row.id
        if request.method == "GET":
            return self._form(form, row, title)
        if not form.validate():
            return self._form(form, row, title, 422)
        once = Once(self.register)
        if once.earlier is not None:
            flash(_("Saved."), "success")
            return redirect(self._to("show", pk=once.earlier))
        if pk is not None and form.row_version.data != str(row.row_version) and (refused := self._merge(form, pk)):
            return refused
        form.fill(row, self.register)
        db.session.add(row)
        if not flush(self.register, form):
            return (form.stale and self._merge(form, pk)) or self._form(form, None, title, 422)
        pk = row.id
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
                "action_url": request.full_path.rstrip("?"), "cancel_url": self._to("show", pk=pk)}
        return render_template("records/merge.html", page=page, crumbs=record.crumbs(self.register, title)), 409

    def _form(self, form: Any, row: Any, title: str, code: int = 200) -> Any:
        back = self._to("show", pk=row.id) if row is not None and row.id else self._to("list")
        page = {"register": self.register, "title": title, "groups": form.groups(self.register), "form": form,
                "action_url": request.full_path.rstrip("?"), "cancel_url": back}
        return render_template("records/form.html", page=page, crumbs=record.crumbs(self.register, title)), code

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
