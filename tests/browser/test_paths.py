"""The main ways of clerk and leader, from sign-in to what they came for."""
from __future__ import annotations

import io

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
