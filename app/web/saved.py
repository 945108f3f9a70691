"""How a list is opened (打开列表): the address first, else the role's default query, and one's own layout."""
from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from flask import url_for
from flask_login import current_user

from app.core.register import Register
from app.security import held, may
from app.security.saved_views import LAYOUT, ROLE, SavedView, views_of
from app.web.shown import choosable


@dataclass
class Opening:
    """The words that the list is read by, and the saved views around them."""

    args: dict[str, str]
    views: list[SavedView] = field(default_factory=list)
    default: SavedView | None = None
    density: str = ""
    own_columns: bool = False

    def menu(self, base: str) -> list[dict[str, Any]]:
        """The entries of the queries menu."""
        now = self.args.get("view") or (str(self.default.id) if self.default else "")
        return [{"id": v.id, "name": v.name, "reach": v.reach, "role_id": v.role_id, "own": v.owner_id == current_user.id,
                 "active": str(v.id) == now, "url": f"{base}?{v.query}&view={v.id}",
                 "change_url": url_for("SavedViewPage.change", pk=v.id), "delete_url": url_for("SavedViewPage.delete", pk=v.id)}
                for v in self.views]


def opening(register: Register, args: dict[str, str]) -> Opening:
    """What the person sees who opens this address."""
    found = views_of(register.name, current_user.id)
    made = Opening(dict(args), [view for view in found if view.reach != LAYOUT])
    roles = held().roles
    if not args:
        made.default = next((view for view in reversed(made.views) if view.reach == ROLE and view.role_id in roles), None)
        made.args = dict(parse_qsl(made.default.query)) if made.default else {}
    layout = next((dict(parse_qsl(view.query)) for view in found if view.reach == LAYOUT), {})
    columns = [name for name in layout.get("columns", "").split(",") if name in choosable(register)]
    if columns and "columns" not in made.args:
        made.args["columns"], made.own_columns = ",".join(columns), True
    density = made.args.get("density", layout.get("density", current_user.density))
    made.density = density if density in ("dense", "airy") else ""
    return made


def roles_to_choose() -> list[tuple[int, str]]:
    """The roles a default can be given to, for those who may share."""
    if not may("write", "saved_views"):
        return []
    return list(held().all_roles)
