"""The console's page for the county's own fields (自定义字段)."""
from __future__ import annotations

from typing import Any

from flask import Response, abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.exc import StaleDataError

from app.core.base import now
from app.core.own import KINDS
from app.core.register import Register, areas
from app.database import db
from app.security import may
from app.web.custom.definitions import extensible
from app.web.custom.field_form import FieldForm
from app.web.custom.models import CustomField
from app.web.custom.naming import machine_name
from app.web.gate import needs
from app.web.page import Page


class FieldPage(Page):
    """Fields by register: list, new, change, retire and bring back."""

    route_base = "/fields"
    default_view = "registers"
    permission = class_permission_name = "fields"
    menu_label = _("Fields and forms")
    menu_icon = "writing"

    def _register(self, name: str) -> Register:
        return next((register for register in extensible() if register.name == name), None) or abort(404)

    def _field(self, register: Register, pk: int) -> CustomField:
        field = db.session.get(CustomField, pk) if pk < 2**63 else None
        return field if field is not None and field.register == register.name else abort(404)

    def _crumbs(self, register: Register | None = None, last: Any = None) -> list[tuple[Any, str | None]]:
        made: list[tuple[Any, str | None]] = [(gettext("System"), None), (self.menu_label, url_for("FieldPage.registers") if register else None)]
        if register is not None:
            made.append((register.label, url_for("FieldPage.list", name=register.name) if last else None))
        return [*made, (last, None)] if last else made

    @expose("/", methods=["GET"])
    @needs("read")
    def registers(self) -> Any:
        """Every register that people fill, with the number of its own and the county's fields."""
        live = select(CustomField.register, func.count()).where(CustomField.retired_at.is_(None)).group_by(CustomField.register)
        counts = dict(db.session.execute(live).tuples().all())
        rows = [(register, areas()[register.area].label, len(register.declared.columns), counts.get(register.name, 0)) for register in extensible()]
        return render_template("custom/registers.html", rows=rows, crumbs=self._crumbs())

    @expose("/<name>/", methods=["GET"])
    @needs("read")
    def list(self, name: str) -> Any:
        """The county's fields of one register, those in use first."""
        register = self._register(name)
        fields = db.session.scalars(select(CustomField).where(CustomField.register == name).order_by(
            CustomField.retired_at.is_not(None), CustomField.position, CustomField.id)).all()
        return render_template("custom/fields.html", register=register, fields=fields, kinds=KINDS, may_write=may("write", self.permission),
                               crumbs=self._crumbs(register))

    @expose("/<name>/add", methods=["GET", "POST"])
    @needs("write")
    def add(self, name: str) -> Any:
        """A new field; its machine name is made from its label."""
        register = self._register(name)
        return self._save(register, CustomField(register=name), FieldForm().prepare(register, None), gettext("New field"))

    @expose("/<name>/<int:pk>", methods=["GET", "POST"])
    @needs("write")
    def edit(self, name: str, pk: int) -> Any:
        """A change to a field."""
        register = self._register(name)
        field = self._field(register, pk)
        return self._save(register, field, FieldForm(obj=field, asked_when=_pairs(field)).prepare(register, field), gettext("Edit"))

    def _save(self, register: Register, field: CustomField, form: FieldForm, title: str) -> Any:
        if request.method == "POST" and form.validate():
            if not field.name:
                taken = set(db.session.scalars(select(CustomField.name).where(CustomField.register == register.name)))
                field.name = machine_name(form.label.data or "", taken)
            form.put_on(field)
            db.session.add(field)
            try:
                db.session.commit()
            except (IntegrityError, StaleDataError):
                db.session.rollback()
                form.label.errors = [gettext("Somebody else changed the fields of this register meanwhile. Press save once more.")]
            else:
                flash(gettext("Saved. The field is on every page, in workbooks and in the interface now."), "success")
                return redirect(url_for("FieldPage.list", name=register.name))
        code = 200 if request.method == "GET" else 422
        return render_template("custom/field.html", register=register, field=field, form=form, title=title,
                               crumbs=self._crumbs(register, title)), code

    @expose("/<name>/<int:pk>/retire", methods=["POST"])
    @needs("write")
    def retire(self, name: str, pk: int) -> Any:
        """Hide a field; what records hold of it stays."""
        field = self._field(self._register(name), pk)
        field.retired_at = now()
        db.session.commit()
        flash(gettext("The field is hidden; what records hold of it is kept."), "success")
        return redirect(url_for("FieldPage.list", name=name))

    @expose("/<name>/<int:pk>/revive", methods=["POST"])
    @needs("write")
    def revive(self, name: str, pk: int) -> Any:
        """Show a hidden field again, with what records still hold of it."""
        field = self._field(self._register(name), pk)
        field.retired_at = None
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            flash(gettext("This register already has a field of this label."), "danger")
        else:
            flash(gettext("The field is shown again."), "success")
        return redirect(url_for("FieldPage.list", name=name))

    @expose("/data-dictionary.md", methods=["GET"])
    @needs("read")
    def document(self) -> Any:
        """The data dictionary with the county's own fields, as Markdown."""
        from app.web.dictionary import document

        answer = Response(document(own=True), mimetype="text/markdown")
        answer.headers["Content-Disposition"] = 'attachment; filename="registers.md"'
        return answer


def _pairs(field: CustomField) -> Any:
    """The condition of a field as the form's boxes have it."""
    said = field.shown_when or {}
    return [f"{said['field']}={value}" for value in said.get("values", ())]


pages = (FieldPage,)
