"""The layout linter (版式检查): reads a finished paper back and says where it departs from GB/T 9704-2012; lengths in points.

Clause numbers are those of the standard; what it leaves to habit (thickness of the red rule, sizes in tables) is bounded here.
"""
from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import lazy_gettext as _

from app.documents import fonts
from app.documents.sheets import Glyph, Sheet, read

MM = 72 / 25.4
A4 = (210 * MM, 297 * MM)
TOP, BOTTOM, LEFT, RIGHT = 37 * MM, 35 * MM, 28 * MM, 26 * MM
SLACK = 1.0
BODY, LINES, CHARACTERS, PITCH = 15.79, 22, 28, 28.98
SMALLEST, LARGEST = 5.5, 72.0
"""六号 in charts of many bars; the name of a briefing is at most 72 pt."""
FACES = re.compile(
    r"^(FandolFang|FandolKai|HanaMin|Noto-S(erif|ans)-SC|Tinos|FangSong|KaiTi|SimHei|SimSun|FZ|LXGW|仿宋|楷体|黑体|宋体|方正)", re.IGNORECASE)
FOOT = re.compile(r"^—\s*\d+\s*—$")


@dataclass(frozen=True)
class Fault:
    """One departure: the page (0 for the whole paper), the rule's code, and words that say what is wrong."""

    page: int
    code: str
    words: Any

    def __str__(self) -> str:
        where = _("page %(number)s", number=self.page) if self.page else _("whole paper")
        return f"{self.code} {where}: {self.words}"


def faults(path: Path, text: str | None = None, own_fonts: Path | None = None) -> list[Fault]:
    """Every departure of the paper; ``text`` is what it should say, to find characters that were not printed."""
    sheets = read(path)
    if not sheets:
        return [Fault(0, "V01", _("the paper has no page"))]
    found = [fault for sheet in sheets for check in PAGE_CHECKS for fault in check(sheet)]
    return [*found, *_imprint(sheets), *(_missing(sheets, text, own_fonts) if text else ())]


def _size(sheet: Sheet) -> Iterator[Fault]:
    """5.1: A4, upright; annexes may lie."""
    if any(abs(a - b) > SLACK for a, b in zip(sorted((sheet.width, sheet.height)), A4, strict=True)):
        yield Fault(sheet.number, "V02", _("the page is %(wide)s × %(high)s mm, not A4", wide=round(sheet.width / MM), high=round(sheet.height / MM)))


def _words(sheet: Sheet) -> list[Glyph]:
    return [glyph for glyph in sheet.glyphs if glyph.text.strip()]


def _edges(sheet: Sheet) -> tuple[float, float, float, float]:
    """Left, right, top and bottom of the type area; a lying page is turned, so its margins turn with it."""
    if sheet.width > sheet.height:
        return BOTTOM, sheet.width - TOP, LEFT, sheet.height - RIGHT
    return LEFT, sheet.width - RIGHT, TOP, sheet.height - BOTTOM


def _area(sheet: Sheet) -> Iterator[Fault]:
    """5.2.1: everything but the page number stands in the type area of 156 × 225 mm."""
    left, right, top, bottom = _edges(sheet)
    if all(_in_foot(sheet, glyph) for glyph in _words(sheet)):
        yield Fault(sheet.number, "V03", _("the page is empty"))
    for glyph in _words(sheet):
        beside = glyph.left < left - SLACK or glyph.right > right + glyph.size / 2
        above = glyph.base - glyph.size > bottom + SLACK and not _in_foot(sheet, glyph)
        if beside or above or glyph.base < top:
            yield Fault(sheet.number, "V04", _("“%(text)s” stands outside the type area", text=glyph.text))
            return


def _in_foot(sheet: Sheet, glyph: Glyph) -> bool:
    return glyph.base > sheet.height - BOTTOM + 5 * MM


def _lines(sheet: Sheet) -> Iterator[Fault]:
    """5.2.3: at most 22 lines on a page and 28 characters on a line, in text of size three."""
    bases: dict[int, list[Glyph]] = defaultdict(list)
    for glyph in _words(sheet):
        if abs(glyph.size - BODY) < 0.3:
            bases[round(glyph.base / 3)].append(glyph)
    if len({round(base * 3 / PITCH) for base in bases}) > LINES:
        yield Fault(sheet.number, "V05", _("more than %(most)s lines of text", most=LINES))
    ordered = sorted(line[0].base for line in bases.values())
    tight = [b - a for a, b in itertools.pairwise(ordered) if 4 < b - a < PITCH - 3]
    if tight:
        yield Fault(sheet.number, "V06", _("lines of text stand only %(pitch)s pt apart", pitch=round(min(tight), 1)))
    for line in bases.values():
        if sum(1 if ord(glyph.text) > 0x2E80 else 0.5 for glyph in line) > CHARACTERS + 1:
            yield Fault(sheet.number, "V07", _("a line holds more than %(most)s characters", most=CHARACTERS))


def _faces(sheet: Sheet) -> Iterator[Fault]:
    """5.2.2 and reproducibility: known faces, carried along, in sizes that can be read."""
    for face in sheet.loose_faces:
        yield Fault(sheet.number, "V08", _("the typeface %(face)s is not embedded", face=face))
    for face in sorted({glyph.face for glyph in _words(sheet) if not FACES.match(glyph.face)}):
        yield Fault(sheet.number, "V09", _("%(face)s is no typeface of official papers", face=face))
    sizes = {round(glyph.size, 2) for glyph in _words(sheet)}
    for size in sorted(size for size in sizes if not SMALLEST <= size <= LARGEST):
        yield Fault(sheet.number, "V10", _("type of %(size)s pt", size=size))


def _number(sheet: Sheet) -> Iterator[Fault]:
    """7.5: the page number in size four between dashes, 7 mm below the type area, outside by one character."""
    foot = sorted((glyph for glyph in sheet.glyphs if _in_foot(sheet, glyph)), key=lambda glyph: glyph.left)
    said = "".join(glyph.text for glyph in foot if glyph.text.strip())
    if not FOOT.match(said) or int(said.strip("— ")) != sheet.number:
        yield Fault(sheet.number, "V11", _("the foot says “%(said)s”, not “— %(number)s —”", said=said, number=sheet.number))
        return
    dash = next(glyph for glyph in foot if glyph.text == "—")
    outer = foot[0].left - LEFT if sheet.number % 2 == 0 else sheet.width - RIGHT - max(glyph.right for glyph in foot)
    if sheet.width < sheet.height and abs(outer - 14) > 4:
        yield Fault(sheet.number, "V12", _("the page number does not stand one character in from the outer edge"))
    if abs(dash.size - 14) > 0.3:
        yield Fault(sheet.number, "V12", _("the page number is set in %(size)s pt, not 14", size=round(dash.size, 1)))


def _colour(sheet: Sheet) -> Iterator[Fault]:
    """5.2.4 and 7.2.4: the red rule is as wide as the type area, and stands once, on the first page."""
    red = [rule for rule in sheet.rules if rule.red and rule.right - rule.left > 60 * MM and rule.bottom - rule.top < 4]
    if red and sheet.number > 1:
        yield Fault(sheet.number, "V13", _("the red rule stands on a later page"))
    for rule in red:
        if abs(rule.left - LEFT) > SLACK or abs(rule.right - (sheet.width - RIGHT)) > SLACK:
            yield Fault(sheet.number, "V14", _("the red rule is %(wide)s mm wide, not 156", wide=round((rule.right - rule.left) / MM)))


PAGE_CHECKS: tuple[Callable[[Sheet], Iterator[Fault]], ...] = (_size, _area, _lines, _faces, _number, _colour)


def _imprint(sheets: list[Sheet]) -> Iterator[Fault]:
    """7.4: the end block closes on the bottom edge of the type area of the last page, with a rule of 0.35 mm."""
    last = sheets[-1]
    if "印发" not in "".join(glyph.text for glyph in last.glyphs):
        return
    wide = [rule for rule in last.rules if rule.right - rule.left > 150 * MM]
    if not wide or abs(max(rule.bottom for rule in wide) - (last.height - BOTTOM)) > 1.5:
        yield Fault(last.number, "V15", _("the last rule of the end block is not on the bottom edge of the type area"))


def _missing(sheets: list[Sheet], text: str, own_fonts: Path | None) -> Iterator[Fault]:
    """A box in place of a character still reads back as the character, so the faces are asked as well."""
    printed = {glyph.text for sheet in sheets for glyph in sheet.glyphs}
    for sign in sorted({sign for sign in text if sign.isprintable() and not sign.isspace()}):
        if sign not in printed or (not _usual(sign) and not fonts.holds(sign, own_fonts)):
            yield Fault(0, "V16", _("“%(sign)s” (%(code)s) was not printed: no typeface has it", sign=sign, code=f"U+{ord(sign):04X}"))


def _usual(sign: str) -> bool:
    try:
        return bool(sign.encode("gb2312"))
    except UnicodeEncodeError:
        return False
