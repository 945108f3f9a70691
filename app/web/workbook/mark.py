"""The marked copy (标红的错误表): the rows as they were uploaded, wrong cells red with a note, to be mended and uploaded again."""
from __future__ import annotations

import io
from collections import defaultdict
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.core.register import Register
from app.web.workbook.check import Checked, Problem
from app.web.workbook.columns import header, import_columns, required
from app.web.workbook.read import Sheet
from app.web.workbook.template import SIGNATURE


def make_marked(register: Register, sheet: Sheet, checked: Checked) -> bytes:
    """The workbook as bytes: wrong rows first, so that nobody has to look for them; no cell is ever a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, secret = book.add_worksheet(str(register.label)[:31]), book.add_worksheet(SIGNATURE)
    styles = {"must": book.add_format({"bold": True, "bg_color": "#FDECEA", "font_color": "#C02A2A", "border": 1}),
              "may": book.add_format({"bold": True, "bg_color": "#EAF1FC", "border": 1}), "text": book.add_format({"num_format": "@"}),
              "wrong": book.add_format({"num_format": "@", "bg_color": "#FFC7CE", "font_color": "#9C0006"})}
    columns = import_columns(register)
    for place, column in enumerate(columns.values()):
        page.write_string(0, place, header(column), styles["must" if required(column) else "may"])
        page.set_column(place, place, 18, styles["text"])
    _rows(page, sheet, checked, list(columns), styles)
    page.freeze_panes(1, 0)
    secret.write_string(0, 0, register.name)
    secret.hide()
    book.close()
    return out.getvalue()


def _rows(page: Any, sheet: Sheet, checked: Checked, names: list[str], styles: dict[str, Any]) -> None:
    wrong: dict[int, dict[str, list[Problem]]] = defaultdict(lambda: defaultdict(list))
    for problem in checked.problems:
        wrong[problem.row][problem.name].append(problem)
    for number, line in enumerate(sorted(sheet.lines, key=lambda each: (each.number not in wrong, each.number)), start=1):
        faults = wrong.get(line.number, {})
        for place, name in enumerate(names):
            page.write_string(number, place, line.values.get(name, ""), styles["wrong" if name in faults else "text"])
            if name in faults:
                page.write_comment(number, place, "；".join(p.advice for p in faults[name]), {"x_scale": 2})
        if general := faults.get(""):
            page.write_comment(number, 0, "；".join(_("Row %(row)s: %(advice)s", row=p.row, advice=p.advice) for p in general), {"x_scale": 2})
