"""A clerk works in a real browser: signs in, saves a record, and nothing breaks the page's strict policy."""
from __future__ import annotations

import threading

import pytest
from playwright.sync_api import sync_playwright
from werkzeug.serving import make_server

from tests.conftest import PASSWORD

FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run"]


@pytest.fixture(scope="module")
def address(app):
    """The console on a loopback port."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()


@pytest.fixture(scope="module")
def chromium():
    """One headless Chromium for the module."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium, address, accounts):
    """A page in which a town's clerk has signed in; every console error and outside request is kept."""
    context = chromium.new_context(base_url=address, viewport={"width": 1440, "height": 900}, locale="zh-CN")
    made = context.new_page()
    made.faults = []
    made.on("console", lambda message: made.faults.append(message.text) if message.type == "error" else None)
    made.on("request", lambda request: None if request.url.startswith((address, "data:")) else made.faults.append(request.url))
    made.goto("/login/")
    made.fill("input[name=username]", accounts("镇街录入员", "371625101"))
    made.fill("input[name=password]", PASSWORD)
    made.click("button[type=submit]")
    made.wait_for_url("**/")
    made.faults.clear()
    yield made
    context.close()


def test_pages_keep_the_strict_policy_and_ask_no_outside_host(page):
    for path in ("/", "/supervision_items/list/", "/supervision_items/add", "/governance_centres/list/",
                 "/import/legal_contracts", "/briefings/list/"):
        assert page.goto(path).status == 200, path
        page.wait_for_load_state("networkidle")
    assert page.faults == []


def test_a_record_is_saved_and_what_was_wrong_is_kept(page):
    page.goto("/supervision_items/add")
    page.fill("input[name=title]", "浏览器测试事项")
    page.evaluate("document.querySelector('form[method=post] input[name=title]').form.noValidate = true")
    page.evaluate("document.querySelector('input[name=title]').form.requestSubmit()")
    page.wait_for_load_state("networkidle")
    assert page.input_value("input[name=title]") == "浏览器测试事项"
    assert page.locator(".is-invalid").count() > 0


def test_a_phone_does_not_scroll_sideways(page):
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/", "/supervision_items/list/", "/supervision_items/add", "/legal_contracts/list/"):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path
