"""The accounts screen (账号管理): system administrators open accounts, security administrators give them rights."""
from __future__ import annotations

from dataclasses import replace
from typing import Any

from flask import abort, flash, jsonify, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_appbuilder.security.sqla.models import Role
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_login import current_user
from sqlalchemy import select

from app.database import db
from app.database.scope import SLOTS
from app.security import lockout, may
from app.security.accounts import BadAccount, create, create_system, give_one_time
from app.security.division_tree import opened
from app.security.divisions_of import matching, names, post_names
from app.security.duties import MixedDuties
from app.security.grant_requests import GrantRequest, ask, waiting
from app.security.granting import check_apart, check_first, may_grant, may_reset, part_that_waits
from app.security.models import UserAccount
from app.security.proving import fresh
from app.security.switching import BadSwitch, switch
from app.security.trail import record
from app.security.user_form import BadGrant, Grants
from app.security.user_list import PAGE_ROWS, STATES, Asked, counts, rows
from app.web.cells import shown
from app.web.gate import needs
from app.web.page import Page


class UserPage(Page):
    """Accounts: list, new, details, rights, one-time password."""

    route_base = "/users"
    default_view = "list"
    permission = class_permission_name = "users"
    menu_label = _("Users")
    menu_icon = "users"

    def _found(self, pk: int) -> UserAccount:
        user = db.session.get(UserAccount, pk) if 0 < pk < 2**31 else None
        return user if user is not None else abort(404)

    @expose("/", methods=["GET"])
    @needs("read")
    def list(self) -> Any:
        """Everybody, newest first, by division, state and words."""
        asked = Asked.of(request.args)
        count = counts(asked)
        last = -(-count[asked.state] // PAGE_ROWS) or 1
        asked = replace(asked, page=min(asked.page, last))
        found = rows(asked)
        tree = opened(asked.division)
        page = {"rows": found, "posts": post_names(each["user"].id for each in found), "asked": asked, "counts": count, "last": last,
                "states": STATES, "tree": tree, "may_write": may("write", "users"),
                "chosen": names([asked.division]).get(asked.division, asked.division) if asked.division else ""}
        return render_template("security/users.html", page=page, shown=shown, crumbs=[(_("System"), None), (_("Users"), None)])

    @expose("/divisions", methods=["GET"])
    @needs("read")
    def divisions(self) -> Any:
        """Typeahead over the whole tree, for posts; names of divisions are public."""
        words = request.args.get("q", "").replace("\x00", "").strip()[:50]
        return jsonify(results=[{"id": code, "text": name} for code, name in matching(words)])

    @expose("/add", methods=["GET", "POST"])
    @needs("write")
    @fresh
    def add(self) -> Any:
        """Open an account, without any right; its one-time password is shown once."""
        given = {name: request.form.get(name, "") for name in ("username", "full_name", "system")}
        if request.method == "GET":
            return self._form(None, given=given)
        names, password = (given["username"].replace("\x00", ""), given["full_name"].replace("\x00", "")), ""
        try:
            if given["system"]:
                user = create_system(db.session, *names)
            else:
                user, password = create(db.session, *names)
        except BadAccount as refusal:
            db.session.rollback()
            return self._form(None, str(refusal), 422, given=given)
        record("account", user.id, user.source)
        db.session.commit()
        return self._form(user, password=password)

    def _form(self, user: UserAccount | None, fault: str = "", code: int = 200, **more: Any) -> Any:
        """The page of one account; ``more`` holds what was typed, what was ticked, or a one-time password."""
        grants = more.get("grants") or (Grants.of(db.session, user) if user else Grants())
        roles = db.session.scalars(select(Role).order_by(Role.id)).all()
        page = {
            "user": user, "given": more.get("given", {}), "fault": fault, "password": more.get("password", ""), "roles": roles, "grants": grants,
            "known": names(grants.posts), "slots": SLOTS, "may_write": may("write", "users"),
            "may_explain": may("read", "roles"), "may_grant": user is not None and may_grant(user),
            "self": user is not None and user.id == current_user.id,
            "locked": user is not None and lockout.is_locked(db.session, lockout.account_key(user.username)),
            "waiting": db.session.scalar(waiting(GrantRequest.user_id == user.id)) if user else None,
            "may_reset": user is not None and may_reset(user),
        }
        title = user.full_name if user else _("New account")
        crumbs = [(_("System"), None), (_("Users"), url_for("UserPage.list")), (title, None)]
        return render_template("security/user_form.html", page=page, title=title, crumbs=crumbs), code

    @expose("/<int:pk>", methods=["GET"])
    @needs("read")
    def show(self, pk: int) -> Any:
        """One account."""
        return self._form(self._found(pk))

    @expose("/<int:pk>/details", methods=["POST"])
    @needs("write")
    def details(self, pk: int) -> Any:
        """Change the name, or let the account in or not."""
        user, name = self._found(pk), " ".join(request.form.get("full_name", "").replace("\x00", "").split())
        active = bool(request.form.get("active"))
        if not 1 <= len(name) <= 64:
            return self._form(user, fault=gettext("Write the person's full name, at most 64 characters."), code=422)
        try:
            switch([user], active)
        except BadSwitch as refusal:
            words = str(refusal)
            db.session.rollback()
            return self._form(self._found(pk), fault=words, code=422)
        user.first_name, user.last_name = name, ""
        record("account", user.id, f"name: {name}; active: {active}")
        db.session.commit()
        flash(gettext("Saved."), "success")
        return redirect(url_for("UserPage.show", pk=pk))

    @expose("/<int:pk>/grants", methods=["POST"])
    @needs("read")
    @fresh
    def grants(self, pk: int) -> Any:
        """Give roles and posts; the person's sessions end, so that nothing of the former rights remains."""
        user, grants = self._found(pk), Grants.from_form(request.form)
        if not may_grant(user):
            abort(403)
        try:
            check_first(grants)
            check_apart(grants)
            grants.check()
            waits, held = part_that_waits(user, grants), Grants.of(db.session, user)
            at_once = grants.without(waits, held)
            at_once.put_on(db.session, user)
        except (BadGrant, MixedDuties) as refusal:
            words = str(refusal)
            db.session.rollback()
            return self._form(self._found(pk), fault=words, code=422, grants=grants)
        record("grant", user.id, at_once.words(db.session))
        if waits != Grants():
            ask(db.session, user, waits)
        db.session.commit()
        flash(gettext("Saved."), "success")
        if waits != Grants():
            flash(gettext("What is dangerous waits until another person agrees, see “Grant approvals”."), "warning")
        return redirect(url_for("UserPage.show", pk=pk))

    @expose("/<int:pk>/reset", methods=["POST"])
    @needs("write")
    @fresh
    def reset(self, pk: int) -> Any:
        """A new one-time password, shown once; it also lifts a lock."""
        user = self._found(pk)
        if not may_reset(user):
            abort(403)
        password = give_one_time(db.session, user)
        record("reset_password", user.id)
        db.session.commit()
        return self._form(user, password=password)


pages = (UserPage,)
