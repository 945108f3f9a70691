"""One FAB view per register, put together from its pages (台账页面)."""
from __future__ import annotations

from flask_appbuilder.models.sqla.interface import SQLAInterface
from flask_wtf import FlaskForm

from app.core.register import Register
from app.database import db
from app.web.form_page import FormPage
from app.web.list_page import ListPage
from app.web.record_page import RecordPage


class RecordView(ListPage, FormPage, RecordPage):
    """The pages of one register."""

    include_route_methods = {"list", "show", "add", "edit", "delete", "step", "restore", "reveal", "batch"}


def view_class(register: Register) -> type[RecordView]:
    """The view of a register; its permission is the register's own name, whatever the method."""
    name = "".join(part.title() for part in register.name.split("_")) + "View"
    return type(name, (RecordView,), {
        "register": register, "datamodel": SQLAInterface(register.model, db.session), "route_base": f"/{register.name}",
        "class_permission_name": register.name, "add_form": FlaskForm, "edit_form": FlaskForm, "search_form": FlaskForm,
        "list_columns": ["id"], "show_columns": ["id"], "add_columns": ["id"], "edit_columns": ["id"],
        "search_columns": ["id"], "__doc__": f"Pages of the register {register.name}.",
    })
