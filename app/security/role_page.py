"""The roles screen (角色权限): a table of registers and verbs for each role, in the words people use."""
from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert

from app.core.register import VERBS, areas
from app.database import db
from app.security import may
from app.security.duties import MixedDuties, duties_of, refuse_mixed
from app.security.permissions import subjects
from app.security.proving import fresh
from app.security.roles import Subject
from app.security.trail import record
from app.web.gate import needs
from app.web.page import Page

VERB_LABELS = {
    "read": _("Look"), "write": _("Add and change"), "delete": _("Delete"), "import": _("Import"),
    "export": _("Export"), "reveal": _("Open sealed data"),
}


def held_by(role_id: int) -> set[tuple[str, str]]:
    """Permission and subject of everything the role gives."""
    pair, verb, subject, held = PermissionView.__table__, Permission.__table__, ViewMenu.__table__, assoc_permissionview_role
    rows = db.session.execute(select(verb.c.name, subject.c.name).select_from(
        held.join(pair, pair.c.id == held.c.permission_view_id).join(verb, verb.c.id == pair.c.permission_id)
        .join(subject, subject.c.id == pair.c.view_menu_id)).where(held.c.role_id == role_id))
    return {(permission, name) for permission, name in rows}


def grouped(all_subjects: Iterable[Subject]) -> list[tuple[Any, list[Subject]]]:
    """The subjects by area, in the order of the menu, the console's own screens last."""
    labels = {name: area.label for name, area in areas().items()} | {"briefings": _("Briefings"), "system": _("System")}
    made = [(label, [s for s in all_subjects if s.area == name]) for name, label in labels.items()]
    return [(label, found) for label, found in made if found]


def chosen(form: Any) -> set[tuple[str, str]]:
    """The boxes that were ticked, as far as they exist."""
    known = {(verb, s.name) for s in subjects() for verb in s.verbs}
    sent = {tuple(each.split(":", 1)) for each in form.getlist("give") if ":" in each}
    return {(f"can_{verb}", name) for verb, name in sent & known}


def put_on(role: Role, wanted: set[tuple[str, str]]) -> None:
    """Give the role exactly these rights; MixedDuties when somebody would hold two duties."""
    if len(duties_of(wanted)) > 1:
        raise MixedDuties(gettext(
            "A role cannot hold system administration, security administration, auditing and daily work together. "
            "Tick boxes of one kind."))
    pair, verb, subject = PermissionView.__table__, Permission.__table__, ViewMenu.__table__
    rows = db.session.execute(select(pair.c.id, verb.c.name, subject.c.name).select_from(
        pair.join(verb, verb.c.id == pair.c.permission_id).join(subject, subject.c.id == pair.c.view_menu_id)))
    ids = {number for number, permission, name in rows if (permission, name) in wanted}
    held = assoc_permissionview_role
    db.session.execute(delete(held).where(held.c.role_id == role.id, held.c.permission_view_id.not_in(ids)))
    if ids:
        db.session.execute(insert(held).on_conflict_do_nothing(), [{"role_id": role.id, "permission_view_id": i} for i in sorted(ids)])
    refuse_mixed(db.session)


class RolePage(Page):
    """Roles: list, new, rights."""

    route_base = "/roles"
    default_view = "list"
    permission = class_permission_name = "roles"
    menu_label = _("Roles")
    menu_icon = "shield-lock"

    def _found(self, pk: int) -> Role:
        role = db.session.get(Role, pk) if 0 < pk < 2**31 else None
        return role if role is not None else abort(404)

    @expose("/", methods=["GET"])
    @needs("read")
    def list(self) -> Any:
        """Every role with the number of its people and rights."""
        return self._list()

    def _list(self, fault: str = "", name: str = "", code: int = 200) -> Any:
        people = dict(db.session.execute(select(assoc_user_role.c.role_id, func.count()).group_by(assoc_user_role.c.role_id)).all())
        rights = dict(db.session.execute(select(assoc_permissionview_role.c.role_id, func.count()).group_by(
            assoc_permissionview_role.c.role_id)).all())
        roles = db.session.scalars(select(Role).order_by(Role.id)).all()
        page = {"roles": roles, "people": people, "rights": rights, "fault": fault, "name": name, "may_write": may("write", "roles")}
        return render_template("security/roles.html", page=page, crumbs=[(_("System"), None), (_("Roles"), None)]), code

    @expose("/add", methods=["POST"])
    @needs("write")
    @fresh
    def add(self) -> Any:
        """A new role, with no right yet."""
        name = " ".join(request.form.get("name", "").replace("\x00", "").split())
        if not 2 <= len(name) <= 64 or db.session.scalar(select(Role.id).where(Role.name == name)):
            return self._list(gettext("Give the role a name of 2 to 64 characters that no other role has."), name[:64], 422)
        role = Role(name=name)
        db.session.add(role)
        db.session.flush()
        self._note(role, "new")
        db.session.commit()
        return redirect(url_for("RolePage.show", pk=role.id))

    @expose("/<int:pk>", methods=["GET", "POST"])
    @needs("read")
    @fresh
    def show(self, pk: int) -> Any:
        """The rights of one role; saving needs the right to write."""
        role = self._found(pk)
        if request.method == "GET":
            return self._matrix(role, held_by(pk))
        if not may("write", "roles"):
            abort(403)
        return self._save(role, chosen(request.form))

    def _matrix(self, role: Role, held: set[tuple[str, str]], fault: str = "", code: int = 200) -> Any:
        page = {"role": role, "held": held, "groups": grouped(subjects()), "verbs": VERBS, "labels": VERB_LABELS, "fault": fault,
                "may_write": may("write", "roles") and not self._mine(role)}
        crumbs = [(_("System"), None), (_("Roles"), url_for("RolePage.list")), (role.name, None)]
        return render_template("security/role.html", page=page, crumbs=crumbs), code

    def _mine(self, role: Role) -> bool:
        """Nobody changes what they hold themselves."""
        held = assoc_user_role
        return bool(db.session.scalar(select(held.c.id).where(held.c.user_id == current_user.id, held.c.role_id == role.id)))

    def _save(self, role: Role, wanted: set[tuple[str, str]]) -> Any:
        if self._mine(role):
            abort(403)
        before = held_by(role.id)
        try:
            put_on(role, wanted)
        except MixedDuties as refusal:
            words = str(refusal)
            db.session.rollback()
            return self._matrix(role, wanted, words, 422)
        given, taken = sorted(wanted - before), sorted(before - wanted)
        self._note(role, "; ".join([*(f"+{v} {n}" for v, n in given), *(f"-{v} {n}" for v, n in taken)]))
        db.session.commit()
        flash(gettext("Saved. The change holds from the next page that anybody opens."), "success")
        return redirect(url_for("RolePage.show", pk=role.id))

    @staticmethod
    def _note(role: Role, words: str) -> None:
        record("role", role.id, f"{role.name}: {words}", table="ab_role")


pages = (RolePage,)
