"""A county adds a field in the browser; without a restart it is in form, list, query, template, import, export, interface and history."""
from __future__ import annotations

import io
from pathlib import Path

import pytest
import xlsxwriter
from flask_babel import force_locale
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, text

from app.core.register import find
from app.web.custom.models import CustomField
from tests.conftest import COUNTY, TOWN

LABEL, NAME = "值班安排", "x_zbap"


@pytest.fixture
def nothing_left(db_session):
    """The county as it was, afterwards."""
    yield
    db_session.rollback()
    db_session.execute(text("DELETE FROM law_firm WHERE name = '示例浏览器律师事务所'"))
    db_session.execute(text(f"UPDATE law_firm SET extra = extra - '{NAME}' WHERE extra ? '{NAME}'"))
    db_session.execute(delete(CustomField))
    db_session.commit()


def rows_of(path):
    return CalamineWorkbook.from_filelike(io.BytesIO(Path(path).read_bytes())).get_sheet_by_index(0).to_python()


def loaded(page, address):
    with page.expect_download() as waiting:
        page.evaluate("there => { location.href = there }", address)
    return rows_of(waiting.value.path())


def test_a_field_made_in_the_browser_is_everywhere_at_once(app, page_of, nothing_left, tmp_path):
    officer, admin = page_of("县级业务人员", COUNTY), page_of("系统管理员")
    officer.goto("/law_firms/add")
    assert officer.locator(f"[name={NAME}]").count() == 0
    admin.goto("/fields/law_firms/")
    admin.click("text=新增字段")
    admin.fill("[name=label]", LABEL)
    admin.fill("[name=help]", "写明每周值班")
    admin.check("[name=filtered]")
    admin.click("[data-save]")
    admin.wait_for_url("**/fields/law_firms/")
    assert NAME in admin.inner_text("table")

    officer.goto("/law_firms/add")
    assert "写明每周值班" in officer.inner_text("form[data-guard]")
    officer.goto("/law_firms/list/")
    officer.goto(officer.locator("a.row-link").first.get_attribute("href").replace("/show/", "/edit/"))
    officer.fill(f"[name={NAME}]", "周一、周四")
    officer.click("[data-save]")
    officer.wait_for_url("**/law_firms/show/**")
    assert "周一、周四" in officer.inner_text("#facts")
    officer.click("#tab-past")
    assert LABEL in officer.inner_text("#past")
    number = officer.url.rpartition("/")[2]
    assert officer.request.get(f"/api/v1/law_firms/{number}").json()["result"][NAME] == "周一、周四"

    officer.goto(f"/law_firms/list/?columns=name,{NAME}&{NAME}=周四")
    assert officer.locator("table.table-list tbody tr").count() == 1
    assert officer.locator(f"[name={NAME}]").first.input_value() == "周四"

    head = loaded(officer, "/import/law_firms/template")[0]
    assert LABEL in head
    export = loaded(officer, "/export/law_firms")
    assert "周一、周四" in [row[export[0].index(LABEL)] for row in export[1:]]
    said = {"division_code": TOWN, "name": "示例浏览器律师事务所", "credit_code": "31370000MD0000999C", NAME: "周二"}
    imported(app, officer, head, said, tmp_path / "firms.xlsx")
    officer.goto(f"/law_firms/list/?{NAME}=周二&columns=name,{NAME}")
    assert "示例浏览器律师事务所" in officer.inner_text("table.table-list")
    assert [fault for page in (officer, admin) for fault in page.faults] == []


def imported(app, page, head, said, file):
    """Upload one row under the template's headers, and read it in."""
    with app.test_request_context(), force_locale("zh"):
        words = {str(column.info["label"]): said.get(name, "") for name, column in find("law_firms").declared.columns.items()} | {LABEL: said[NAME]}
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet()
        for place, header in enumerate(head):
            sheet.write_string(0, place, header)
            sheet.write_string(1, place, words.get(header.rstrip("*"), ""))
    page.goto("/import/law_firms")
    page.set_input_files("input[type=file]", str(file))
    page.click("form[action$='/check'] button")
    page.click("form[action$='/write'] button")
    page.wait_for_load_state("networkidle")
