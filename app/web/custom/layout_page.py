"""The console's page for the layout of a register's form and list (表单布局), with preview and former versions."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.register import Register, Shape
from app.database import db
from app.security import held, may
from app.web.cells import shown
from app.web.custom import layouts
from app.web.custom.definitions import base_shape, extensible
from app.web.custom.models import FormLayout
from app.web.forms import dress, form_of, grouped
from app.web.gate import needs
from app.web.page import Page
from app.web.shown import choosable_of, label


class LayoutPage(Page):
    """Layouts by register: form, preview, save, restore."""

    route_base = "/layouts"
    default_view = "show"
    permission = class_permission_name = "fields"

    def _register(self, name: str) -> Register:
        return next((register for register in extensible() if register.name == name), None) or abort(404)

    @expose("/<name>", methods=["GET"])
    @needs("read")
    def show(self, name: str) -> Any:
        """The present layout."""
        register = self._register(name)
        past = layouts.versions(register)
        return self._page(register, past[0].said if past else {}, [], past)

    def _page(self, register: Register, said: layouts.Said, faults: list[str], past: list[FormLayout], preview: bool = False) -> Any:
        shape = base_shape(register)
        dressed = layouts.laid(shape, said, None)
        roles = [(layouts.EVERYBODY, gettext("Everybody")), *((name, name) for _number, name in held().all_roles)]
        rows = [{"name": name, "column": column, "said": said.get("columns", {}).get(name, {}), "place": (place + 1) * 10,
                 "strict": layouts.strictable(shape.columns[name]), "must": not shape.columns[name].nullable,
                 "group": dressed.columns[name].info.get("group", "")} for place, (name, column) in enumerate(dressed.columns.items())]
        lists = [(name, label(register, name) if name not in shape.columns else shape.columns[name].info["label"])
                 for name in choosable_of(register, dressed)]
        return render_template(
            "custom/layout.html", register=register, rows=rows, roles=roles, lists=lists, said=said, faults=faults, past=past,
            preview=_preview(register, dressed) if preview else None, shown=shown, may_write=may("write", "fields"),
            crumbs=[(gettext("System"), None), (gettext("Fields and forms"), url_for("FieldPage.registers")),
                    (register.label, url_for("FieldPage.list", name=register.name)), (gettext("Layout"), None)]), 422 if faults else 200

    @expose("/<name>", methods=["POST"])
    @needs("write")
    def save(self, name: str) -> Any:
        """Keep the layout as a new version, or show what it would look like."""
        register = self._register(name)
        said = _read(register, request.form)
        faults = layouts.faults(register, said, set(base_shape(register).columns))
        if faults or request.form.get("act") == "preview":
            return self._page(register, said, faults, layouts.versions(register), preview=not faults)
        return self._keep(register, said, "")

    @expose("/<name>/restore/<int:number>", methods=["POST"])
    @needs("write")
    def restore(self, name: str, number: int) -> Any:
        """Make a former version the present one; number 0 is the console as it was shipped."""
        register = self._register(name)
        found = db.session.scalar(select(FormLayout).where(FormLayout.register == name, FormLayout.number == number)) if number else None
        if number and found is None:
            abort(404)
        return self._keep(register, found.said if found else {}, gettext("As version %(number)s", number=number))

    def _keep(self, register: Register, said: layouts.Said, note: str) -> Any:
        layouts.put(register, said, note)
        try:
            db.session.commit()
        except IntegrityError:
            db.session.rollback()
            flash(gettext("Somebody else saved a layout meanwhile; look at it first."), "warning")
        else:
            flash(gettext("Saved."), "success")
        return redirect(url_for("LayoutPage.show", name=register.name))


def _preview(register: Register, dressed: Shape) -> list[tuple[Any, list[Any]]]:
    """The empty form as it would be, by groups."""
    form = form_of(register, dressed)(formdata=None, meta={"csrf": False})
    dress(dressed.writable, form)
    return grouped(dressed.writable, form)


def _read(register: Register, form: Any) -> layouts.Said:
    """What the page was told; only what differs from the declaration is kept."""
    columns: dict[str, Any] = {}
    for name, column in base_shape(register).columns.items():
        place = form.get(f"place-{name}", "").strip()
        group, words = form.get(f"group-{name}", "").strip(), form.get(f"help-{name}", "").strip()
        said: dict[str, Any] = {"place": int(place)} if place.isascii() and place.isdecimal() and len(place) < 6 else {}
        said |= {"group": group} if group and group != str(column.info.get("group", "")) else {}
        said |= {"help": words} if words and words != str(column.info.get("help", "")) else {}
        said |= {"required": True} if form.get(f"must-{name}") else {}
        if said:
            columns[name] = said
    roles = [layouts.EVERYBODY, *(role for _number, role in held().all_roles)]
    lists = {role: names for place, role in enumerate(roles) if (names := form.getlist(f"list-{place}"))}
    return {"columns": columns, "lists": lists}


pages = (LayoutPage,)
