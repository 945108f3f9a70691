"""The auditor's screen over the trail (审计日志)."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from flask import render_template, request
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import Select, and_, false, func, or_, select
from werkzeug.exceptions import BadRequest

from app.audit.entries import AuditEntry
from app.core.register import registers
from app.database import db
from app.web.cells import ZONE, shown
from app.web.gate import needs
from app.web.history import DEEDS, deed
from app.web.lists import whole
from app.web.page import Page

SIZE = 50
OTHERS = {"ab_user": _("Users"), "ab_role": _("Roles"), "custom_field": _("Fields"), "dictionary": _("Dictionaries"),
          "dictionary_entry": _("Values of dictionaries"), "form_layout": _("Layouts"), "saved_view": _("Saved queries")}


def _query(args: dict[str, str]) -> Select[Any]:
    query = select(AuditEntry).order_by(AuditEntry.id.desc())
    if args.get("action"):
        query = query.where(AuditEntry.action == args["action"])
    if args.get("actor"):
        query = query.where(AuditEntry.actor.contains(args["actor"][:60], autoescape=True))
    if args.get("table"):
        query = query.where(AuditEntry.table_name == args["table"])
    if args.get("row"):
        query = query.where(AuditEntry.row_id == whole(args["row"], 1, 2**31))
    if args.get("field"):
        query = query.where(_touches(args["field"].strip()[:60], args.get("table")))
    if args.get("since"):
        query = query.where(AuditEntry.at >= _midnight(args["since"]))
    if args.get("until"):
        query = query.where(AuditEntry.at < _midnight(args["until"]) + timedelta(days=1))
    return query


def _touches(label: str, table: str | None) -> Any:
    """The entry changed a field that people call so, in the chosen register or in any."""
    found = {}
    for register in registers():
        if not table or register.table.name == table:
            found[register.table.name] = [name for name, column in register.columns.items() if label in (str(column.info["label"]), name)]
    touched = [and_(AuditEntry.table_name == each, or_(*(AuditEntry.changes.has_key(name) for name in names)))
               for each, names in found.items() if names]
    return or_(false(), *touched)


def _midnight(text: str) -> datetime:
    """The beginning of a day of the county; nonsense is a bad request."""
    try:
        return datetime.combine(date.fromisoformat(text), time(), ZONE)
    except ValueError as wrong:
        raise BadRequest from wrong


class AuditPage(Page):
    """Who did what to which row, when and why; values of personal data never stand here."""

    route_base = "/audit"
    default_view = "entries"
    class_permission_name = permission = "audit"
    menu_label = _("Audit trail")
    menu_icon = "history"

    @expose("/")
    @needs("read")
    def entries(self) -> Any:
        """The newest entries first."""
        args = request.args.to_dict()
        number = whole(args.get("page"), 1, 10_000)
        query = _query(args)
        total = db.session.scalar(select(func.count()).select_from(query.with_only_columns(AuditEntry.id).limit(10_001).subquery()))
        rows = [self._row(entry) for entry in db.session.scalars(query.limit(SIZE).offset((number - 1) * SIZE))]
        labels = {register.table.name: register.label for register in registers()}
        return render_template("audit/entries.html", rows=rows, total=total or 0, args=args, number=number, size=SIZE,
                               labels=labels, deeds=[(name, deed(name)) for name in DEEDS], crumbs=[(gettext("Audit trail"), None)])

    def _row(self, entry: AuditEntry) -> dict[str, Any]:
        labels = {register.table.name: register for register in registers()}
        register = labels.get(entry.table_name)
        # The console's own columns are changed too, so the words come from the table and not from what people fill in.
        columns = {**register.columns, **register.table.columns} if register else {}
        changed = "、".join(str(columns[n].info.get("label", n)) if n in columns else n for n in entry.changes)
        return {"at": shown(entry.at, "time"), "actor": entry.actor, "action": deed(entry.action), "row_id": entry.row_id or "",
                "what": register.label if register else OTHERS.get(entry.table_name, entry.table_name), "changed": changed, "note": entry.note}


pages = (AuditPage,)
