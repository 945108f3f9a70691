"""A clerk works in a real browser: signs in, saves a record, and nothing breaks the page's strict policy."""
from __future__ import annotations


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
