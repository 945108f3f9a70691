"""The big screen: accessible, drawn, refreshed by itself, and honest when the line is broken."""
from __future__ import annotations

import re

from tests.browser.inspection import axe, english_left, wider_than_window
from tests.conftest import COUNTY, TOWN


def test_the_wall_is_drawn_and_sound_and_survives_a_broken_line(page_of):
    page = page_of("领导", COUNTY, viewport={"width": 1920, "height": 1080}, reduced_motion="reduce")
    page.goto("/screen/")
    page.wait_for_function("document.querySelectorAll('[data-drawn] canvas').length === 3")
    assert [*page.faults, *axe(page), *english_left(page)] == []
    assert not wider_than_window(page)
    before = page.inner_text("#strip")
    page.context.set_offline(True)
    page.wait_for_selector("#moment.broken")
    assert page.inner_text("#strip") == before
    page.context.set_offline(False)
    page.wait_for_selector("#moment:not(.broken)")


def test_the_figures_hold_no_name_of_an_item_or_a_person(make_user):
    person = make_user("领导", COUNTY)
    answer = person.get("/screen/", headers={"X-Background": "1"})
    titles = {row["title"] for row in person.get("/api/v1/supervision_items/").get_json()["result"]}
    assert answer.get_json()["charts"].keys() >= {"trend", "categories", "six"}
    assert titles
    assert not [title for title in titles if title in answer.text or title in person.get("/screen/").text]
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", answer.get_json()["moment"])


def test_a_person_without_the_register_has_no_screen(system_admin, make_user):
    assert system_admin.get("/screen/").status_code == 403
    assert 'href="/screen/"' not in system_admin.get("/").text
    assert 'href="/screen/"' in make_user("镇街录入员", TOWN).get("/").text
