"""A hundred files as they come from the county's offices: each ends in the right row, or in a word that says which cell is wrong."""
from __future__ import annotations

import csv
import io
from datetime import date, datetime
from decimal import Decimal

import pytest
import xlsxwriter
from sqlalchemy import select

from app.areas.legal.firms import LawFirm
from app.core.register import find
from app.database import db
from app.database.scope import acting, everywhere
from app.web.workbook.check import check
from app.web.workbook.columns import header, import_columns
from app.web.workbook.read import Unmapped, Unreadable, read
from tests.conftest import TOWN

REGISTER = find("legal_contracts")
NAMES = ("division_code", "number", "client", "firm_id", "starts_on", "ends_on", "fee", "state")


@pytest.fixture(scope="module")
def good(app):
    """One good row, by column; and the headers of the template."""
    with app.test_request_context(), acting(everywhere("tests")):
        firm = db.session.scalar(select(LawFirm.name).order_by(LawFirm.id).limit(1))
        heads = {name: header(column) for name, column in import_columns(REGISTER).items()}
    values = {"division_code": TOWN, "number": "乱1", "client": "某镇人民政府", "firm_id": firm, "starts_on": "2026-01-01",
              "ends_on": "2026-12-31", "fee": "5000", "state": "履行中"}
    return values, heads


def book(rows):
    """A workbook whose cells have the types of the values."""
    out = io.BytesIO()
    made = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False})
    sheet, day = made.add_worksheet(), made.add_format({"num_format": "yyyy-mm-dd"})
    for number, row in enumerate(rows):
        for place, value in enumerate(row):
            if isinstance(value, date):
                sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), day)  # noqa: DTZ001 - cells have no zone
            elif value != "":
                sheet.write(number, place, value)
    made.close()
    return out.getvalue()


def text_file(rows, apart=",", encoding="utf-8", end="\r\n"):
    """The same as a text file."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=apart, lineterminator=end).writerows(rows)
    return out.getvalue().encode(encoding)


def outcome(app, content, name="rows.xlsx"):
    """The dry run of the file."""
    with app.test_request_context(), acting(everywhere("tests")):
        done = check(REGISTER, read(REGISTER, name, content))
        db.session.rollback()
        return done


DAYS = [date(2026, 3, 1), "2026.3.1", "2026.03.01", "2026/3/1", "2026-3-1", "2026年3月1日", "2026年03月01日", "２０２６年３月１日",
        "2026 -03-01".replace(" ", ""), " 2026-03-01", "2026-03-01 ", "2026-03-01\n", "'2026-03-01".lstrip("'"), "2026/03/01"]
SUMS = [5000, 5000.0, "5000", "5,000", "5，000", "5 000", "5000元", "￥5000", "¥5,000.00", "５０００", "5000.00", " 5000 ", "5000.0 元"]
STATES = ["履行中", "active", " 履行中 ", "履行中\n"]
RIGHT = ([("starts_on", said, date(2026, 3, 1)) for said in dict.fromkeys(DAYS)] + [("fee", said, Decimal(5000)) for said in SUMS]
         + [("state", said, "active") for said in STATES]
         + [("fee", "", None), ("fee", 0, Decimal(0)), ("fee", "0.01", Decimal("0.01")), ("state", "", None),
            ("division_code", int(TOWN), TOWN), ("division_code", f"#{TOWN}", TOWN), ("division_code", "３７１６２５１０１", TOWN),
            ("client", "  某镇人民政府  ", "某镇人民政府"), ("client", "=1+1", "=1+1"), ("client", "@某单位", "@某单位"),
            ("client", "<script>alert(1)</script>", "<script>alert(1)</script>"), ("client", "某单位\n第二行", "某单位\n第二行"),
            ("client", "𠮷祥社区", "𠮷祥社区"), ("client", "O'Brien; DROP TABLE", "O'Brien; DROP TABLE"),
            ("number", 20260001, "20260001"), ("number", "乱〔2026〕1号", "乱〔2026〕1号"), ("number", "000123", "000123")])


@pytest.mark.parametrize(("column", "said", "means"), RIGHT, ids=lambda each: repr(each)[:30])
def test_a_cell_as_people_write_it_is_understood(column, said, means, app, good):
    values, heads = good
    row = {**values, column: said}
    done = outcome(app, book([[heads[name] for name in NAMES], [row[name] for name in NAMES]]))
    assert done.problems == []
    got = done.ready[0].values[column]
    assert (got or None if means is None else getattr(got, "value", got)) == means or (column == "state" and means is None)


WRONG = ([("starts_on", said) for said in ("2026-02-30", "2026-13-01", "明年", "3月1日", "", "2026", "长期", "0000-00-00", "2026-1-1至今", 12.5)]
         + [("ends_on", said) for said in ("无", "十二月", "-", "N/A")]
         + [("fee", said) for said in ("五千", "-1", "5000-6000", "1e400", "nan", "inf", "约5000", "5000万元", "--")]
         + [("state", said) for said in ("进行中", "履行 中 了", "1")]
         + [("division_code", said) for said in ("不存在镇", "", "000000", "371625101 371625102", "全县")]
         + [("firm_id", said) for said in ("没有这家所", "", "#999999", "0", "<b>律所</b>")]
         + [("number", said) for said in ("", "   ", "长" * 51)] + [("client", said) for said in ("", "\u3000", "长" * 101)])


@pytest.mark.parametrize(("column", "said"), WRONG, ids=lambda each: repr(each)[:24])
def test_a_cell_that_means_nothing_is_named(column, said, app, good):
    values, heads = good
    row = {**values, column: said}
    done = outcome(app, book([[heads[name] for name in NAMES], [row[name] for name in NAMES]]))
    assert done.ready == []
    assert {(problem.place, problem.name) for problem in done.problems} == {(f"{chr(65 + NAMES.index(column))}2", column)}
    assert all(problem.advice for problem in done.problems)


def titled(head, row):
    return book([["2026年法律顾问合同登记表"], ["填报单位：某镇", "", "填报日期：3月"], head, row])


def two_rows_of_one(head, row):
    return book([head, row, row])


SHAPES = {
    "plain": lambda head, row: book([head, row]), "a title above": titled,
    "blank rows between": lambda head, row: book([head, [], [""] * 3, row, [], [""]]),
    "a running number": lambda head, row: book([["序号", *head], [1, *row]]),
    "a column nobody knows": lambda head, row: book([[*head, "签约地点"], [*row, "县城"]]),
    "stars and colons": lambda head, row: book([[f"＊{text.rstrip('*')}：" for text in head], row]),
    "blanks in headers": lambda head, row: book([[" ".join(text) for text in head], row]),
    "line breaks in headers": lambda head, row: book([["\n".join(text) for text in head], row]),
    "backwards": lambda head, row: book([head[::-1], row[::-1]]), "blank columns": lambda head, row: book([[*head, "", ""], [*row, "", ""]]),
    "csv": lambda head, row: text_file([head, row]), "csv with a mark": lambda head, row: text_file([head, row], encoding="utf-8-sig"),
    "csv in GB18030": lambda head, row: text_file([head, row], encoding="gb18030"),
    "csv by tabs": lambda head, row: text_file([head, row], "\t"), "csv by semicolons": lambda head, row: text_file([head, row], ";"),
    "unicode text": lambda head, row: text_file([head, row], "\t", "utf-16"), "csv of unix": lambda head, row: text_file([head, row], end="\n"),
    "csv with blank lines": lambda head, row: text_file([head, [], row, [], []]),
    "csv with a title": lambda head, row: text_file([["登记表"], head, row]),
    "csv cut short": lambda head, row: text_file([head, row]).rstrip(b"\r\n"),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_file_of_any_usual_shape_is_read(shape, app, good):
    values, heads = good
    content = SHAPES[shape]([heads[name] for name in NAMES], [values[name] for name in NAMES])
    done = outcome(app, content, "rows.csv" if shape.startswith(("csv", "unicode")) else "rows.xlsx")
    assert (done.problems, len(done.ready)) == ([], 1)
    assert done.ready[0].values["fee"] == Decimal(5000)


REFUSED = {
    "empty": b"", "not a workbook": b"PK\x03\x04broken", "noise": bytes(range(256)) * 8, "a web page": b"<html><body>no</body></html>",
    "a PDF": b"%PDF-1.7\n1 0 obj", "no headers": book([["1", "2"], ["3", "4"]]), "nothing in it": book([]),
    "other headers": book([["甲", "乙"], ["1", "2"]]), "too many lines": text_file([["甲"]] + [["x"]] * 20_020),
}


@pytest.mark.parametrize("what", REFUSED)
def test_a_file_that_is_none_is_refused_with_a_word(what, app):
    with app.test_request_context(), pytest.raises((Unreadable, Unmapped)) as refusal:
        read(REGISTER, "rows.csv" if what == "too many lines" else "rows.xlsx", REFUSED[what])
    assert str(refusal.value)


def test_the_same_record_twice_is_told_with_the_first_row(app, good):
    values, heads = good
    done = outcome(app, two_rows_of_one([heads[name] for name in NAMES], [values[name] for name in NAMES]))
    assert (len(done.ready), [problem.row for problem in done.problems]) == (1, [3])
    assert "2" in done.problems[0].advice


def test_what_a_spreadsheet_would_run_is_disarmed_in_a_text_file_and_comes_back(app, good):
    from app.web.workbook.export import harmless

    values, heads = good
    for said in ("=1+1", "+86 543", "-某", "@某", "'=x", "某", "-5", "''", "'引"):
        assert not harmless(said).startswith(("=", "+", "@")), said
        row = {**values, "client": said}
        content = text_file([[heads[name] for name in NAMES], [harmless(row[name]) for name in NAMES]])
        assert outcome(app, content, "rows.csv").ready[0].values["client"] == said


def test_there_are_a_hundred_of_them():
    assert len(RIGHT) + len(WRONG) + len(SHAPES) + len(REFUSED) >= 100
