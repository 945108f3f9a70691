"""Walking the console (全站巡检): from the plain pages over every link, one page of each kind, so that a new page is met without being named."""
from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.exceptions import HTTPException

from app.core.register import registers
from app.web.views import view_class

NO_PAGE = re.compile(r"^/(api|static|lang|lookup|export|files|attachments)/|^/(health|logout|login|back|bell|emblem|drafts)|\.\w{2,5}$|download|"
                     r"/(template|data|(?:users|webhooks)/divisions|users/tree|why/people|export|read)$")
"""Addresses that answer with data or a file, or that leave the console."""


def plain_pages(app: Flask) -> list[str]:
    """The pages whose address holds no argument."""
    rules = (rule.rule for rule in app.url_map.iter_rules() if "GET" in (rule.methods or ()) and not rule.arguments)
    return sorted({rule for rule in rules if not NO_PAGE.search(rule)})


def kind_of(app: Flask, path: str) -> str | None:
    """The route behind a path; None for what is no page."""
    try:
        rule, _values = app.url_map.bind("localhost").match(path, method="GET", return_rule=True)
    except HTTPException:
        return None
    return None if NO_PAGE.search(path) else rule.rule


def template_of(app: Flask, path: str) -> str:
    """What draws a path: the same for the list, form or record page of every register, the route itself for every other page."""
    endpoint, _values = app.url_map.bind("localhost").match(path, method="GET")
    view, _dot, method = endpoint.partition(".")
    return method if view in {view_class(register).__name__ for register in registers()} else endpoint


def walk(app: Flask, page: Any) -> Iterator[tuple[str, int]]:
    """Visit one page of every kind that the person at the browser may open; yields path and status while the page is open."""
    queue, seen = deque(plain_pages(app)), set()
    while queue:
        path = queue.popleft()
        kind = kind_of(app, path)
        if kind is None or kind in seen:
            continue
        seen.add(kind)
        answer = page.goto(path, wait_until="load")
        yield path, answer.status
        if answer.status == 200:
            links = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
            here = urlsplit(page.url).netloc
            queue.extend(parts.path for parts in map(urlsplit, links) if parts.netloc == here)
