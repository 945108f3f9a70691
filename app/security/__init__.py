"""Who may do what (权限): one question, asked by every page, interface and menu."""
from __future__ import annotations

from typing import TYPE_CHECKING

from flask import current_app
from flask_login import current_user

if TYPE_CHECKING:
    from app.security.rights import Rights


def may(verb: str, name: str) -> bool:
    """Whether the signed-in person holds the verb on the subject; nobody signed in holds nothing."""
    return bool(current_app.appbuilder.sm.has_access(f"can_{verb}", name))  # type: ignore[attr-defined]


def held() -> Rights:
    """What the signed-in person holds, as this process keeps it."""
    kept: Rights = current_app.appbuilder.sm.rights.of(current_user.id)  # type: ignore[attr-defined]
    return kept
