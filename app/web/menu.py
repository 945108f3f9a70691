"""The side menu: the registers by area, then the system's own pages, each only for those who may open it."""
from __future__ import annotations

from typing import Any

from flask import Flask, current_app, request
from flask_babel import lazy_gettext as _
from flask_login import current_user

from app.core.register import areas, registers
from app.security import may
from app.web.addresses import plain_url
from app.web.page import Page
from app.web.record import endpoint

SYSTEM = ("system", _("System"), "settings")


def _register_items(area: str) -> list[dict[str, Any]]:
    made = []
    for register in registers():
        if register.area == area and may("read", register.name):
            url = plain_url(f"{endpoint(register)}.list")
            made.append({"label": register.label, "icon": register.icon, "url": url,
                         "active": request.path.startswith((f"/{register.name}/", f"/import/{register.name}"))})
    return made


def _page_items(area: str) -> list[dict[str, Any]]:
    made = []
    for view in current_app.appbuilder.baseviews:  # type: ignore[attr-defined]
        if isinstance(view, Page) and view.menu_label and view.menu_area == area and may("read", view.permission):
            url = plain_url(f"{view.endpoint}.{view.default_view}")
            made.append({"label": view.menu_label, "icon": view.menu_icon, "url": url, "active": request.path.startswith(url)})
    return made


def menu() -> list[dict[str, Any]]:
    """The groups of the menu with their items; a group without items does not exist."""
    if not current_user.is_authenticated:
        return []
    groups = [(a.name, a.label, a.icon) for a in areas().values()]
    made = []
    for name, label, icon in (*groups, SYSTEM):
        items = _register_items(name) + _page_items(name)
        if items:
            made.append({"label": label, "icon": icon, "items": items, "open": any(i["active"] for i in items)})
    return made


def init_menu(app: Flask) -> None:
    """Let every template ask for the menu."""
    app.jinja_env.globals["menu"] = menu
