"""Every page, as every kind of person: it opens, keeps the strict policy, is accessible, speaks one language, and fits a phone."""
from __future__ import annotations

import pytest

from tests.browser.crawl import plain_pages, template_of, walk
from tests.browser.inspection import axe, chinese_left, english_left, wider_than_window
from tests.conftest import COUNTY, TOWN

PEOPLE = [("县级业务人员", COUNTY), ("领导", COUNTY), ("系统管理员", COUNTY), ("安全管理员", COUNTY), ("审计员", COUNTY)]
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


class Once:
    """Looks a page over once for each template: what the officer's walk finds sound for every register is not read again by the others."""

    def __init__(self, app, every=False):
        self.app, self.every, self.seen = app, every, set()

    def axe(self, page, path):
        template = template_of(self.app, path)
        if template in self.seen and not self.every:
            return []
        self.seen.add(template)
        return axe(page)


@pytest.mark.parametrize(("role", "place"), PEOPLE, ids=[role for role, _ in PEOPLE])
def test_every_page_of_a_person_is_sound(app, page_of, issued, role, place):
    page, once, wrong = page_of(role, place), Once(app, every=role == "县级业务人员"), []
    for path, status in walk(app, page):
        if status == 403:
            page.faults.clear()
            continue
        wrong += [f"{path} answers {status}"] if status != 200 else []
        wrong += [f"{path} {fault}" for fault in (*page.faults, *once.axe(page, path), *english_left(page))]
        page.faults.clear()
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("role", "place"), [("镇街录入员", TOWN), PEOPLE[2]], ids=["镇街录入员", "系统管理员"])
def test_every_page_fits_a_phone(app, page_of, issued, role, place):
    page, once, wrong = page_of(role, place, **PHONE), Once(app), []
    for path, status in walk(app, page):
        if status == 200:
            wrong += [f"{path} scrolls sideways"] if wider_than_window(page) else []
            wrong += [f"{path} {fault}" for fault in once.axe(page, path)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize(("role", "place"), [PEOPLE[0], PEOPLE[2]], ids=["县级业务人员", "系统管理员"])
def test_no_sign_stays_chinese_on_an_english_page(app, page_of, issued, role, place):
    page, wrong = page_of(role, place), []
    page.goto("/lang/en?next=/")
    for path, status in walk(app, page):
        if status == 200:
            wrong += [f"{path} {text}" for text in chinese_left(page)]
    assert not wrong, "\n".join(wrong)


def test_the_walk_begins_with_more_than_the_lists(app):
    assert len(plain_pages(app)) > 40
