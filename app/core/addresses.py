"""Addresses of a register's pages, for whoever points to rows without importing the pages."""
from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode


@dataclass(frozen=True)
class PageLink:
    """A page that a model has besides its record page: what its ``own_pages`` property lists, the record page links to."""

    label: Any
    url: str
    icon: str
    verb: str = "read"
    """What one must be allowed on the register to be led there; ``write`` also asks for a record of one's own range."""


def listing(register: str, *conditions: list[str], either: tuple[list[str], ...] = (), **query: str) -> str:
    """The address of the register's list under some filters; conditions are such as ``["state", "not", "closed"]``.

    All ``conditions`` must hold, and one of ``either`` if there are any.
    """
    groups = [group for group in (["and", *conditions], ["or", *either]) if len(group) > 1]
    if groups:
        query["where"] = json.dumps(["and", *groups], ensure_ascii=False, separators=(",", ":"))
    return f"/{register}/list/" + (f"?{urlencode(query)}" if query else "")


def showing(register: str, pk: int) -> str:
    """The address of one record."""
    return f"/{register}/show/{pk}"
