"""The pages of access tokens (访问令牌): everybody's own, and those of the accounts of other systems."""
from __future__ import annotations

from typing import Any

from flask import abort, current_app, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.core.base import now
from app.core.register import registers
from app.database import db
from app.security import tokens
from app.security.divisions_of import names
from app.security.models import UserAccount
from app.security.proving import fresh, signed_in_person
from app.security.token_form import TERMS, BadToken, TokenWish, offered
from app.security.trail import record
from app.web.cells import shown
from app.web.gate import needs
from app.web.page import Page


class OwnTokenPage(Page):
    """My tokens: programs that work under my name."""

    route_base = "/account/tokens"
    default_view = "show"

    def _owner(self, pk: int | None = None) -> UserAccount:
        return signed_in_person()

    def _may_make(self, owner: UserAccount) -> bool:
        return bool(current_app.config["TOKENS"] == "all")

    def _url(self, name: str, owner: UserAccount, **more: Any) -> str:
        return url_for(f"{self.endpoint}.{name}", **more)

    def _crumbs(self, owner: UserAccount) -> list[tuple[Any, str | None]]:
        return [(_("My account"), url_for("AccountPage.show")), (_("Access tokens"), None)]

    def _page(self, owner: UserAccount, wish: TokenWish, *, fault: str = "", secret: str = "") -> Any:
        own, moment, labels = tokens.of_person(owner.id), now(), {register.name: register.label for register in registers()}
        known = names(filter(None, {wish.within, *(each.within for each in own)}))
        rows = [{"token": each, "works": each.works(moment), "places": known.get(each.within or "", each.within),
                 "registers": [labels.get(name, name) for name in each.registers],
                 "revoke_url": self._url("revoke", owner, number=each.id) if each.works(moment) else None} for each in own]
        page = {"rows": rows, "owner": owner, "wish": wish, "fault": fault, "secret": secret, "terms": TERMS, "known": known,
                "registers": offered(current_app.appbuilder.sm.pairs(owner.id)),  # type: ignore[attr-defined]
                "make_url": self._url("make", owner) if self._may_make(owner) else None, "lookup_url": self._lookup()}
        return render_template("security/tokens.html", page=page, shown=shown, crumbs=self._crumbs(owner)), 422 if fault else 200

    def _lookup(self) -> str:
        return url_for("LookupPage.find", name="divisions")

    def _make(self, owner: UserAccount) -> Any:
        if not self._may_make(owner):
            abort(403)
        wish = TokenWish.from_form(request.form)
        try:
            wish.check(owner, offered(current_app.appbuilder.sm.pairs(owner.id)))  # type: ignore[attr-defined]
        except BadToken as refusal:
            db.session.rollback()
            return self._page(self._owner(owner.id), wish, fault=str(refusal))
        _made, secret = tokens.make(owner, wish.name, list(wish.registers), list(wish.verbs), wish.within or None, wish.days, current_user.id)
        record("token", owner.id, wish.words())
        db.session.commit()
        return self._page(self._owner(owner.id), TokenWish(), secret=secret)

    def _revoke(self, owner: UserAccount, number: int) -> Any:
        ended = tokens.revoke(owner.id, number) if number < 2**31 else None
        if ended is None:
            abort(404)
        record("revoke_token", owner.id, f"{ended.prefix}… {ended.name}")
        db.session.commit()
        flash(_("The token is revoked; it opens nothing any more."), "success")
        return redirect(self._url("show", owner))

    @expose("", methods=["GET"])
    def show(self) -> Any:
        """My tokens."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=request.path))
        return self._page(self._owner(), TokenWish())

    @expose("", methods=["POST"])
    @fresh
    def make(self) -> Any:
        """A new token of mine, shown once."""
        return self._make(self._owner())

    @expose("/<int:number>/revoke", methods=["POST"])
    def revoke(self, number: int) -> Any:
        """End one of mine."""
        return self._revoke(self._owner(), number)


class UserTokenPage(OwnTokenPage):
    """The tokens of an account, for administrators: they end anybody's, and make those of other systems."""

    route_base = "/users"
    default_view = "show"
    class_permission_name = permission = "users"

    def _owner(self, pk: int | None = None) -> UserAccount:
        found = db.session.get(UserAccount, pk) if pk is not None and 0 < pk < 2**31 else None
        return found if found is not None else abort(404)

    def _may_make(self, owner: UserAccount) -> bool:
        return owner.source == "system" and current_app.config["TOKENS"] != "off"

    def _url(self, name: str, owner: UserAccount, **more: Any) -> str:
        return url_for(f"{self.endpoint}.{name}", pk=owner.id, **more)

    def _crumbs(self, owner: UserAccount) -> list[tuple[Any, str | None]]:
        return [(_("Users"), url_for("UserPage.list")), (owner.full_name, url_for("UserPage.show", pk=owner.id)), (_("Access tokens"), None)]

    def _lookup(self) -> str:
        return url_for("UserPage.divisions")

    @expose("/<int:pk>/tokens", methods=["GET"])
    @needs("write")
    def show(self, pk: int) -> Any:
        """The tokens of an account."""
        return self._page(self._owner(pk), TokenWish())

    @expose("/<int:pk>/tokens", methods=["POST"])
    @needs("write")
    @fresh
    def make(self, pk: int) -> Any:
        """A new token for another system, shown once; it may do what the security administrator gave the account."""
        return self._make(self._owner(pk))

    @expose("/<int:pk>/tokens/<int:number>/revoke", methods=["POST"])
    @needs("write")
    def revoke(self, pk: int, number: int) -> Any:
        """End a token of anybody's."""
        return self._revoke(self._owner(pk), number)


pages = (OwnTokenPage, UserTokenPage)
