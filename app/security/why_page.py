"""The page that answers why a person sees something (权限溯源), for security administrators."""
from __future__ import annotations

from typing import Any

from flask import abort, render_template, request
from flask_appbuilder import expose
from flask_babel import lazy_gettext as _
from sqlalchemy import or_, select

from app.core.register import areas, find, registers
from app.database import db
from app.security.divisions_of import names
from app.security.models import UserAccount
from app.security.why import explain
from app.web.gate import needs
from app.web.page import Page

MOST = 20


class WhyPage(Page):
    """One person, one register, and one division if wanted."""

    route_base = "/why"
    default_view = "show"
    permission = class_permission_name = "roles"
    menu_label = _("Why can this person see this?")
    menu_icon = "help"

    @expose("/", methods=["GET"])
    @needs("read")
    def show(self) -> Any:
        """The question, and the answer once it is complete."""
        user, register, code = self._person(), self._register(), request.args.get("division", "")[:12]
        known = names([code] if code else [])
        page = {"user": user, "register": register, "division": code if code in known else "", "known": known, "answer": None, "groups": [
            (area.label, [r for r in registers() if r.area == name]) for name, area in areas().items()]}
        if user is not None and register is not None:
            page["answer"] = answer = explain(user, register, page["division"])
            page["known"] = known | names([at for at, _reach, _covers in answer.posts])
        return render_template("security/why.html", page=page, crumbs=[(_("System"), None), (self.menu_label, None)])

    @staticmethod
    def _person() -> UserAccount | None:
        asked = request.args.get("person", "")
        if not asked:
            return None
        user = db.session.get(UserAccount, int(asked)) if asked.isascii() and asked.isdigit() and len(asked) < 10 else None
        return user if user is not None else abort(404)

    @staticmethod
    def _register() -> Any:
        asked = request.args.get("register", "")
        return (find(asked) if asked in {r.name for r in registers()} else abort(404)) if asked else None

    @expose("/people", methods=["GET"])
    @needs("read")
    def people(self) -> Any:
        """Typeahead over the accounts, by name or sign-in name."""
        words = request.args.get("q", "").strip()[:64].replace("\x00", "")
        query = select(UserAccount).order_by(UserAccount.username).limit(MOST)
        if words:
            named = (UserAccount.username, UserAccount.last_name, UserAccount.first_name)
            query = query.where(or_(*(column.contains(words, autoescape=True) for column in named)))
        return {"results": [{"id": str(u.id), "text": f"{u.full_name} ({u.username})"} for u in db.session.scalars(query)]}


pages = (WhyPage,)
