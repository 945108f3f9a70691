"""The side menu (侧边菜单): the registers by area, then the system's own pages, each only for those who may open it.

It is the same on page after page, so it is drawn once for each set of rights, language and open page, and kept as text.
"""
from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from flask import Flask, current_app, render_template, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from flask_login import current_user
from markupsafe import Markup

from app.core.register import areas, registers
from app.security import may
from app.web.addresses import plain_url
from app.web.page import Page
from app.web.record import endpoint

SYSTEM = ("system", _("System"), "settings")
MOST = 500
"""Menus that a process keeps; whichever was longest away goes first."""


@dataclass(frozen=True)
class Item:
    """One place in the menu: its area, what permission it asks for, and the beginnings of the paths where it is open."""

    area: str
    subject: str
    label: Any
    icon: str
    url: str
    paths: tuple[str, ...]


def _items() -> list[Item]:
    """Every place there is; asked once for an application."""
    kept: list[Item] | None = current_app.extensions.get("menu_items")
    if kept is None:
        kept = [Item(r.area, r.name, r.label, r.icon, plain_url(f"{endpoint(r)}.list"), (f"/{r.name}/", f"/import/{r.name}"))
                for r in registers()]
        for view in current_app.appbuilder.baseviews:  # type: ignore[attr-defined]
            if isinstance(view, Page) and view.menu_label:
                url = plain_url(f"{view.endpoint}.{view.default_view}")
                kept.append(Item(view.menu_area, view.permission, view.menu_label, view.menu_icon, url, (url,)))
        current_app.extensions["menu_items"] = kept
    return kept


def _mine() -> tuple[Item, ...]:
    return tuple(item for item in _items() if may("read", item.subject)) if current_user.is_authenticated else ()


def _groups(mine: tuple[Item, ...], here: str) -> list[dict[str, Any]]:
    """The groups with their items; a group without items does not exist."""
    made = []
    for name, label, icon in (*((a.name, a.label, a.icon) for a in areas().values()), SYSTEM):
        items = [{"label": i.label, "icon": i.icon, "url": i.url, "active": i.url == here} for i in mine if i.area == name]
        if items:
            made.append({"label": label, "icon": icon, "items": items, "open": any(item["active"] for item in items)})
    return made


def side_menu() -> Markup:
    """The menu of whoever is signed in, with the open page marked."""
    kept: OrderedDict[Any, Markup] = current_app.extensions["menus"]
    mine = _mine()
    here = next((item.url for item in mine if request.path.startswith(item.paths)), "/" if request.path == "/" else "")
    look = current_app.extensions["appearance"].get().version
    key = (tuple(item.url for item in mine), here, str(get_locale()), request.script_root, look)
    if key not in kept:
        kept[key] = Markup(render_template("_menu.html", groups=_groups(mine, here), at_home=here == "/"))  # noqa: S704 - the template escapes.
        if len(kept) > MOST:
            kept.popitem(last=False)
    return kept[key]


def init_menu(app: Flask) -> None:
    """Let every template ask for the menu."""
    app.extensions["menus"] = OrderedDict()
    app.jinja_env.globals["side_menu"] = side_menu
