"""Who may do what (权限): one question, asked by every page, interface and menu."""
from __future__ import annotations

from flask import current_app


def may(verb: str, name: str) -> bool:
    """Whether the signed-in person holds the verb on the subject; nobody signed in holds nothing."""
    return bool(current_app.appbuilder.sm.has_access(f"can_{verb}", name))  # type: ignore[attr-defined]
