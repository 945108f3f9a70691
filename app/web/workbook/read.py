"""Reading an uploaded workbook: xlsx, xls or csv, within limits, down to rows of plain text."""
from __future__ import annotations

import csv
import difflib
import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _
from python_calamine import CalamineWorkbook

from app.core.register import Register
from app.web.workbook.columns import header, import_columns, required
from app.web.workbook.template import SIGNATURE, note

MOST_BYTES, UNPACKED, RATIO, MOST_ROWS, HEADER_WITHIN = 8 << 20, 200 << 20, 200, 20_000, 10


SERIAL = ("序号", "No.")
"""Headers of a running number, which nobody misses."""
RUNS = re.compile(r"'+[=+\-@\t\r]")
UNIT = re.compile(r"\((元|万元|必填|选填)\)")


class Unreadable(ValueError):
    """The file cannot be imported at all; the message says why and what to do."""


class Unmapped(ValueError):
    """The headers are not those of the template: people say which column each means."""

    def __init__(self, top: int, texts: list[str], places: dict[str, int]) -> None:
        super().__init__("headers differ")
        self.top, self.texts, self.places = top, texts, places


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
    unknown: tuple[str, ...] = ()
    """Headers that mean no column, so that nothing is left out in silence."""


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
    if name.lower().endswith((".csv", ".txt")):
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
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        # What spreadsheets call "Unicode text".
        return _fields(content.decode("utf-16", "replace"))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return _fields(content.decode(encoding))
        except UnicodeDecodeError:
            continue
    raise Unreadable(_("The text file is neither in UTF-8 nor in GB18030; save it as xlsx."))


def _fields(text: str) -> list[list[Any]]:
    """The cells of a text file, whose columns stand apart by commas, tabs or semicolons, whichever its first lines have most of."""
    first = "\n".join(text.splitlines()[:HEADER_WITHIN])
    apart = max((",", "\t", ";"), key=first.count)
    rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=apart))
    if len(rows) > MOST_ROWS + HEADER_WITHIN:
        raise Unreadable(_("The file has more than %(most)s rows; split it.", most=MOST_ROWS))
    # An export puts a sign before what a spreadsheet would run.
    return [[cell[1:] if RUNS.match(cell) else cell for cell in row] for row in rows]


def _letter(place: int) -> str:
    return _letter(place // 26 - 1) + chr(65 + place % 26) if place >= 26 else chr(65 + place)


def rows_of(register: Register, name: str, content: bytes) -> list[list[Any]]:
    """All rows of the first sheet; Unreadable when the file cannot be of this register."""
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
    return rows


def read(register: Register, name: str, content: bytes, words: dict[str, str] | None = None) -> Sheet:
    """The rows below the header; ``words`` are further headers for columns. Unmapped when headers must be chosen first."""
    rows = rows_of(register, name, content)
    top, texts = _header(register, rows, words or {})
    places = _places(register, texts, words or {})
    columns = import_columns(register)
    lacking = [key for key, column in columns.items() if required(column) and key not in places]
    # A few columns of a long register are enough, but a column that every row needs must have been recognised.
    if len(places) < min(2, len(columns)) or lacking:
        raise Unmapped(top, texts, places)
    return replace(_lines(register, rows, top, places), unknown=_unknown(register, texts, places, words or {}))


def headers_of(register: Register, name: str, content: bytes) -> Unmapped:
    """The headers of a file with the columns they are taken for, to be chosen anew."""
    top, texts = _header(register, rows_of(register, name, content), {})
    return Unmapped(top, texts, _places(register, texts, {}))


def _unknown(register: Register, texts: list[str], places: dict[str, int], words: dict[str, str]) -> tuple[str, ...]:
    said = {*_labels(register, words), *(_bare(str(column.info["label"])) for column in register.columns.values()), *SERIAL}
    return tuple(text for place, text in enumerate(texts) if text and place not in places.values() and _bare(text) not in said)


def _labels(register: Register, words: dict[str, str]) -> dict[str, str]:
    own = {_bare(header(column)): key for key, column in import_columns(register).items()}
    return {**{_bare(text): key for text, key in words.items() if key in own.values() or not key}, **own}


def _bare(text: str) -> str:
    """A header without marks, blanks and units, so that “合同 编号*” is “合同编号”."""
    return UNIT.sub("", re.sub(r"[\s*:]", "", unicodedata.normalize("NFKC", text)))


def _places(register: Register, texts: list[str], words: dict[str, str]) -> dict[str, int]:
    labels, places = _labels(register, words), {}
    for place, text in enumerate(texts):
        if key := labels.get(_bare(text)):
            places.setdefault(key, place)
    return places


def _header(register: Register, rows: list[list[Any]], words: dict[str, str]) -> tuple[int, list[str]]:
    """The row of the first ten that names most columns; among equals the one with most words, past any merged title."""
    tried = [(top, [plain(cell) for cell in row]) for top, row in enumerate(rows[:HEADER_WITHIN])]
    if not tried:
        raise Unreadable(_("The file is empty."))
    return max(tried, key=lambda each: (len(_places(register, each[1], words)), len(set(filter(None, each[1]))) > 1, -each[0]))


def guess(register: Register, text: str) -> str:
    """The column that a header most likely means; empty when nothing is near."""
    labels = {_bare(str(column.info["label"])): key for key, column in import_columns(register).items()}
    bare = _bare(text)
    inside = [key for label, key in labels.items() if bare and (bare in label or label in bare)]
    near = difflib.get_close_matches(bare, labels, 1, 0.6)
    return inside[0] if len(inside) == 1 else labels[near[0]] if near else ""


def _lines(register: Register, rows: list[list[Any]], top: int, places: dict[str, int]) -> Sheet:
    notes = {key: note(column) for key, column in import_columns(register).items()}
    lines = []
    for number, row in enumerate(rows[top + 1:], start=top + 2):
        values = {key: plain(row[place]) if place < len(row) else "" for key, place in places.items()}
        explains = number == top + 2 and all(values[key] == notes[key].strip() for key in values)
        if any(values.values()) and not explains:
            lines.append(Line(number, values))
    return Sheet(lines, {key: _letter(place) for key, place in places.items()})
