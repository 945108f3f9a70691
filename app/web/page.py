"""The base of every hand-written page (页面): its place in the menu and its permission."""
from __future__ import annotations

from typing import Any

from flask import abort
from flask_appbuilder import BaseView

from app.security import may


class Page(BaseView):
    """A FAB view whose class says where it stands in the menu and which permission it needs."""

    menu_label: Any = ""
    menu_area: str = "system"
    menu_icon: str = "file-text"
    permission: str = ""
    """Name of the permission's subject; ``read`` on it opens the page."""

    def need(self, verb: str) -> None:
        """Refuse whoever may not."""
        if not may(verb, self.permission):
            abort(403)
