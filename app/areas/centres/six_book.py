"""The matrix as a workbook (六个到位矩阵导出): what is shown, as text that no program runs, and a second sheet that says what it is."""
from __future__ import annotations

import io
from typing import Any

import xlsxwriter
from flask_babel import gettext as _

from app.areas.centres.checklist_items import ChecklistPart
from app.areas.centres.six import Share, Town
from app.core.base import now
from app.database.scope import current_scope
from app.web.cells import shown


def _figure(share: Share) -> str:
    return f"{share.percent} ({share.held}/{share.of})" if share.of else _("Not assessed")


def _town_line(town: Town, name: str) -> list[str]:
    return [name, f"{town.assessed}/{town.centres}", *(_figure(share) for share in (*town.shares, town.total))]


def _table(page: dict[str, Any]) -> list[list[str]]:
    """The lines of the matrix as the page shows it, headers first."""
    parts = [str(part.label) for part in ChecklistPart]
    if "towns" in page:
        return [[_("Town"), _("Assessed"), *parts, _("All six")], *(_town_line(town, town.name) for town in page["towns"]),
                _town_line(page["all"], _("Together"))]
    lines = [[_("Centre"), *parts, _("In place"), _("What is missing")]]
    for centre, found in page.get("centres", ()):
        said = [_("In place") if getattr(found, part.value) else _("Lacking") for part in ChecklistPart] if found else [_("Not assessed")]
        said += [""] * (len(parts) - len(said))
        lines.append([centre.name, *said, f"{found.in_place}/{len(parts)}" if found else "", (found.findings or "") if found else ""])
    return lines


def make_book(page: dict[str, Any]) -> tuple[bytes, int]:
    """The workbook, and how many lines its matrix has."""
    out, (year, quarter), table = io.BytesIO(), page["when"], _table(page)
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    title = str(_("Six-in-place matrix"))
    place = page["town"].name if page.get("town") else _("All towns") if "towns" in page else ""
    cover = [[_("Register"), title], [_("Quarter"), f"{year} {quarter.label}"], [_("Town"), place], [_("Rows"), str(len(table) - 1)],
             [_("Exported at"), shown(now(), "time")], [_("Exported by"), current_scope().actor or ""]]
    for name, lines in ((title[:31], table), (_("About this file")[:31], [line for line in cover if line[1]])):
        sheet, bold = book.add_worksheet(name), book.add_format({"bold": True, "bg_color": "#EAF1FC", "border": 1})
        sheet.set_column(0, len(lines[0]) - 1, 18)
        for row, line in enumerate(lines):
            for column, text in enumerate(line):
                sheet.write_string(row, column, text, bold if column == 0 or (row == 0 and lines is table) else None)
        sheet.freeze_panes(1, 1)
    book.set_properties({"title": title})
    book.close()
    return out.getvalue(), len(table) - 1
