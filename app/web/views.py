"""One FAB view per register: list, record, form, steps and unsealing (台账页面)."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import ModelView, expose
from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_babel import gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select

from app.core.register import Register
from app.core.workflow import StepRefused
from app.database import db
from app.database.scope import current_scope, noted
from app.security import may
from app.web import pager, record
from app.web.cells import Names, cell, title_of
from app.web.forms import flush, form_class, kinds
from app.web.gate import needs
from app.web.lists import read_page


class RecordView(ModelView):
    """The pages of one register. Row security decides which rows exist for the reader."""

    register: Register
    include_route_methods = {"list", "show", "add", "edit", "delete", "step", "reveal"}
    list_template = "records/list.html"

    def _found(self, pk: int) -> Any:
        if not 0 < pk < 2**31:
            abort(404)
        row = db.session.scalar(select(self.register.model).where(self.register.model.id == pk))
        return row if row is not None else abort(404)

    def _own(self, pk: int) -> Any:
        """A row that this person may also change: shared rows of a higher division are for reading."""
        row = self._found(pk)
        return row if current_scope().holds(getattr(row, self.register.scope_column)) else abort(404)

    def _to(self, method: str, **values: Any) -> str:
        return url_for(f"{self.endpoint}.{method}", **values)

    def _can(self, verb: str) -> bool:
        return verb in self.register.verbs() and may(verb, self.register.name)

    @expose("/list/")
    @needs("read")
    def list(self) -> Any:
        """The register's rows as a table."""
        register, args = self.register, request.args.to_dict()
        address = pager.address_of(self._to("list"), args)
        part, names = read_page(register, args), Names()
        names.learn(register, part.rows, (*register.listed, *register.title))
        query = request.query_string.decode()
        page = {
            "register": register, "rows": [self._row(row, names) for row in part.rows],
            "columns": pager.columns(register, args, address), "filters": pager.filters(register, args, names),
            "tabs": pager.tabs(register, args, address), "total": part.total, "capped": part.capped,
            "pages": pager.pages(part, address), "size": part.size, "size_urls": pager.sizes(address), "sizes": pager.SIZES,
            "q": args.get("q", ""), "state": args.get("state", ""), "sort": args.get("sort", ""),
            "list_url": self._to("list"), "refresh_url": address(), "delete_url": None,
            "add_url": self._to("add") if self._can("write") and not register.frozen else None,
            "import_url": f"/import/{register.name}" if self._can("import") else None,
            "export_url": f"/export/{register.name}?{query}" if self._can("export") else None,
        }
        return render_template("records/list.html", page=page, crumbs=record.crumbs(register))

    def _row(self, row: Any, names: Names) -> dict[str, Any]:
        own = current_scope().holds(getattr(row, self.register.scope_column))
        writable = own and self._can("write") and not self.register.frozen
        return {
            "id": row.id, "url": self._to("show", pk=row.id), "title": title_of(self.register, row, names),
            "cells": [cell(self.register, row, name, names) for name in self.register.listed],
            "edit_url": self._to("edit", pk=row.id) if writable else None,
        }

    @expose("/show/<int:pk>")
    @needs("read")
    def show(self, pk: int) -> Any:
        """One record with its parts and its history."""
        return self._show(self._found(pk), {})

    def _show(self, row: Any, revealed: dict[str, str], code: int = 200) -> Any:
        page = record.page(self.register, row, self._can)
        page |= {"revealed": revealed, "list_url": self._to("list"), "download_url": getattr(row, "download_url", None)}
        if page["own"] and not self.register.frozen:
            page["edit_url"] = self._to("edit", pk=row.id) if self._can("write") else None
            page["delete_url"] = self._to("delete", pk=row.id) if self._can("delete") else None
        if self._can("reveal"):
            page["reveal_url"] = self._to("reveal", pk=row.id)
        return render_template("records/show.html", page=page, crumbs=record.crumbs(self.register, page["title"])), code

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
        form = kinds(self.register, form_class(self.register)(obj=row))
        if request.method == "POST" and form.row_version.data != str(row.row_version):
            form.form_errors.append(_(
                "Somebody else saved this record meanwhile. What you typed is still here; "
                "open the record in a second window, compare, and save again."))
            form.row_version.data = str(row.row_version)
            return self._form(form, row, _("Edit"), 409)
        return self._save(form, row, _("Edit"))

    def _save(self, form: Any, row: Any, title: str) -> Any:
        pk = row.id
        if request.method == "GET":
            return self._form(form, row, title)
        if not form.validate():
            return self._form(form, row, title, 422)
        form.fill(row, self.register)
        db.session.add(row)
        if not flush(self.register, form):
            return self._form(form, None, title, 422)
        pk = row.id
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(self._to("show", pk=pk))

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
            except StepRefused as refusal:
                db.session.rollback()
                flash(str(refusal), "danger")
                return redirect(self._to("show", pk=pk))
            db.session.commit()
        flash(_("Done: %(what)s", what=transition.label), "success")
        return redirect(self._to("show", pk=pk))

    @expose("/reveal/<int:pk>", methods=["POST"])
    @needs("reveal")
    def reveal(self, pk: int) -> Any:
        """Open sealed values of one record for a stated reason, which is written down first."""
        from app.security.reveal import open_sealed

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


def view_class(register: Register) -> type[RecordView]:
    """The view of a register; its permission is the register's own name, whatever the method."""
    name = "".join(part.title() for part in register.name.split("_")) + "View"
    return type(name, (RecordView,), {
        "register": register, "datamodel": SQLAInterface(register.model, db.session), "route_base": f"/{register.name}",
        "class_permission_name": register.name, "add_form": FlaskForm, "edit_form": FlaskForm, "search_form": FlaskForm,
        "list_columns": ["id"], "show_columns": ["id"], "add_columns": ["id"], "edit_columns": ["id"],
        "search_columns": ["id"], "__doc__": f"Pages of the register {register.name}.",
    })
