"""Workbooks of every register: templates, dry runs, all or nothing, and exports that come back."""
from __future__ import annotations

import io
import re
import zipfile

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import func, select, text

from app.core.register import registers
from app.database import db
from app.web.workbook.columns import header, import_columns
from app.web.workbook.read import read

IMPORTED = [pytest.param(r, id=r.name) for r in registers() if "import" in r.verbs() and r.area != "divisions"]
OPEN = [p for p in IMPORTED if not p.values[0].sealed]


def rows_of(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def book(rows):
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet()
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            sheet.write_string(number, place, str(value))
    made.close()
    return out.getvalue()


def exported(browser, register, query=""):
    path = f"/export/{register.name}{query}"
    if register.sensitive:
        return browser.post(path, data={"csrf_token": browser.csrf(), "reason": "季度核对服务情况"}).data
    return browser.get(path).data


def upload(browser, register, content, name="rows.xlsx"):
    return browser.post(f"/import/{register.name}/check", content_type="multipart/form-data",
                        data={"csrf_token": browser.csrf(), "file": (io.BytesIO(content), name)})


def count(register):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(register.model))


@pytest.mark.parametrize("register", IMPORTED)
def test_the_template_carries_every_column_people_fill(register, officer):
    answer = officer.get(f"/import/{register.name}/template")
    assert answer.status_code == 200
    with officer.application.app_context():
        assert rows_of(answer.data)[0] == [header(column) for column in import_columns(register).values()]


@pytest.mark.parametrize("register", OPEN)
def test_an_export_is_read_back_and_changes_nothing(register, officer, db_session):
    before = count(register)
    content = exported(officer, register)
    checked = upload(officer, register, content)
    page = checked.get_data(as_text=True)
    assert checked.status_code == 200, re.findall(r'<td class="wrap"[^>]*>([^<]+)', page)[:5]
    token = re.search(rf"/import/{register.name}/([0-9a-f]{{32}})/write", page).group(1)
    written = officer.post(f"/import/{register.name}/{token}/write", data={"csrf_token": officer.csrf()})
    assert written.status_code == 302, written.get_data(as_text=True)[:3000]
    assert count(register) == before
    batch = db.session.execute(text("SELECT note FROM audit_entry WHERE action = 'import' AND table_name = :table ORDER BY id DESC LIMIT 1"),
                               {"table": register.table.name}).scalar_one()
    assert batch.endswith("+0 ~0"), "not one row was touched"
    if register.sensitive:
        return
    with officer.application.app_context():
        shown = read(register, "rows.csv", exported(officer, register, "?format=csv")).lines
        assert [line.values for line in shown] == [line.values for line in read(register, "rows.xlsx", content).lines], "a text file says the same"


@pytest.mark.parametrize("register", OPEN)
def test_one_bad_row_is_named_and_nothing_is_written(register, officer, db_session):
    before, rows = count(register), rows_of(exported(officer, register))
    place = next(n for n, c in enumerate(import_columns(register).values()) if c.info["kind"] == "division")
    rows[1][place] = "没有这个地方"
    answer = upload(officer, register, book(rows))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert f"{chr(65 + place)}2" in page
    refused = officer.post(re.search(rf"/import/{register.name}/[0-9a-f]{{32}}/", page)[0] + "write", data={"csrf_token": officer.csrf()})
    assert refused.status_code == 422
    assert count(register) == before


def test_rows_of_another_town_cannot_be_imported(clerk, officer, db_session):
    register = next(r for r in registers() if r.name == "supervision_items")
    foreign = officer.get("/export/supervision_items?division_code=371625102").data
    answer = upload(clerk, register, foreign)
    assert answer.status_code == 422
    assert "/write" not in answer.get_data(as_text=True), "not one row is good"


def test_cells_are_never_formulas(officer, db_session):
    register = next(r for r in registers() if r.name == "supervision_items")
    row = db_session.scalar(select(register.model).where(register.model.state == "handling").limit(1))
    row.title = "=1+1"
    db_session.commit()
    content = officer.get("/export/supervision_items?q=%3D1%2B1").data
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert "<f>" not in packed.read("xl/worksheets/sheet1.xml").decode()
    assert any("=1+1" in cells for cells in rows_of(content))


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04broken", b"\xff\xfe\x00garbage"])
def test_a_file_that_is_no_workbook_gets_a_clear_word(content, officer):
    register = next(r for r in registers() if r.name == "legal_contracts")
    answer = upload(officer, register, content)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)


def test_a_file_that_unpacks_to_far_too_much_is_refused(officer):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet1.xml", b"0" * (210 << 20))
    register = next(r for r in registers() if r.name == "legal_contracts")
    assert upload(officer, register, out.getvalue()).status_code == 422


def test_another_person_cannot_write_an_upload(officer, make_user, db_session):
    register = next(r for r in registers() if r.name == "law_firms")
    page = upload(officer, register, officer.get("/export/law_firms").data).get_data(as_text=True)
    token = re.search(r"/import/law_firms/([0-9a-f]{32})/write", page).group(1)
    other = make_user("镇街录入员", "371625101")
    assert other.post(f"/import/law_firms/{token}/write", data={"csrf_token": other.csrf()}).status_code == 404


def test_an_export_of_people_asks_for_a_reason_and_leaves_personal_data_out(officer):
    assert "<form" in officer.get("/export/key_person_files").get_data(as_text=True)
    answer = officer.post("/export/key_person_files", data={"csrf_token": officer.csrf(), "reason": "季度核对服务情况"})
    headers = rows_of(answer.data)[0]
    assert not {"姓名*", "证件号码*", "身份证号*", "电话", "住址"} & set(headers)
