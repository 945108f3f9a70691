"""The cells of a list as HTML (表格单元格): written here, since a template asks some fifteen hundred questions for twenty rows."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from flask_babel import gettext as _
from markupsafe import Markup, escape

from app.web.assets import tag
from app.web.cells import Cell

SHORT = 9
"""Characters that fit any column; longer text is told again when pointed at."""
LONGEST_TITLE = 400
_tag = lru_cache(maxsize=2048)(tag)


def cells_html(cells: Iterable[Cell], columns: Sequence[Mapping[str, Any]], url: str | None) -> Markup:
    """The cells of one row, the first of which opens the record when it does not lead elsewhere itself."""
    nothing = Markup('<span class="none" aria-label="{}">—</span>').format(_("Empty"))
    made = []
    for place, (cell, column) in enumerate(zip(cells, columns, strict=True)):
        value = _value(cell, nothing)
        if place == 0 and url and not cell.url and not cell.tone:
            value = f'<a class="row-link" href="{escape(url)}">{value}</a>'
        made.append(f"{column['opening']}{' first' if place == 0 else ''}\"{_title(cell.text)}>{value}</td>")
    return Markup("".join(made))  # noqa: S704 - every part was escaped where it was made


def opening(name: str, label: str, numeric: bool) -> Markup:
    """The beginning of every cell of a column, up to its class."""
    return Markup('<td data-col="{}" data-label="{}" class="{}').format(name, label, "num" if numeric else "")


def _title(text: str) -> str:
    if not text or len(text) <= SHORT:
        return ""
    return f' title="{escape(text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…")}"'


def _value(cell: Cell, nothing: str) -> str:
    if cell.tone:
        return _tag(cell.text, cell.tone)
    if cell.text is None or cell.text == "":
        return nothing
    if cell.url:
        return f'<a href="{escape(cell.url)}">{escape(cell.text)}</a>'
    if cell.mark:
        return f"<span>{escape(cell.text)} {_tag(*cell.mark)}</span>"
    return f'<span class="lines">{escape(cell.text)}</span>' if cell.kind == "note" else escape(cell.text)
