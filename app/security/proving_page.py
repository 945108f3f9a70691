"""The page that asks for a proof before a page is read (身份核验页)."""
from __future__ import annotations

from typing import Any

from flask import redirect, request
from flask_appbuilder import expose

from app.security import proving
from app.security.local import is_local
from app.web.page import Page


class ProvingPage(Page):
    """Asks for the password or a code, then leads on."""

    route_base = "/account/prove"
    default_view = "prove"

    @expose("", methods=["GET", "POST"])
    def prove(self) -> Any:
        """Ask, and lead to where the person wanted to go."""
        proving.signed_in_person()
        wanted = request.values.get("next")
        target = wanted if wanted and is_local(wanted) else "/"
        if proving.is_proved():
            return redirect(target)
        fault = ""
        if request.method == "POST":
            if proving.prove(request.form.get(proving.FIELD, "")):
                return redirect(target)
            if out := proving.thrown_out():
                return out
            fault = proving.wrong()
        return proving.page(request.path, [("next", target)], fault)


pages = (ProvingPage,)
