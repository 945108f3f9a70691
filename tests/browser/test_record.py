"""The record page in a real browser: files with progress, a field brought back, a photograph from a phone, and paper."""
from __future__ import annotations

import io

import pypdfium2
import pytest
from sqlalchemy import delete

from app.web.attachments.models import Attachment
from tests.browser.inspection import axe, wider_than_window
from tests.conftest import COUNTY
from tests.web.test_attachments import ITEMS, MINE, PDF, _loose, photo, rows_of


@pytest.fixture
def item(db_session):
    """An open item without files; its number."""
    pk = _loose(ITEMS, MINE).id
    db_session.execute(delete(Attachment).where(Attachment.register == ITEMS.name, Attachment.row_id == pk))
    db_session.commit()
    return pk


def _file(name, content, kind="image/jpeg"):
    return {"name": name, "mimeType": kind, "buffer": content}


def test_files_are_sent_with_progress_and_a_field_is_brought_back(page_of, item):
    page = page_of("县级业务人员", COUNTY)
    page.goto(f"/supervision_items/show/{item}#files")
    page.check("input[name=kind][value=before]")
    page.set_input_files("#drop-file", [_file("整改前.jpg", photo()), _file("假图片.jpg", b"MZ not a picture")])
    page.wait_for_selector(".drop-bad")
    page.check("input[name=kind][value=after]")
    page.set_input_files("#drop-file", [_file("整改后.jpg", photo())])
    page.wait_for_selector(".pair-side:nth-child(2) .file")
    page.check("input[name=kind][value=other]")
    page.set_input_files("#drop-file", [_file("报告.pdf", PDF, "application/pdf")])
    page.wait_for_selector(".files > .file-list .file")
    assert page.inner_text("[data-bs-target='#files'] .count") == "3"
    assert "假图片.jpg" in page.inner_text(".drop-bad")
    assert [row.kind for row in rows_of(ITEMS, item)] == ["before", "after", "other"]
    assert axe(page) == []
    page.click(".files > .file-list .file [type=submit]")
    page.click("[data-confirm-yes]")
    page.wait_for_url("**#files")
    page.wait_for_selector("#files .file")
    assert len(rows_of(ITEMS, item)) == 2
    said = page.text_content("#facts")
    page.goto(f"/supervision_items/edit/{item}")
    page.fill("[name=responsible_person]", "错写某")
    page.locator("[data-save]").first.click()
    page.wait_for_url("**/show/*")
    page.click("#tab-past")
    page.locator(".bring-back button").first.click()
    assert axe(page) == []
    page.click("[data-confirm-yes]")
    page.wait_for_selector("#past .history li:has-text('恢复')")
    assert page.url.endswith("#past")
    assert page.text_content("#facts") == said
    assert [fault for fault in page.faults if "422" not in fault] == []


def test_a_phone_sends_a_photograph_from_its_camera(page_of, item):
    page = page_of("县级业务人员", COUNTY, viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True)
    page.goto(f"/supervision_items/show/{item}#files")
    page.check("input[name=kind][value=before]")
    camera = page.locator("[data-camera]")
    camera.wait_for(state="visible")
    assert camera.locator("input").get_attribute("capture") == "environment"
    camera.locator("input").set_input_files([_file("image.jpg", photo((1200, 900)))])
    page.wait_for_selector(".pair .file img")
    assert not wider_than_window(page)
    assert axe(page) == []
    assert [row.name for row in rows_of(ITEMS, item)] == ["image.jpg"]


def test_paper_shows_every_part_on_upright_pages_and_no_menu(page_of, item):
    page = page_of("县级业务人员", COUNTY)
    page.goto(f"/supervision_items/show/{item}")
    paper = pypdfium2.PdfDocument(io.BytesIO(page.pdf(prefer_css_page_size=True)))
    words = "".join(each.get_textpage().get_text_range() for each in paper)
    width, height = paper[0].get_size()
    assert (round(width), round(height)) == (595, 842)
    for heading in ("基本信息", "办理记录", "附件", "操作记录"):
        assert heading in words
    for button in ("工作台", "跳到正文", "编辑", "下载"):
        assert button not in words


def test_without_the_script_the_form_sends_the_files(page_of, item):
    page = page_of("县级业务人员", COUNTY)
    page.route("**/record.js*", lambda route: route.abort())
    page.goto(f"/supervision_items/show/{item}#files")
    page.set_input_files("#drop-file", [_file("一.pdf", PDF, "application/pdf"), _file("二.jpg", photo())])
    page.click("[data-plain-only]")
    page.wait_for_selector("#files .file")
    assert [row.name for row in rows_of(ITEMS, item)] == ["一.pdf", "二.jpg"]
