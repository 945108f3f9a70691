"""The template of a register (导入模板): headers, a note row, drop-downs, and a hidden signature."""
from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from flask_babel import gettext as _
from sqlalchemy import Column

from app.core.conditions import condition, only_words
from app.core.register import Register
from app.web.workbook.columns import header, import_columns, required

SIGNATURE = "pingan"
ROWS = 2000
"""Rows below the header that carry drop-downs and checks."""


def note(column: Column[Any]) -> str:
    """What to write in the column."""
    kind = column.info["kind"]
    hints = {
        "day": _("Date, such as 2026-01-31"), "month": _("Month, such as 2026-01"), "money": _("Amount in yuan"), "count": _("Whole number"),
        "decimal": _("Number"), "flag": _("Yes or No"), "division": _("Name or code of the division"), "link": _("Name as in its register"),
        "choice": _("Choose from the list"), "phone": _("Telephone number"),
    }
    return " ".join(filter(None, (hints.get(kind, ""), str(column.info.get("help", "")), only_words(column) if condition(column) else "")))


def _limit(sheet: Any, place: int, column: Column[Any]) -> None:
    kind, area = column.info["kind"], (2, place, ROWS, place)
    if kind == "choice":
        labels = [str(member.label) for member in column.info["choice"]]
        if sum(map(len, labels)) + len(labels) < 255:
            sheet.data_validation(*area, {"validate": "list", "source": labels})
    elif kind == "flag":
        sheet.data_validation(*area, {"validate": "list", "source": [_("Yes"), _("No")]})


def make_template(register: Register) -> bytes:
    """The workbook as bytes."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    sheet, secret = book.add_worksheet(str(register.label)[:31]), book.add_worksheet(SIGNATURE)
    must = book.add_format({"bold": True, "bg_color": "#FDECEA", "font_color": "#C02A2A", "border": 1})
    may = book.add_format({"bold": True, "bg_color": "#EAF1FC", "border": 1})
    grey = book.add_format({"italic": True, "font_color": "#5F6B7E", "text_wrap": True, "border": 1})
    text = book.add_format({"num_format": "@"})
    for place, column in enumerate(import_columns(register).values()):
        sheet.write_string(0, place, header(column), must if required(column) else may)
        sheet.write_string(1, place, note(column), grey)
        sheet.set_column(place, place, 18, text)
        _limit(sheet, place, column)
    sheet.write_comment(1, 0, _("This row explains the columns. Fill in below it; it is not imported."))
    sheet.freeze_panes(2, 0)
    secret.write_string(0, 0, register.name)
    secret.hide()
    book.close()
    return out.getvalue()
