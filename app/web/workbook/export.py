"""Exports (导出): what the list shows, row by row from the database into a file, that no cell of can run and that can be imported again."""
from __future__ import annotations

import csv
import re
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import Any

import xlsxwriter
from sqlalchemy import func, select

from app.core.base import Choice
from app.core.progress import Tell, silent
from app.core.register import Register
from app.database import db
from app.web.cells import Names, shown
from app.web.lists import query_for
from app.web.shown import visible
from app.web.workbook.check import Pointers
from app.web.workbook.columns import export_columns, header
from app.web.workbook.cover import Cover

AT_ONCE, SHEET_ROWS = 1000, 1_000_000
RUNS = re.compile(r"'*[=+\-@\t\r]")
"""How a text begins that a spreadsheet would run when it opens a csv."""
FIGURE = re.compile(r"-?\d+(\.\d+)?")


def columns_of(register: Register, args: Mapping[str, str]) -> dict[str, Any]:
    """The columns the address names, in its order; without a choice all, so that the workbook can be imported again."""
    known = export_columns(register)
    return {name: known[name] for name in visible(register, args) if name in known} if args.get("columns") else known


def how_many(register: Register, args: Mapping[str, str], most: int) -> int:
    """How many rows the address asks for, counted up to one past ``most``."""
    inner = query_for(register, args).with_only_columns(register.model.id).order_by(None).limit(most + 1)
    return db.session.scalar(select(func.count()).select_from(inner.subquery())) or 0


def _said(column: Any, names: Names, pointers: Pointers) -> Callable[[Any], str]:
    """How a column's values are written so that the import understands them; nothing is empty."""
    kind = column.info["kind"]
    if kind == "link":
        return lambda value: pointers.word(column.info["register"], value)
    if kind == "decimal":
        return lambda value: f"{value.normalize():f}"
    if kind == "money":
        return lambda value: f"{value:.2f}"
    if kind in ("text", "number", "note", "phone", "division"):
        return str
    if kind == "choice":
        known: dict[Any, str] = {}
        return lambda value: known.setdefault(value, str(value.label) if isinstance(value, Choice) else str(value))
    return lambda value: shown(value, kind)


def lines(register: Register, args: Mapping[str, str], columns: Mapping[str, Any], tell: Tell = silent) -> Iterator[list[str]]:
    """Every row as texts, in the order of the list; only some hundred rows are in memory at a time."""
    names, pointers = Names(), Pointers()
    how = [(name, _said(column, names, pointers)) for name, column in columns.items()]
    query = query_for(register, args).execution_options(yield_per=AT_ONCE)
    if set(columns) <= set(register.declared.columns):
        # Plain columns are read four times as fast as whole records.
        query = query.with_only_columns(*(getattr(register.model, name) for name in columns))
        rows: Iterator[Any] = iter(db.session.execute(query))
    else:
        rows = iter(db.session.scalars(query))
    done = 0
    while some := list(islice(rows, AT_ONCE)):
        for row in some:
            yield ["" if (value := getattr(row, name)) is None else say(value) for name, say in how]
        done += len(some)
        tell(done, done)


def write_xlsx(path: Path, heads: list[str], rows: Iterator[list[str]], cover: Cover) -> int:
    """A workbook written as it goes; every cell is text. The cover comes second, so that the first sheet can be imported."""
    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "tmpdir": str(path.parent)}
    book, count = xlsxwriter.Workbook(str(path), options), 0
    bold = book.add_format({"bold": True, "bg_color": "#EAF1FC", "border": 1})
    sheet = book.add_worksheet(cover.title[:31])
    sheet.set_column(0, len(heads), 18)
    sheet.freeze_panes(1, 0)
    for place, text in enumerate(heads):
        sheet.write_string(0, place, text, bold)
    for count, row in enumerate(islice(rows, SHEET_ROWS), start=1):
        for place, text in enumerate(row):
            if text:
                sheet.write_string(count, place, text)
    page = book.add_worksheet(cover.heading)
    page.set_column(0, 0, 14)
    page.set_column(1, 1, 80)
    for place, (label, text) in enumerate(cover.lines(count)):
        page.write_string(place, 0, label, bold)
        page.write_string(place, 1, text)
    book.close()
    return count


def harmless(text: str) -> str:
    """A text of a csv that no spreadsheet runs; the import takes the sign in front away again."""
    return f"'{text}" if RUNS.match(text) and not FIGURE.fullmatch(text) else text


def write_csv(path: Path, heads: list[str], rows: Iterator[list[str]], cover: Cover) -> int:
    """A text file in UTF-8 with a mark that Excel and WPS know it by."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out, count = csv.writer(file), 0
        out.writerow(heads)
        for row in rows:
            out.writerow([harmless(text) for text in row])
            count += 1
    return count


WRITERS: dict[str, Callable[[Path, list[str], Iterator[list[str]], Cover], int]] = {"xlsx": write_xlsx, "csv": write_csv}
KINDS = {"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "csv": "text/csv", "pdf": "application/pdf"}


def make_export(register: Register, args: Mapping[str, str], kind: str, path: Path, cover: Cover, tell: Tell = silent) -> int:
    """Write the file, and answer how many rows it holds."""
    columns = columns_of(register, args)
    return WRITERS[kind](path, [header(column) for column in columns.values()], lines(register, args, columns, tell), cover)
