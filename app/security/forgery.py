"""Form tokens (防伪造): asked of every change that a cookie alone could make; a bearer token comes from no browser by itself."""
from __future__ import annotations

from flask_wtf import CSRFProtect

from app.security.tokens import sent


class Forgery(CSRFProtect):
    """The check, without requests that are judged by their bearer token alone."""

    def _is_exempt(self) -> bool:
        return sent() is not None or bool(super()._is_exempt())
