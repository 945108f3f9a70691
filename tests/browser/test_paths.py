"""The main ways of clerk and leader, from sign-in to what they came for."""
from __future__ import annotations

import io

import pytest
from python_calamine import CalamineWorkbook

from tests.conftest import COUNTY, TOWN
from tests.web.test_workbook import book


def test_a_clerk_adds_is_corrected_imports_and_mends(page_of, tmp_path):
    page = page_of("镇街录入员", TOWN)
    page.goto("/legal_contracts/list/")
    page.click("[data-new]")
    page.wait_for_selector("#drawer.show [data-save]")
    page.fill("#drawer input[name=number]", "路径-001")
    page.click("#drawer [data-save]")
    page.wait_for_selector("#drawer .is-invalid")
    assert page.input_value("#drawer input[name=number]") == "路径-001"
    page.once("dialog", lambda dialog: dialog.accept())
    page.keyboard.press("Escape")
    exported = page.request.get("/export/legal_contracts").body()
    rows = CalamineWorkbook.from_filelike(io.BytesIO(exported)).get_sheet_by_index(0).to_python()
    heads = [str(head).rstrip("*") for head in rows[0]]
    number, starts = heads.index("合同编号"), heads.index("开始日期")
    good, bad = list(rows[1]), list(rows[1])
    good[number], bad[number], bad[starts] = "路径-002", "路径-003", "明年"
    file = tmp_path / "七月合同.xlsx"
    file.write_bytes(book([rows[0], good, bad]))
    page.goto("/import/legal_contracts")
    page.set_input_files("#file", file)
    page.click("text=上传校验 >> nth=-1")
    page.wait_for_selector("mark.written")
    assert "明年" in page.inner_text("main")
    bad[starts] = good[starts]
    file.write_bytes(book([rows[0], good, bad]))
    page.goto("/import/legal_contracts")
    page.set_input_files("#file", file)
    page.click("button:has-text('上传校验')")
    page.click("button:has-text('导入 2 行')")
    page.wait_for_url("**/legal_contracts/list/")
    page.goto("/legal_contracts/list/?number=路径")
    assert page.locator("[data-row]").count() == 2
    page.goto("/import/legal_contracts")
    page.click("a:has-text('撤销') >> nth=0")
    page.click("button:has-text('撤销这次导入')")
    page.goto("/legal_contracts/list/?number=路径")
    assert page.locator("[data-row]").count() == 0
    assert [fault for fault in page.faults if "422" not in fault] == []


def test_a_leader_reads_and_downloads(page_of, app):
    with app.app_context():
        from app.areas.briefings.make import make_county, renderer
        from app.database import db
        from app.database.scope import acting, everywhere

        with acting(everywhere("tests")):
            make_county("2026-10-b")
            db.session.commit()
            renderer().close()
    page = page_of("领导", COUNTY)
    page.goto("/briefings/list/")
    page.click("[data-row] a >> nth=0")
    page.wait_for_url("**/briefings/show/**")
    with page.expect_download() as coming:
        page.click("a[data-plain]:has-text('PDF')")
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    assert page.locator("[data-save], [data-new]").count() == 0, "a leader changes nothing"


def test_the_administrators_make_a_role_a_person_and_what_the_person_sees(page_of, chromium, address, forgotten):
    security, system = page_of("安全管理员"), page_of("系统管理员")
    security.goto("/roles/")
    security.fill("#name", "路径统计员")
    security.click("main .toolbar button")
    for right in ("read:units", "read:legal_contracts"):
        security.check(f"input[value='{right}']")
    security.click("main button[value=look]")
    security.click("text=确认保存")
    system.goto("/users/add")
    system.fill("#full_name", "路小径")
    system.fill("#username", "lu-xiaojing")
    system.click("text=开设账号")
    once = system.inner_text("#one-time")
    system.goto("/users/?q=lxj")
    system.click("[data-row] a.row-link")
    system.wait_for_selector("#grants-h")
    security.goto(system.url)
    security.get_by_role("checkbox", name="路径统计员").check()
    security.click(".ts-control >> nth=0")
    security.locator(".ts-dropdown input:visible").press_sequentially("曹王镇")
    security.click(f".ts-dropdown [data-value='{TOWN}']")
    security.click("main form[action$=grants] button[type=submit]")
    security.wait_for_selector("text=已保存")
    system.goto("/units/list/?kind=town")
    system.click(".queries > button")
    system.fill(".query-save:last-child input[name=name]", "镇街单位")
    system.select_option(".query-save:last-child select", label="路径统计员的默认查询")
    system.click(".query-save:last-child button")
    system.wait_for_selector("text=查询已保存")
    context = chromium.new_context(base_url=address, locale="zh-CN")
    page = context.new_page()
    page.goto("/login/")
    page.fill("input[name=username]", "lu-xiaojing")
    page.fill("input[name=password]", once)
    page.click("button[type=submit]")
    page.wait_for_url("**/account/password")
    for name, words in (("current", once), ("new", "Mulberry-7-lantern-52"), ("again", "Mulberry-7-lantern-52")):
        page.fill(f"input[name={name}]", words)
    page.click("form:has(input[name=current]) button[type=submit]")
    page.wait_for_url("**/")
    links = {link.get_attribute("href") for link in page.query_selector_all(".side a")}
    assert {link.split("/")[1] for link in links if link.count("/") > 1} == {"units", "legal_contracts"}
    page.goto("/units/list/")
    assert "镇街单位" in page.inner_text(".opened-by")
    assert page.locator("[data-row]").count() > 0
    assert {row for row in page.locator("[data-row]").all_inner_texts() if "曹王" not in row} == set(), "nothing beyond the town"
    assert page.goto("/users/").status == 403
    context.close()
    assert [fault for page in (security, system) for fault in page.faults] == []


@pytest.fixture
def forgotten(app):
    """What the administrators made is taken away again."""
    yield
    with app.app_context():
        from flask_appbuilder.security.sqla.models import Role
        from sqlalchemy import select

        from app.database import db
        from app.database.scope import acting, everywhere
        from app.security.models import UserAccount

        with acting(everywhere("tests")):
            for model, name, value in ((UserAccount, "username", "lu-xiaojing"), (Role, "name", "路径统计员")):
                for row in db.session.scalars(select(model).where(getattr(model, name) == value)):
                    db.session.delete(row)
            db.session.commit()
