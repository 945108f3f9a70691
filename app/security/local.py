"""Which addresses a redirect may lead to."""
from __future__ import annotations

from urllib.parse import urlsplit


def is_local(target: str | None) -> bool:
    """Whether the address stays in the console: a path, no host, no backslash trick."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return False
    parts = urlsplit(target)
    return not parts.scheme and not parts.netloc and "\\" not in target and all(ord(c) >= 32 for c in target)
