"""Forms in a real browser: a draft is found again, a broken line loses nothing, two people's changes are put together."""
from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.register import find
from tests.browser.inspection import axe, wider_than_window
from tests.conftest import COUNTY

PHONE = {"width": 390, "height": 844}


def form_faults(page):
    """What axe-core finds; the bell of the top bar is looked over with every page."""
    return [fault for fault in axe(page) if "button[aria-label=\"待办" not in fault]


@pytest.fixture
def desk(page_of):
    """An officer's page."""
    return page_of("县级业务人员", COUNTY)


def test_a_draft_is_kept_while_typing_and_found_after_a_reload(desk):
    desk.goto("/supervision_items/add")
    desk.fill("input[name=title]", "刷新后还在的事项")
    desk.wait_for_selector("[data-draft-state]:has-text('草稿已保存')", timeout=9000)
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.reload()
    banner = desk.locator("[data-draft-found]")
    assert banner.is_visible()
    assert form_faults(desk) == []
    banner.locator("a").click()
    desk.wait_for_url("**draft=1")
    assert desk.input_value("input[name=title]") == "刷新后还在的事项"
    desk.goto("/supervision_items/list/")
    desk.locator("a[data-drawer]", has_text="新增").first.click()
    desk.locator("#drawer [data-draft-drop] button").click()
    desk.wait_for_selector("#drawer [data-draft-found]", state="hidden")
    desk.goto("/supervision_items/add")
    assert not desk.locator("[data-draft-found]").is_visible()
    assert desk.faults == []


def test_a_broken_line_keeps_the_form_and_says_so(desk):
    desk.goto("/legal_contracts/add")
    desk.context.set_offline(True)
    desk.fill("input[name=client]", "断网时填写")
    desk.wait_for_selector("[data-draft-state]:has-text('离线，未保存到服务器')", timeout=9000)
    desk.click("[data-save]")
    desk.wait_for_selector("[data-draft-state]:has-text('没有提交')")
    assert desk.input_value("input[name=client]") == "断网时填写"
    desk.context.set_offline(False)
    desk.wait_for_selector("[data-draft-state]:has-text('草稿已保存')", timeout=15000)


def test_wrong_forms_and_the_merge_view_can_be_read_by_everybody(desk, db_session):
    register = find("legal_contracts")
    row = db_session.scalar(select(register.model).limit(1))
    desk.goto(f"/legal_contracts/edit/{row.id}")
    row.client = "别人写的委托人"
    db_session.commit()
    desk.fill("input[name=client]", "我写的委托人")
    desk.click("[data-save]")
    desk.wait_for_selector(".merge")
    assert form_faults(desk) == []
    desk.set_viewport_size(PHONE)
    desk.wait_for_timeout(600)  # The menu slides out of the window.
    assert not wider_than_window(desk)
    assert form_faults(desk) == []
    desk.click("[data-save]")
    desk.wait_for_url("**/show/**")
    db_session.refresh(row)
    assert row.client == "我写的委托人"
    desk.set_viewport_size({"width": 1440, "height": 900})
    desk.goto("/legal_contracts/list/")
    desk.locator("a[data-drawer]", has_text="新增").first.click()
    desk.locator("#drawer [data-save]").click()
    desk.wait_for_selector("#drawer .is-invalid")
    assert form_faults(desk) == []


def test_a_block_from_a_workbook_is_pasted_into_the_rows_of_a_part(desk):
    desk.goto("/governance_centres/list/")
    desk.locator("table a[href*='/governance_centres/show/']").first.click()
    desk.goto(desk.url.replace("/show/", "/edit/"))
    part = desk.locator("[data-part=centre_rooms]")
    part.locator("summary").click()
    part.locator("[data-grid-add]").click()
    place = part.locator("tbody tr:last-child input").first
    before = part.locator("tbody tr").count()
    kind = part.locator("tbody tr:last-child select").first.locator("option").nth(1).text_content()
    place.evaluate("""(cell, text) => { const clipboardData = new DataTransfer(); clipboardData.setData('text/plain', text);
        cell.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true })); }""",
                   f"粘贴的一室\t{kind}\t\t12.5\t6\r\n粘贴的二室\t{kind}\t\t不是数\t8\r\n")
    assert part.locator("tbody tr").count() == before + 1
    desk.click("[data-save]")
    desk.wait_for_selector("[data-part=centre_rooms] .is-invalid")
    assert form_faults(desk) == []
    desk.set_viewport_size(PHONE)
    desk.wait_for_timeout(600)  # The menu slides out of the window.
    assert not wider_than_window(desk)
    desk.locator("[data-part=centre_rooms] .is-invalid").fill("20")
    desk.click("[data-save]")
    desk.wait_for_url("**/show/**")
    assert "粘贴的二室" in desk.content()
    assert [fault for fault in desk.faults if "422" not in fault] == []


def test_a_part_is_asked_only_when_another_answer_calls_for_it_and_the_room_left_is_told(desk):
    desk.set_viewport_size(PHONE)
    desk.goto("/centre_rooms/add")
    box = desk.locator("#other_use-box")
    assert box.is_hidden()
    assert desk.locator("#other_use").is_disabled()
    desk.select_option("#kind", "other")
    assert box.is_visible()
    desk.fill("#other_use", "老年食堂")
    desk.select_option("#kind", "hall")
    assert box.is_hidden()
    desk.select_option("#kind", "other")
    assert desk.input_value("#other_use") == "老年食堂", "what was typed is still there when the answer is turned back"
    desk.focus("#kind")
    desk.keyboard.press("Tab")
    assert desk.evaluate("document.activeElement.id") == "other_use"
    assert form_faults(desk) == []
    desk.goto("/supervision_items/add")
    desk.fill("#title", "字" * 118)
    assert desk.locator("#title ~ .room-left").inner_text() == "118 / 120"
    assert not wider_than_window(desk)
    assert desk.faults == []
