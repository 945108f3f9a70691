"""What happened to a record (操作日志): its changes field by field, its course step by step, and who opened what of it."""
from __future__ import annotations

from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import Select, select

from app.audit import AuditEntry
from app.core.register import Register
from app.core.workflow import Workflow
from app.database import db
from app.security import may
from app.web.addresses import record_url
from app.web.attachments.allowed import may_see
from app.web.cells import Names, shown

MOST = 50
"""So many entries stand on one page of the trail."""
CHANGES, FILES, ACCESS = ("insert", "update", "delete", "import"), ("attach", "detach"), ("reveal", "download", "export")
DEEDS = (*CHANGES, "reveal", "export", "download", *FILES)


def deed(action: str) -> str:
    """What was done, in words."""
    return {
        "insert": _("added"), "update": _("changed"), "delete": _("deleted"), "reveal": _("opened sealed data"),
        "export": _("exported"), "import": _("imported"), "download": _("downloaded"),
        "attach": _("added a file"), "detach": _("removed a file"),
        "sign_in": _("signed in"), "sign_out": _("signed out"), "password": _("changed the password"), "account": _("changed an account"),
        "grant": _("gave roles or divisions"), "reset_password": _("reset a password"), "role": _("changed a role"),
        "end_session": _("ended sessions"), "second_factor": _("changed the second factor"), "close_unused": _("closed an unused account"),
        "share": _("shared a query"), "unshare": _("took a shared query back"),
        "token": _("made an access token"), "revoke_token": _("revoked an access token"),
    }.get(action, action)


def of_row(register: Register, row_id: int) -> Select[tuple[AuditEntry]]:
    """The trail of one record, newest first."""
    return select(AuditEntry).where(AuditEntry.table_name == register.table.name, AuditEntry.row_id == row_id).order_by(AuditEntry.id.desc())


class Past:
    """The trail of one record, read once and told in three ways."""

    def __init__(self, register: Register, row: Any, before: int | None = None) -> None:
        self.register, self.row, self.before = register, row, before
        self._view = "".join(part.title() for part in register.name.split("_")) + "View"
        mine, seen = of_row(register, row.id), may_see(register)
        # Names of files may say something about a person; in a sensitive register they are for those who may see the files.
        actions = (*CHANGES, *FILES) if seen else CHANGES
        self._changes = self._some(mine.where(AuditEntry.action.in_(actions)))
        self._steps = self._course(mine)
        watched = "reveal" in register.verbs() and may("reveal", register.name)
        self._access = self._some(mine.where(AuditEntry.action.in_(ACCESS))) if watched else None

    def _some(self, query: Select[tuple[AuditEntry]]) -> list[AuditEntry]:
        """A page of the trail, and one more to know that there is more."""
        older = query if self.before is None else query.where(AuditEntry.id < self.before)
        return list(db.session.scalars(older.limit(MOST + 1)))

    def older(self) -> dict[str, int]:
        """The entries before which the next pages begin, where there are any."""
        pages = {"past": self._changes, "access": self._access or []}
        return {name: entries[MOST - 1].id for name, entries in pages.items() if len(entries) > MOST}

    def _course(self, mine: Select[tuple[AuditEntry]]) -> list[AuditEntry]:
        flow = self.register.workflow
        if flow is None:
            return []
        if len(self._changes) <= MOST and self.before is None:
            return [entry for entry in self._changes if flow.column in entry.changes]
        return list(db.session.scalars(mine.where(AuditEntry.changes.has_key(flow.column)).limit(MOST)))

    def pointed_at(self) -> dict[str, set[Any]]:
        """The keys of other rows that the trail speaks of, so that their names are read together with all others."""
        keys: dict[str, set[Any]] = {}
        for entry in self._changes:
            for name, pair in entry.changes.items():
                if target := _target(self.register, name):
                    keys.setdefault(target, set()).update(key for key in pair if key is not None)
        return keys

    def changes(self, names: Names, restorable: bool) -> list[dict[str, Any]]:
        """Every change, field by field, with a way back where there is one."""
        known = self.register.columns
        return [_told(entry) | {"changes": [
            self._line(entry, name, pair, names, restorable) for name, pair in entry.changes.items() if name in known and pair != [None, None]]}
            for entry in self._changes[:MOST]]

    def _line(self, entry: AuditEntry, name: str, pair: list[Any], names: Names, restorable: bool) -> dict[str, Any]:
        column, (old, new) = self.register.columns[name], pair
        back = restorable and entry.action == "update" and may_restore(self.register, name) and typed(column, old) != typed(
            column, getattr(self.row, name))
        return {"label": column.info["label"], "old": said(column, old, names), "new": said(column, new, names),
                "name": name, "first": entry.action == "insert", "entry": entry.id,
                "restore_url": record_url(f"{self._view}.restore", self.row.id) if back else None}

    def course(self) -> list[dict[str, Any]]:
        """The steps taken, oldest first: what it was, where it led, who took it and what was said."""
        flow = self.register.workflow
        return [_told(entry) | _step(flow, *entry.changes[flow.column]) for entry in reversed(self._steps)] if flow else []

    def access(self) -> list[dict[str, Any]] | None:
        """Who opened or loaded what, and why; None where nobody asks or the person may not know."""
        return None if self._access is None else [_told(entry) for entry in self._access[:MOST]]


def _told(entry: AuditEntry) -> dict[str, Any]:
    return {"at": shown(entry.at, "time"), "actor": entry.actor, "action": deed(entry.action), "note": entry.note}


def _step(flow: Workflow, old: str | None, new: str | None) -> dict[str, Any]:
    members = {state.value: state for state in type(flow.course[0])}
    state = members.get(new or "")
    taken = next((t.label for t in flow.transitions if t.target == new and old in t.source), None)
    return {"label": str(taken or (_("added") if old is None else _("changed"))), "value": new,
            "state": str(state.label) if state else "", "tone": state.tone if state else "grey"}


def _target(register: Register, name: str) -> str | None:
    column = register.columns.get(name)
    kind = column.info["kind"] if column is not None else ""
    return "divisions" if kind == "division" else column.info["register"] if kind == "link" and column is not None else None


def said(column: Any, value: Any, names: Names) -> str:
    """A stored value of the trail in words."""
    kind = column.info["kind"]
    if value is None or value == "":
        return ""
    if kind == "choice":
        return {member.value: str(member.label) for member in column.info["choice"]}.get(value, str(value))
    if kind in ("link", "division"):
        return names.of("divisions" if kind == "division" else column.info["register"], value)
    if kind in ("day", "month"):
        return shown(date.fromisoformat(value), kind)
    if kind == "money":
        return shown(Decimal(str(value)), kind)
    return shown(value, "") if isinstance(value, bool) else str(value)


def may_restore(register: Register, name: str) -> bool:
    """Whether a field has a way back: never what is sealed, nor what the course of the record writes."""
    flow = register.workflow
    stamped = {step.stamps for step in flow.transitions} if flow else set()
    return name in register.writable and name not in register.sealed and name not in stamped


def typed(column: Any, value: Any) -> str:
    """A stored value, of the row or of the trail, as a person would type it into the form."""
    value = getattr(value, "value", value)
    if value is None or value is False:
        return ""
    if value is True:
        return "y"
    if column.info["kind"] in ("money", "decimal"):
        return _figure(value)
    return value.isoformat() if isinstance(value, date) else str(value)


def _figure(value: Any) -> str:
    try:
        return format(Decimal(str(value)).normalize(), "f")
    except InvalidOperation:
        return str(value)
