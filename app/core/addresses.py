"""Addresses of a register's pages, for whoever points to rows without importing the pages."""
from __future__ import annotations

from urllib.parse import urlencode


def listing(register: str, **query: str) -> str:
    """The address of the register's list under some filters."""
    return f"/{register}/list/" + (f"?{urlencode(query)}" if query else "")


def showing(register: str, pk: int) -> str:
    """The address of one record."""
    return f"/{register}/show/{pk}"
