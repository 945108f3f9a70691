"""The roles screen (角色权限): the roles, and for each a matrix of registers and verbs in the words people use."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import Role, assoc_group_role, assoc_permissionview_role, assoc_user_role
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.core.register import VERBS
from app.database import db
from app.database.second_person import NEEDED as SECOND_PERSON
from app.security import may
from app.security.duties import MixedDuties
from app.security.permissions import subjects
from app.security.proving import fresh
from app.security.role_matrix import VERB_LABELS, Change, Pairs, chosen, grouped, held_by, holders, mark, put_on, shipped
from app.security.roles import SHIPPED
from app.security.trail import record
from app.web.gate import needs
from app.web.page import Page


class RoleNames:
    """Making, copying and removing roles."""

    def _named(self) -> str | None:
        """The name that was typed for a new role; None when it cannot be one."""
        name = " ".join(request.form.get("name", "").replace("\x00", "").split())
        taken = not 2 <= len(name) <= 64 or db.session.scalar(select(Role.id).where(func.lower(Role.name) == name.lower()))
        return None if taken else name

    def _made(self, name: str, rights: Pairs, note: str) -> Any:
        role = Role(name=name)
        db.session.add(role)
        db.session.flush()
        put_on(role, rights)
        record("role", role.id, f"{name}: {note}", table="ab_role")
        db.session.commit()
        return redirect(url_for("RolePage.show", pk=role.id))

    @expose("/add", methods=["POST"])
    @needs("write")
    @fresh
    def add(self) -> Any:
        """A new role, with no right yet."""
        name = self._named()
        return self._made(name, set(), "new") if name else self._list(BAD_NAME, request.form.get("name", "")[:64], 422)  # type: ignore[attr-defined]

    @expose("/<int:pk>/copy", methods=["POST"])
    @needs("write")
    @fresh
    def copy(self, pk: int) -> Any:
        """A new role with the rights of this one."""
        role, name = self._found(pk), self._named()  # type: ignore[attr-defined]
        if name is None:
            return self._matrix(role, held_by(pk), BAD_NAME, 422, name=request.form.get("name", "")[:64])  # type: ignore[attr-defined]
        return self._made(name, held_by(pk), f"copy of {role.name}")

    @expose("/<int:pk>/delete", methods=["POST"])
    @needs("write")
    @fresh
    def delete(self, pk: int) -> Any:
        """Remove a role of the county's own that nobody holds."""
        role = self._found(pk)  # type: ignore[attr-defined]
        groups = db.session.scalar(select(func.count()).select_from(assoc_group_role).where(assoc_group_role.c.role_id == pk))
        if role.name in SHIPPED or holders(role).count or groups:
            return self._matrix(role, held_by(pk), gettext(  # type: ignore[attr-defined]
                "A shipped role, or one that somebody holds, is not removed. Take it from its people first."), 409)
        record("role", role.id, f"{role.name}: removed", table="ab_role")
        db.session.delete(role)
        db.session.commit()
        flash(gettext("The role has been removed."), "success")
        return redirect(url_for("RolePage.list"))


BAD_NAME = _("Give the role a name of 2 to 64 characters that no other role has.")


class RolePage(RoleNames, Page):
    """Roles and their rights."""

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
        page = {"roles": roles, "people": people, "rights": rights, "fault": fault, "name": name, "may_write": may("write", "roles"),
                "shipped": set(SHIPPED)}
        return render_template("security/roles.html", page=page, crumbs=[(_("System"), None), (_("Roles"), None)]), code

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
        if self._mine(role):
            abort(403)
        step, before = request.form.get("step", ""), held_by(pk)
        wanted = (shipped(role) or set()) if step == "shipped" else chosen(request.form)
        if request.form.get("mark", mark(before)) != mark(before):
            return self._matrix(role, wanted, gettext(
                "Somebody else changed this role meanwhile. What you ticked is still here: compare and save again."), 409)
        return self._summary(role, before, wanted) if step else self._save(role, before, wanted)

    def _matrix(self, role: Role, held: Pairs, fault: str = "", code: int = 200, name: str = "") -> Any:
        origin, stands = shipped(role), held_by(role.id)
        page = {"role": role, "held": held, "groups": grouped(subjects()), "verbs": VERBS, "labels": VERB_LABELS, "fault": fault, "name": name,
                "mark": mark(stands), "may_write": may("write", "roles") and not self._mine(role), "mine": self._mine(role),
                "origin": origin, "stands": stands, "differs": len(origin ^ stands) if origin is not None else 0, "holders": holders(role)}
        crumbs = [(_("System"), None), (_("Roles"), url_for("RolePage.list")), (role.name, None)]
        return render_template("security/role.html", page=page, crumbs=crumbs), code

    def _summary(self, role: Role, before: Pairs, wanted: Pairs) -> Any:
        """What saving would give and take, before it is written."""
        change = Change.between(before, wanted)
        if not change.count:
            flash(gettext("Nothing was changed."), "info")
            return redirect(url_for("RolePage.show", pk=role.id))
        give = sorted(f"{verb.removeprefix('can_')}:{name}" for verb, name in wanted)
        page = {"role": role, "change": change, "give": give, "mark": mark(before), "holders": holders(role)}
        crumbs = [(_("System"), None), (_("Roles"), url_for("RolePage.list")), (role.name, url_for("RolePage.show", pk=role.id)),
                  (_("Confirm"), None)]
        return render_template("security/role_change.html", page=page, crumbs=crumbs)

    def _mine(self, role: Role) -> bool:
        """Nobody changes what they hold themselves."""
        held = assoc_user_role
        return bool(db.session.scalar(select(held.c.id).where(held.c.user_id == current_user.id, held.c.role_id == role.id)))

    def _save(self, role: Role, before: Pairs, wanted: Pairs) -> Any:
        try:
            put_on(role, wanted)
        except MixedDuties as refusal:
            words = str(refusal)
            db.session.rollback()
            return self._matrix(role, wanted, words, 422)
        except IntegrityError as refusal:
            if getattr(getattr(refusal.orig, "diag", None), "constraint_name", "") != SECOND_PERSON:
                raise
            db.session.rollback()
            return self._matrix(role, wanted, gettext(
                "Administration and opening sealed data are not added to a role that somebody holds, since each of its people needs two "
                "administrators for it. Make another role with these rights and give it under “Approval of grants”."), 422)
        given, taken = sorted(wanted - before), sorted(before - wanted)
        words = "; ".join([*(f"+{v} {n}" for v, n in given), *(f"-{v} {n}" for v, n in taken)])
        record("role", role.id, f"{role.name}: {words}", table="ab_role")
        db.session.commit()
        flash(gettext("Saved. The change holds from the next page that anybody opens."), "success")
        return redirect(url_for("RolePage.show", pk=role.id))


pages = (RolePage,)
