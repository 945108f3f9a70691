"""Imports as people make them: dirty files end in the right rows or the right word, and a batch can be taken back."""
from __future__ import annotations

import io
import re
from datetime import date

import pytest
import xlsxwriter
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select

from app.areas.legal.contracts import LegalContract
from app.core.register import find
from app.database import db
from tests.web.test_workbook import book, count, upload

REGISTER = find("legal_contracts")


@pytest.fixture
def heads(app):
    """The labels of the columns that a contract needs, by column."""
    from app.web.workbook.columns import header, import_columns

    with app.test_request_context():
        return {name: header(column).rstrip("*") for name, column in import_columns(REGISTER).items()}


@pytest.fixture
def good(heads, db_session, officer):
    """One row of an export that can be imported: label to value."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(officer.get("/export/legal_contracts").data)).get_sheet_by_index(0).to_python()
    row = dict(zip((str(cell).rstrip("*") for cell in rows[0]), rows[1], strict=True))
    return {label: row[label] for label in heads.values()}


@pytest.fixture(autouse=True)
def clean(db_session):
    """What a test imports goes again."""
    yield
    db_session.rollback()
    db_session.execute(delete(LegalContract).where(LegalContract.number.like("脏%")))
    db_session.commit()


def rows_with(good, **changed):
    """A sheet with one row, in which some columns say something else."""
    row = {**good, **changed}
    return [list(row), list(row.values())]


def token_of(answer, deed):
    found = re.search(rf"/import/legal_contracts/([0-9a-f]{{32}})/{deed}", answer.get_data(as_text=True))
    return found and found[1]


def imported(browser, answer, **fields):
    token = token_of(answer, "write")
    assert token, re.findall(r'<td class="wrap"[^>]*>([^<]+)', answer.get_data(as_text=True))
    return browser.post(f"/import/legal_contracts/{token}/write", data={"csrf_token": browser.csrf(), **fields})


def fetched(number):
    db.session.rollback()
    return db.session.scalar(select(LegalContract).where(LegalContract.number == number))


AS_WRITTEN = ["2026.3.1", "2026/3/1", "2026-3-1", "2026年3月1日", "２０２６．３．１", "2026-03-01", " 2026-03-01 ", "2026年03月01日"]
MONEY = ["5000", "5,000.00", "5000元", "￥5,000", "５０００", "5 000", "5000.00元", "5,000"]


@pytest.mark.parametrize("written", AS_WRITTEN)
def test_a_day_is_read_as_people_write_it(written, good, heads, officer):
    number = f"脏日{AS_WRITTEN.index(written)}"
    sheet = rows_with(good, **{heads["number"]: number, heads["starts_on"]: written, heads["ends_on"]: "2027-02-28"})
    assert imported(officer, upload(officer, REGISTER, book(sheet))).status_code == 302
    assert fetched(number).starts_on == date(2026, 3, 1)


@pytest.mark.parametrize("written", MONEY)
def test_an_amount_is_read_as_people_write_it(written, good, heads, officer):
    number = f"脏钱{MONEY.index(written)}"
    assert imported(officer, upload(officer, REGISTER, book(rows_with(good, **{heads["number"]: number, heads["fee"]: written})))).status_code == 302
    assert fetched(number).fee == 5000


WRONG = [("starts_on", "2026-02-30"), ("starts_on", "明年"), ("starts_on", "3月1日"), ("starts_on", ""), ("ends_on", "长期"),
         ("fee", "五千"), ("fee", "-1"), ("fee", "5000-6000"), ("fee", "1e400"), ("number", "长" * 200),
         ("division_code", "不存在镇"), ("division_code", ""), ("firm_id", "没有这家所"), ("firm_id", "")]


@pytest.mark.parametrize(("column", "written"), WRONG)
def test_what_cannot_be_read_is_named_by_cell_and_writes_nothing(column, written, good, heads, officer, db_session):
    before = count(REGISTER)
    answer = upload(officer, REGISTER, book(rows_with(good, **{heads["number"]: "脏错", heads[column]: written})))
    page = answer.get_data(as_text=True)
    place = chr(65 + list(good).index(heads[column]))
    assert answer.status_code == 422
    assert f"<code>{place}2</code>" in page
    assert token_of(answer, "write") is None
    assert count(REGISTER) == before


@pytest.mark.parametrize("shape", ["titled", "csv", "bom", "gb18030", "numbers", "spaces", "shuffled", "starred", "empty rows", "extra column"])
def test_a_file_of_another_shape_is_read_rightly(shape, good, heads, officer):
    number = f"脏形{shape}"
    sheet = rows_with(good, **{heads["number"]: number, heads["fee"]: "6000"})
    if shape == "titled":
        sheet = [["2026年法律顾问合同登记表", "", ""], ["填报单位：某镇", ""], *sheet]
    if shape == "spaces":
        sheet[0] = [" ".join(str(label)) for label in sheet[0]]
    if shape == "shuffled":
        sheet = [row[::-1] for row in sheet]
    if shape == "starred":
        sheet[0] = [f"＊{label}：" for label in sheet[0]]
    if shape == "empty rows":
        sheet = [sheet[0], [""] * 9, sheet[1], [], [""]]
    if shape == "extra column":
        sheet = [[*sheet[0], "序号"], [*sheet[1], "1"]]
    content, name = book(sheet), "rows.xlsx"
    if shape in ("csv", "bom", "gb18030"):
        lines = "\r\n".join(",".join(f'"{cell}"' for cell in row) for row in sheet)
        content, name = lines.encode({"csv": "utf-8", "bom": "utf-8-sig", "gb18030": "gb18030"}[shape]), "rows.csv"
    if shape == "numbers":
        content = with_numbers(sheet, list(good).index(heads["fee"]))
    assert imported(officer, upload(officer, REGISTER, content, name)).status_code == 302
    assert fetched(number).fee == 6000


def with_numbers(rows, place):
    """The same sheet with a real number in one column, as a spreadsheet stores it."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet = made.add_worksheet()
    for number, row in enumerate(rows):
        for column, value in enumerate(row):
            if number and column == place:
                sheet.write_number(number, column, float(value))
            else:
                sheet.write_string(number, column, str(value))
    made.close()
    return out.getvalue()


def test_only_the_good_rows_are_written_when_that_is_chosen(good, heads, officer):
    sheet = [*rows_with(good, **{heads["number"]: "脏好"}), list({**good, heads["number"]: "脏坏", heads["starts_on"]: "明年"}.values())]
    answer = upload(officer, REGISTER, book(sheet))
    assert answer.status_code == 422
    refused = officer.post(f"/import/legal_contracts/{token_of(answer, 'write')}/write", data={"csrf_token": officer.csrf()})
    assert refused.status_code == 422
    assert fetched("脏好") is None
    assert imported(officer, answer, only="good").status_code == 302
    assert (fetched("脏好") is not None, fetched("脏坏")) == (True, None)


def test_the_marked_copy_has_every_row_and_says_what_is_wrong(good, heads, officer):
    sheet = [*rows_with(good, **{heads["number"]: "脏一"}), list({**good, heads["number"]: "脏二", heads["starts_on"]: "明年"}.values())]
    answer = upload(officer, REGISTER, book(sheet), "七月.xlsx")
    marked = officer.get(f"/import/legal_contracts/{token_of(answer, 'marked')}/marked")
    assert "%E4%B8%83%E6%9C%88" in marked.headers["Content-Disposition"]
    rows = CalamineWorkbook.from_filelike(io.BytesIO(marked.data)).get_sheet_by_index(0).to_python()
    assert ["脏二" in row for row in rows[1:]] == [True, False], "wrong rows stand first"
    again = upload(officer, REGISTER, marked.data)
    assert again.status_code == 422, "the same faults are still there"


def test_other_headers_are_mapped_once_and_remembered(good, heads, officer):
    renamed = {"合同开始时间": heads["starts_on"], "对方律所": heads["firm_id"], "属地": heads["division_code"]}
    back = {label: new for new, label in renamed.items()}
    sheet = rows_with(good, **{heads["number"]: "脏映"})
    sheet[0] = [back.get(label, label) for label in sheet[0]]
    answer = upload(officer, REGISTER, book(sheet))
    token = token_of(answer, "map")
    assert token
    columns = {label: name for name, label in heads.items()}
    chosen = [columns.get(renamed.get(label, label), "") for label in sheet[0]]
    checked = officer.post(f"/import/legal_contracts/{token}/map", data={"csrf_token": officer.csrf(), "header": sheet[0], "column": chosen})
    assert imported(officer, checked).status_code == 302
    assert fetched("脏映") is not None
    assert token_of(upload(officer, REGISTER, book(sheet)), "write"), "the second file is understood at once"


def test_a_batch_is_taken_back_whole(good, heads, officer):
    assert imported(officer, upload(officer, REGISTER, book(rows_with(good, **{heads["number"]: "脏撤", heads["fee"]: "1"})))).status_code == 302
    second = [*rows_with(good, **{heads["number"]: "脏撤", heads["fee"]: "2"}), list({**good, heads["number"]: "脏新"}.values())]
    assert imported(officer, upload(officer, REGISTER, book(second))).status_code == 302
    assert (fetched("脏撤").fee, fetched("脏新") is not None) == (2, True)
    page = officer.get("/import/legal_contracts").get_data(as_text=True)
    newest = re.search(r"/import/legal_contracts/batch/(\d+)", page)[1]
    assert "1" in officer.get(f"/import/legal_contracts/batch/{newest}").get_data(as_text=True)
    assert officer.send(f"/import/legal_contracts/batch/{newest}").status_code == 302
    assert (fetched("脏撤").fee, fetched("脏新")) == (1, None)
    officer.send(f"/import/legal_contracts/batch/{newest}")
    assert fetched("脏撤").fee == 1, "a second undo does nothing"


def test_a_batch_that_somebody_worked_on_is_not_taken_back(good, heads, officer, db_session):
    assert imported(officer, upload(officer, REGISTER, book(rows_with(good, **{heads["number"]: "脏改"})))).status_code == 302
    row = fetched("脏改")
    row.fee = 77
    db_session.commit()
    newest = re.search(r"/import/legal_contracts/batch/(\d+)", officer.get("/import/legal_contracts").get_data(as_text=True))[1]
    officer.send(f"/import/legal_contracts/batch/{newest}")
    assert fetched("脏改").fee == 77


def test_nobody_sees_or_undoes_anothers_batch(good, heads, officer, clerk):
    assert imported(officer, upload(officer, REGISTER, book(rows_with(good, **{heads["number"]: "脏他"})))).status_code == 302
    newest = re.search(r"/import/legal_contracts/batch/(\d+)", officer.get("/import/legal_contracts").get_data(as_text=True))[1]
    assert clerk.get(f"/import/legal_contracts/batch/{newest}").status_code == 404
    assert clerk.send(f"/import/legal_contracts/batch/{newest}").status_code == 404
    assert fetched("脏他") is not None


def test_a_header_that_means_nothing_is_said(good, heads, officer):
    sheet = rows_with(good, **{heads["number"]: "脏头"})
    page = upload(officer, REGISTER, book([[*sheet[0], "签约地点"], [*sheet[1], "县城"]])).get_data(as_text=True)
    assert "签约地点" in page
    assert token_of(upload(officer, REGISTER, book([[*sheet[0], "签约地点"], [*sheet[1], "县城"]])), "map")


def test_the_same_file_again_is_said(good, heads, officer):
    content = book(rows_with(good, **{heads["number"]: "脏同"}))
    assert imported(officer, upload(officer, REGISTER, content)).status_code == 302
    assert "再次导入只会更新相同的记录" in upload(officer, REGISTER, content).get_data(as_text=True)

