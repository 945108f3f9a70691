"""The console's page for the county's set-up file (配置文件): hand out, try, read in."""
from __future__ import annotations

import json
from typing import Any

from flask import Response, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from app.areas.divisions.calendar import today
from app.security import may
from app.security.proving import fresh
from app.web.custom import setup_file
from app.web.gate import needs
from app.web.page import Page

ACTS = {"new": (_("New"), "green"), "changed": (_("Changed"), "amber"), "same": (_("As it is"), "grey"), "left": (_("Left out"), "grey"),
        "conflict": (_("Conflict"), "red")}


class SetupPage(Page):
    """One file out, one file in."""

    route_base = "/setup-file"
    default_view = "show"
    permission = class_permission_name = "fields"
    menu_label = _("Set-up file")
    menu_icon = "file-export"

    @expose("/", methods=["GET"])
    @needs("read")
    def show(self) -> Any:
        """What the file is, and where to put one in."""
        return self._page([], "", "")

    def _page(self, steps: list[setup_file.Step], content: str, fault: str) -> Any:
        bad = any(step.act == "conflict" for step in steps)
        allowed = [part.label for part in setup_file.PARTS.values() if may("write", part.subject)]
        return render_template("custom/setup.html", steps=steps, content=content, fault=fault, bad=bad, acts=ACTS, allowed=allowed,
                               crumbs=[(gettext("System"), None), (self.menu_label, None)]), 422 if bad or fault else 200

    @expose("/download", methods=["GET"])
    @needs("read")
    def download(self) -> Any:
        """The whole set-up as JSON."""
        answer = Response(json.dumps(setup_file.exported(), ensure_ascii=False, indent=1), mimetype="application/json")
        answer.headers["Content-Disposition"] = f'attachment; filename="pingan-setup-{today().isoformat()}.json"'
        return answer

    @expose("/check", methods=["POST"])
    @needs("read")
    def check(self) -> Any:
        """The dry run: what would be new, changed or in conflict; nothing is kept."""
        upload = request.files.get("file")
        content = upload.read(setup_file.LARGEST + 1) if upload else b""
        if len(content) > setup_file.LARGEST:
            return self._page([], "", gettext("The file is larger than 2 MB."))
        return self._tried(content.decode("utf-8-sig", errors="replace"), really=False)

    @expose("/apply", methods=["POST"])
    @needs("read")
    @fresh
    def apply(self) -> Any:
        """Read the file in, whole or not at all."""
        return self._tried(request.form.get("content", ""), really=True)

    def _tried(self, content: str, *, really: bool) -> Any:
        try:
            said = json.loads(content)
            setup_file.refuse_other(said)
        except setup_file.Unreadable as unreadable:
            return self._page([], "", str(unreadable))
        except (ValueError, RecursionError):
            return self._page([], "", gettext("This is not a set-up file of the console."))
        steps = setup_file.read_in(said, really=really)
        if really and not any(step.act == "conflict" for step in steps):
            flash(gettext("The set-up was read in: %(new)s new, %(changed)s changed.", new=sum(s.act == "new" for s in steps),
                          changed=sum(s.act == "changed" for s in steps)), "success")
            return redirect(url_for("SetupPage.show"))
        return self._page(steps, content, "")


pages = (SetupPage,)
