"""Justify Chinese lines (两端对齐): the rest of a line is spread between its characters, not its spaces alone.

WeasyPrint stretches spaces only, so that a Chinese line with digits or a pushed mark stays ragged. These few
lines replace its ``justify_line``; they fall back to it wherever they do not apply.
"""
from __future__ import annotations

from typing import Any

from weasyprint.formatting_structure import boxes
from weasyprint.layout import inline

# A gap wider than this share of the type size is a fault of its own and is left to the spaces.
WIDEST = 0.5


def _texts(box: Any) -> list[Any]:
    if isinstance(box, boxes.TextBox):
        return [box]
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        return [text for child in box.children if child.is_in_normal_flow() for text in _texts(child)]
    return []


def _is_chinese(text: str) -> bool:
    return any("\u2e80" <= sign <= "\uffef" for sign in text)


def _widen(context: Any, box: Any, gap: float, moved: float) -> float:
    """Add the gap after every character of the box and of those in it; return how far the next one moves."""
    if isinstance(box, boxes.TextBox):
        box.position_x += moved
        box.style = box.style.copy()
        box.style["letter_spacing"] = _spacing(box) + gap
        layout = inline.create_layout(box.text, box.style, context, max_width=None, justification_spacing=0)
        layout.deactivate()
        box.pango_layout = layout
        box.width += gap * len(box.text)
        return moved + gap * len(box.text)
    if isinstance(box, boxes.LineBox | boxes.InlineBox):
        box.position_x += moved
        start = moved
        for child in box.children:
            if child.is_in_normal_flow():
                moved = _widen(context, child, gap, moved)
        box.width += moved - start
        return moved
    box.translate(moved, 0)
    return moved


def _spacing(box: Any) -> float:
    value = box.style["letter_spacing"]
    return 0 if value == "normal" else value


def spread_between_characters() -> None:
    """Replace WeasyPrint's justification for the life of the process."""
    plain = inline.justify_line

    def justify_line(context: Any, line: Any, extra_width: float) -> None:
        texts = _texts(line)
        joined = "".join(box.text for box in texts)
        gaps = len(joined) - 1
        if extra_width <= 0 or gaps < 1 or not _is_chinese(joined) or line.style["direction"] == "rtl":
            return plain(context, line, extra_width)
        gap = extra_width / gaps
        if gap > texts[0].style["font_size"] * WIDEST:
            return plain(context, line, extra_width)
        _widen(context, line, gap, 0)
        return None

    inline.justify_line = justify_line
