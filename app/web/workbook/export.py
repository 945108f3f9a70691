"""Exports (导出): what the list shows, as a workbook that no cell of can run, and that can be imported again."""
from __future__ import annotations

import io
from collections.abc import Mapping
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.core.base import Choice
from app.core.register import Register
from app.database import db
from app.web.cells import Names, cell
from app.web.lists import query_for
from app.web.shown import visible
from app.web.workbook.check import Pointers
from app.web.workbook.columns import export_columns, header

MOST = 50_000


def _text(register: Register, row: Any, name: str, column: Any, names: Names, pointers: Pointers) -> str:
    value, kind = getattr(row, name), column.info["kind"]
    if value is None:
        return ""
    if kind in ("money", "decimal"):
        return f"{value.normalize():f}" if kind == "decimal" else f"{value:.2f}"
    if kind == "division":
        return str(value)
    if kind == "link":
        return pointers.word(column.info["register"], value)
    return str(value.label) if isinstance(value, Choice) else cell(register, row, name, names).text


def _columns(register: Register, args: Mapping[str, str]) -> dict[str, Any]:
    """The columns the address names, in its order; without a choice all, so that the workbook can be imported again."""
    known = export_columns(register)
    return {name: known[name] for name in visible(register, args) if name in known} if args.get("columns") else known


def make_export(register: Register, args: Mapping[str, str]) -> tuple[bytes, int]:
    """The workbook as bytes, and how many rows it holds (at most 50,000). Every cell is text: none is ever a formula."""
    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    sheet, bold = book.add_worksheet(str(register.label)[:31]), book.add_format({"bold": True, "bg_color": "#EAF1FC", "border": 1})
    columns, names, pointers = _columns(register, args), Names(), Pointers()
    rows = list(db.session.scalars(query_for(register, args).limit(MOST)))
    names.learn(register, rows, columns)
    for place, (name, column) in enumerate(columns.items()):
        sheet.write_string(0, place, header(column), bold)
        sheet.set_column(place, place, 18)
        for number, row in enumerate(rows, start=1):
            sheet.write_string(number, place, _text(register, row, name, column, names, pointers))
    sheet.freeze_panes(1, 0)
    book.set_properties({"title": str(register.label), "comments": _("Exported within the divisions of the person who did it.")})
    book.close()
    return out.getvalue(), len(rows)
