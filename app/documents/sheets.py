"""Reading a finished PDF back (版面读回): its pages with every printed character, rule and typeface, in points from the top left."""
from __future__ import annotations

import ctypes
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pypdfium2 as pdfium
from pypdfium2 import raw

GENERATED = 2.0
"""The reader adds spaces and line ends of its own; they have no size."""


SHORTEST = 20.0
"""Shorter drawings are marks of a chart."""


@dataclass(frozen=True)
class Glyph:
    """One printed character: where it begins, its baseline, its size and its face."""

    text: str
    left: float
    right: float
    base: float
    size: float
    face: str
    red: bool


@dataclass(frozen=True)
class Rule:
    """A line, a bar or the lines around a box, by its outer bounds."""

    left: float
    right: float
    top: float
    bottom: float
    red: bool


@dataclass(frozen=True)
class Sheet:
    """One page."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    rules: tuple[Rule, ...]
    loose_faces: tuple[str, ...]
    """Typefaces that are named but not carried along."""


def read(path: Path) -> list[Sheet]:
    """Every page of the document; ValueError for what is no PDF."""
    try:
        document = pdfium.PdfDocument(path)
    except pdfium.PdfiumError as error:
        raise ValueError(f"{path.name} is no readable PDF.") from error
    try:
        return [_sheet(number + 1, document[number]) for number in range(len(document))]
    finally:
        document.close()


def _sheet(number: int, page: Any) -> Sheet:
    width, height = page.get_size()
    objects = list(page.get_objects())
    return Sheet(number, width, height, tuple(_glyphs(page, height)), tuple(_rules(objects, height)), tuple(sorted(_loose(objects))))


def _glyphs(page: Any, height: float) -> Iterator[Glyph]:
    text, high = page.get_textpage(), ""
    name, flags = ctypes.create_string_buffer(128), ctypes.c_int()
    x, y, matrix = ctypes.c_double(), ctypes.c_double(), raw.FS_MATRIX()
    for place in range(text.count_chars()):
        size = raw.FPDFText_GetFontSize(text.raw, place)
        raw.FPDFText_GetMatrix(text.raw, place, matrix)
        size *= abs(matrix.a) or abs(matrix.b)
        if size < GENERATED:
            continue
        raw.FPDFText_GetFontInfo(text.raw, place, name, 128, flags)
        raw.FPDFText_GetCharOrigin(text.raw, place, x, y)
        _left, _bottom, right, _top = text.get_charbox(place)
        face = name.value.decode(errors="replace").split("+", 1)[-1]
        sign = chr(raw.FPDFText_GetUnicode(text.raw, place))
        if "\ud800" <= sign <= "\udbff":
            high = sign
            continue
        # Characters beyond the basic plane come as two halves.
        whole = (high + sign).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        high = ""
        yield Glyph(whole, x.value, right, height - y.value, size, face, _reddish(text, place))


def _reddish(text: Any, place: int) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFText_GetFillColor(text.raw, place, *parts)
    return _red(*(part.value for part in parts[:3]))


def _red(red: int, green: int, blue: int) -> bool:
    return red > 150 and green < 80 and blue < 80


def _rules(objects: list[Any], height: float) -> Iterator[Rule]:
    for each in objects:
        if each.type == raw.FPDF_PAGEOBJ_PATH:
            left, bottom, right, top = each.get_bounds()
            if right - left > SHORTEST:
                yield Rule(left, right, height - top, height - bottom, _path_red(each))


def _path_red(path: Any) -> bool:
    parts = [ctypes.c_uint() for _ in range(4)]
    raw.FPDFPageObj_GetFillColor(path.raw, *parts)
    filled = _red(*(part.value for part in parts[:3]))
    raw.FPDFPageObj_GetStrokeColor(path.raw, *parts)
    return filled or _red(*(part.value for part in parts[:3]))


def _loose(objects: list[Any]) -> set[str]:
    found = set()
    for each in objects:
        if each.type == raw.FPDF_PAGEOBJ_TEXT:
            font = raw.FPDFTextObj_GetFont(each.raw)
            if not raw.FPDFFont_GetIsEmbedded(font):
                name = ctypes.create_string_buffer(128)
                raw.FPDFFont_GetBaseFontName(font, name, 128)
                found.add(name.value.decode(errors="replace"))
    return found
