"""The console without a mouse: one walk of twenty steps, each of which must end where a person expects it."""
from __future__ import annotations

import pytest

from tests.conftest import COUNTY

FOCUSED = "() => document.activeElement"


@pytest.fixture
def officer_page(page_of):
    """An officer of the county at the keyboard."""
    return page_of("县级业务人员", COUNTY)


def at(page, selector):
    """Whether the focus stands on, or within, what the selector names."""
    return page.evaluate("selector => { const there = document.activeElement.closest(selector); return Boolean(there); }", selector)


def test_the_shell_and_its_search_are_worked_by_keys(officer_page):
    page, steps = officer_page, {}
    page.goto("/supervision_items/list/")
    page.keyboard.press("Tab")
    steps["the first Tab meets the skip link"] = at(page, ".skip")
    page.keyboard.press("Enter")
    steps["the skip link leads to the content"] = at(page, "main")
    page.keyboard.press("/")
    steps["a slash opens the search"] = at(page, "#top-q")
    page.keyboard.type("督办")
    page.wait_for_selector("#palette a")
    page.keyboard.press("ArrowDown")
    steps["an arrow leads into the hits"] = at(page, "#palette a")
    page.keyboard.press("ArrowUp")
    steps["and back"] = at(page, "#top-q")
    page.keyboard.press("Escape")
    steps["Escape empties the hits"] = page.locator("#palette a").count() == 0 and at(page, "#top-q")
    page.locator("[data-menu]").focus()
    before = page.locator("html").get_attribute("class") or ""
    page.keyboard.press("Enter")
    steps["the menu folds by Enter"] = (page.locator("html").get_attribute("class") or "") != before
    assert [step for step, done in steps.items() if not done] == []


def test_a_list_is_worked_by_keys(officer_page):
    page, steps = officer_page, {}
    page.goto("/supervision_items/list/")
    page.keyboard.press("j")
    steps["j goes to the first row"] = at(page, "[data-row]:nth-child(1)")
    page.keyboard.press("ArrowDown")
    steps["an arrow goes on"] = at(page, "[data-row]:nth-child(2)")
    page.keyboard.press("k")
    steps["k goes back"] = at(page, "[data-row]:nth-child(1)")
    page.keyboard.press("x")
    steps["x ticks the row and the bar appears"] = page.locator(".bulk").is_visible() and page.locator("[data-one]:checked").count() == 1
    page.locator("[data-one]").nth(3).click(modifiers=["Shift"])
    page.locator("[data-one]").nth(0).click()
    page.locator("[data-one]").nth(0).click()
    page.locator("[data-one]").nth(3).click(modifiers=["Shift"])
    steps["Shift takes the rows between"] = page.locator("[data-one]:checked").count() in (0, 4)
    page.keyboard.press("?")
    page.wait_for_selector("#list-keys.show")
    page.wait_for_timeout(500)
    steps["a question mark shows the keys"] = page.locator("#list-keys").is_visible()
    page.keyboard.press("Escape")
    page.wait_for_selector("#list-keys", state="hidden")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/supervision_items/show/**")
    steps["Enter opens the row"] = True
    assert [step for step, done in steps.items() if not done] == []


def test_a_form_is_worked_by_keys(officer_page):
    page, steps = officer_page, {}
    page.goto("/supervision_items/list/")
    page.keyboard.press("n")
    page.wait_for_selector("#drawer.show [data-save]")
    page.wait_for_timeout(400)
    steps["n opens the drawer with the focus in it"] = at(page, "#drawer")
    for _ in range(60):
        page.keyboard.press("Tab")
    steps["Tab stays within the drawer"] = at(page, "#drawer")
    page.fill("#drawer input[name=title]", "键盘事项")
    page.keyboard.press("Alt+s")
    page.wait_for_selector("#drawer .is-invalid")
    steps["Alt+S saves, and the focus goes to what is wrong"] = at(page, "#drawer .is-invalid") or at(page, "#drawer [role=alert]")
    steps["what was typed is still there"] = page.input_value("#drawer input[name=title]") == "键盘事项"
    asked = []
    page.once("dialog", lambda dialog: (asked.append(dialog.message), dialog.dismiss()))
    page.fill("#drawer input[name=title]", "键盘事项二")
    page.keyboard.press("Escape")
    page.wait_for_timeout(500)
    steps["Escape asks before unsaved words go"] = bool(asked) and page.locator("#drawer.show").count() == 1
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Escape")
    page.wait_for_selector("#drawer", state="hidden")
    page.goto("/supervision_items/list/")
    page.locator("[data-one]").first.check()
    page.locator(".bulk button[value=delete]").click()
    page.wait_for_selector("#confirm.show")
    page.wait_for_timeout(400)
    steps["a dangerous question begins at Cancel"] = at(page, "#confirm [data-bs-dismiss]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#confirm", state="hidden")
    steps["Escape takes it back"] = page.locator("[data-one]:checked").count() == 1
    assert [step for step, done in steps.items() if not done] == []
