"""Reading an uploaded workbook: xlsx, xls or csv, within limits, down to rows of plain text."""
from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineWorkbook

from app.core.register import Register
from app.web.workbook.columns import header, import_columns
from app.web.workbook.template import SIGNATURE, note

MOST_BYTES, UNPACKED, RATIO, MOST_ROWS, HEADER_WITHIN = 8 << 20, 200 << 20, 200, 20_000, 10


class Unreadable(ValueError):
    """The file cannot be imported at all; the message says why and what to do."""


@dataclass(frozen=True)
class Line:
    """One row of the file: its number there, and what stands in each known column."""

    number: int
    values: dict[str, str]


@dataclass(frozen=True)
class Sheet:
    """The rows of a file, and in which letter each column stands."""

    lines: list[Line]
    letters: dict[str, str]


def plain(value: Any) -> str:
    """A cell as text: whole numbers without a point, days as ISO."""
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return "" if value is None else str(value).strip()


def _zip_is_sane(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        unpacked = sum(each.file_size for each in packed.infolist())
    return unpacked <= UNPACKED and unpacked <= RATIO * max(len(content), 1)


def _cells(name: str, content: bytes) -> tuple[list[list[Any]], str | None]:
    """All rows of the first sheet, and the register that the hidden signature names."""
    if name.lower().endswith(".csv"):
        return _csv(content), None
    if content[:2] == b"PK" and not _zip_is_sane(content):
        raise Unreadable(_("The file unpacks to far more than its size; save it anew in WPS or Excel and upload that."))
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    first = book.get_sheet_by_index(0)
    if first.total_height > MOST_ROWS + HEADER_WITHIN:
        raise Unreadable(_("The file has more than %(most)s rows; split it.", most=MOST_ROWS))
    signed = book.get_sheet_by_name(SIGNATURE).to_python() if SIGNATURE in book.sheet_names else []
    return first.to_python(skip_empty_area=False), str(signed[0][0]) if signed and signed[0] else None


def _csv(content: bytes) -> list[list[Any]]:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return list(csv.reader(io.StringIO(content.decode(encoding))))
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The text file is neither in UTF-8 nor in GB18030; save it as xlsx."))


def _letter(place: int) -> str:
    return _letter(place // 26 - 1) + chr(65 + place % 26) if place >= 26 else chr(65 + place)


def read(register: Register, name: str, content: bytes) -> Sheet:
    """The rows below the header; Unreadable when the file does not fit the register."""
    if len(content) > MOST_BYTES:
        raise Unreadable(_("The file is larger than 8 MB; split it."))
    try:
        rows, signed = _cells(name, content)
    except Unreadable:
        raise
    except Exception as error:
        # The reader raises many kinds of errors on broken files; to people they all mean the same.
        raise Unreadable(_("The file cannot be read. Save it as xlsx in WPS or Excel and upload it again.")) from error
    if signed and signed != register.name:
        raise Unreadable(_("This is the template of another register; download the one on this page."))
    return _under_header(register, rows)


def _under_header(register: Register, rows: list[list[Any]]) -> Sheet:
    columns = import_columns(register)
    labels = {header(column).rstrip("*"): key for key, column in columns.items()}
    for top, row in enumerate(rows[:HEADER_WITHIN]):
        places = {labels[text]: place for place, cell in enumerate(row) if (text := plain(cell).rstrip("*＊ ")) in labels}
        if len(places) >= max(2, len(columns) // 2):
            return _lines(register, rows, top, places)
    raise Unreadable(_("The headers of the template are not in the first 10 rows; download the template and paste your rows into it."))


def _lines(register: Register, rows: list[list[Any]], top: int, places: dict[str, int]) -> Sheet:
    notes = {key: note(column) for key, column in import_columns(register).items()}
    lines = []
    for number, row in enumerate(rows[top + 1:], start=top + 2):
        values = {key: plain(row[place]) if place < len(row) else "" for key, place in places.items()}
        explains = number == top + 2 and all(values[key] == notes[key].strip() for key in values)
        if any(values.values()) and not explains:
            lines.append(Line(number, values))
    return Sheet(lines, {key: _letter(place) for key, place in places.items()})
