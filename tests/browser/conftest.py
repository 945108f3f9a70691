"""What browser tests stand on (浏览器测试环境): the console on a loopback port, one Chromium, and people signed in."""
from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, sync_playwright
from werkzeug.serving import make_server

from tests.conftest import PASSWORD, TOWN

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    """The console on a loopback port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    """One headless Chromium for the module."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page_of(chromium: Any, address: str, accounts: Callable[..., str]) -> Iterator[Callable[..., Page]]:
    """A maker of pages in which somebody with a role and a post has signed in; ``made.faults`` lists console errors and outside requests.

    Further words go to the browser's context: ``page_of("领导", COUNTY, viewport={"width": 390, "height": 844})``.
    """
    contexts = []

    def make(role: str, division_code: str | None = None, **words: Any) -> Page:
        words = {"viewport": {"width": 1440, "height": 900}, "locale": "zh-CN", **words}
        contexts.append(chromium.new_context(base_url=address, **words))
        made = contexts[-1].new_page()
        made.faults = []
        made.on("console", lambda message: made.faults.append(message.text) if message.type == "error" else None)
        made.on("request", lambda request: None if request.url.startswith((address, "data:", "blob:")) else made.faults.append(request.url))
        made.goto("/login/")
        made.fill("input[name=username]", accounts(role, division_code))
        made.fill("input[name=password]", PASSWORD)
        made.click("button[type=submit]")
        made.wait_for_url("**/")
        made.faults.clear()
        return made

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def page(page_of: Callable[..., Page]) -> Page:
    """A page in which a town's clerk has signed in."""
    return page_of("镇街录入员", TOWN)
