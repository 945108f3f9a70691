"""One's own account in a browser: the second factor is set up by eye and hand, and a fresh proof loses nothing."""
from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from app.core.base import now
from app.security import second_factor
from app.security.models import LoginSession, UserAccount
from tests.browser.inspection import axe
from tests.conftest import PASSWORD

PHONE = {"width": 390, "height": 844}


def _me(db_session, page):
    name = page.inner_text(".person small")
    return db_session.scalar(select(UserAccount).where(UserAccount.username == name))


def _age_proofs(db_session, user):
    db_session.execute(update(LoginSession).where(LoginSession.user_id == user.id).values(proved_at=now() - timedelta(minutes=11)))
    db_session.commit()


def test_the_second_factor_is_set_up_used_and_switched_off(page_of, address, chromium, db_session):
    page = page_of("领导", "371625103")
    user = _me(db_session, page)
    page.goto("/account/second-factor")
    page.click("main form button")
    assert page.locator("svg.qr").bounding_box()["width"] > 150
    secret = page.inner_text(".factor-secret").replace(" ", "")
    assert secret == second_factor.secret_text(second_factor.found(db_session, user.id))
    page.fill("#code", second_factor.code_at(second_factor.secret_of(second_factor.found(db_session, user.id)), second_factor.step_of(now()) - 1))
    page.click(".factor-form button")
    codes = page.locator("#recovery li").all_inner_texts()
    assert len(codes) == 10
    assert page.locator("#recent a").all_inner_texts().count("双因素认证") <= 1, "no tab leads to the address of a form"
    other = chromium.new_context(base_url=address).new_page()
    other.goto("/login/")
    other.fill("#username", user.username)
    other.fill("#password", PASSWORD)
    other.click("[data-peek]")
    assert other.get_attribute("#password", "type") == "text"
    other.click("button[type=submit]")
    other.fill("#code", codes[0])
    other.click("button[type=submit]")
    other.wait_for_url("**/")
    other.context.close()
    page.goto("/account/second-factor")
    page.click(".factor-acts form >> nth=1")
    assert page.locator("main form button").count() == 1
    assert not page.faults


def test_a_proof_is_asked_in_between_and_what_was_typed_arrives(page_of, db_session):
    page = page_of("安全管理员")
    _age_proofs(db_session, _me(db_session, page))
    page.goto("/roles/")
    page.fill("input[name=name]", "浏览器新角色")
    page.click("form[action$='/roles/add'] button")
    page.fill("input[name=_proof]", "wrong")
    page.click("main .prove button[type=submit]")
    assert page.locator(".field-error").is_visible()
    page.fill("input[name=_proof]", PASSWORD)
    page.click("main .prove button[type=submit]")
    assert "浏览器新角色" in page.inner_text("main")
    assert not [each for each in page.faults if "422" not in each]


@pytest.mark.parametrize("path", ["/account", "/account/password", "/account/second-factor"])
def test_phones_scroll_in_one_direction_only(page_of, path):
    page = page_of("领导", "371625103", viewport=PHONE)
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert not page.faults


def test_the_accent_colour_is_tried_live_and_judged_in_words(page_of):
    page = page_of("系统管理员")
    page.goto("/appearance/")
    said = page.locator("[data-accent-said]")
    assert "清晰可辨" in said.inner_text()
    page.fill("#accent", "#ffcc00")
    assert "颜色过浅" in said.inner_text()
    assert page.locator(".accent-button").evaluate("e => getComputedStyle(e).backgroundColor") == "rgb(255, 204, 0)"
    page.fill("#accent", "#12")
    assert "尚未填完整" in said.inner_text()
    page.fill("#accent", "#7a1f1f")
    assert "清晰可辨" in said.inner_text()
    assert page.locator("input[type=color]").input_value() == "#7a1f1f"
    assert axe(page) == []
    assert page.faults == []
