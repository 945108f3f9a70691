"""The settings page of the appearance, and the files that come of it."""
from __future__ import annotations

import io
from typing import Any

from flask import Flask, Response, abort, current_app, flash, g, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from PIL import Image
from sqlalchemy.dialects.postgresql import insert

from app.database import db
from app.web.appearance.colour import readable, sheet
from app.web.appearance.model import Appearance, AppearanceRow, Kept, appearance
from app.web.assets import asset
from app.web.gate import needs
from app.web.page import Page

LARGEST = 200 * 1024
SIDE = 2000
KINDS = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
LENGTHS = {"county_name": 30, "notice": 200, "footer": 200}


def picture_type(content: bytes) -> str | None:
    """The kind of a whole picture of a sensible size; None for anything else, drawings with scripts in them included."""
    try:
        with Image.open(io.BytesIO(content), formats=list(KINDS)) as picture:
            if max(picture.size) > SIDE:
                return None
            picture.load()
            return KINDS[picture.format or ""]
    except (OSError, SyntaxError, ValueError, KeyError, Image.DecompressionBombError):
        return None


class AppearancePage(Page):
    """County name, emblem, colour, notices."""

    route_base = "/appearance"
    default_view = "show"
    permission = class_permission_name = "appearance"
    menu_label = _("Appearance")
    menu_icon = "palette"

    @expose("/", methods=["GET"])
    @needs("read")
    def show(self) -> Any:
        """What is set now."""
        row = db.session.get(AppearanceRow, 1)
        return self._page({name: getattr(row, name, None) or "" for name in (*LENGTHS, "accent")}, {})

    def _page(self, values: dict[str, str], faults: dict[str, str]) -> Any:
        return render_template("appearance/form.html", values=values, faults=faults, has_emblem=appearance().emblem is not None,
                               shipped=current_app.config, crumbs=[(self.menu_label, None)]), 422 if faults else 200

    @expose("/", methods=["POST"])
    @needs("write")
    def save(self) -> Any:
        """Keep the settings; a wrong one keeps what was typed and says why."""
        values = {name: request.form.get(name, "").strip() for name in (*LENGTHS, "accent")}
        upload = request.files.get("emblem")
        content = upload.read(LARGEST + 1) if upload and upload.filename else b""
        if faults := _faults(values, content):
            return self._page(values, faults)
        new: dict[str, Any] = {name: value or None for name, value in values.items()}
        if content:
            new |= {"emblem": content, "emblem_type": picture_type(content)}
        elif request.form.get("no_emblem"):
            new |= {"emblem": None, "emblem_type": None}
        version = insert(AppearanceRow).values(id=1, **new)
        db.session.execute(version.on_conflict_do_update(index_elements=["id"], set_={**new, "version": AppearanceRow.version + 1}))
        db.session.commit()
        flash(gettext("Saved."), "success")
        return redirect(url_for("AppearancePage.show"))


def _faults(values: dict[str, str], content: bytes) -> dict[str, str]:
    found = {name: gettext("At most %(most)s characters.", most=most) for name, most in LENGTHS.items() if len(values[name]) > most}
    if values["accent"] and not readable(values["accent"]):
        found["accent"] = gettext("White words cannot be read on this colour; choose a darker one.")
    if len(content) > LARGEST:
        found["emblem"] = gettext("The picture is larger than 200 KB; make it smaller.")
    elif content and picture_type(content) is None:
        found["emblem"] = gettext("The file is no PNG, JPEG or WebP picture.")
    return found


def emblem_url() -> str:
    """Where the emblem is fetched: the county's own, or the shipped mark."""
    own = appearance()
    return f"{request.script_root}/emblem?v={own.version}" if own.emblem else asset("mark.svg")


def init_appearance(app: Flask) -> None:
    """Tell the templates, and serve the style sheet and the emblem."""
    app.extensions["appearance"] = Kept()
    app.jinja_env.globals.update(appearance=appearance, emblem=emblem_url)
    def asked_for() -> Appearance:
        own = app.extensions["appearance"].newest(request.args.get("v"))
        # A file that is not the one asked for must not be kept under its address.
        g.passing = str(own.version) != request.args.get("v")
        return own

    @app.get("/appearance.css")
    def appearance_css() -> Response:
        """The accent colour."""
        return Response(sheet(asked_for().accent), mimetype="text/css")

    @app.get("/emblem")
    def emblem() -> Response:
        """The county's emblem."""
        own = asked_for()
        if own.emblem is None:
            abort(404)
        return Response(own.emblem, mimetype=own.emblem_type)


pages = (AppearancePage,)
