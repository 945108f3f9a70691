"""The official code files (统计用区划代码): areas.csv, streets.csv and villages.csv become the tree."""
from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select

from app.areas.divisions.divisions import Division, DivisionKind

COUNTY_FILES = Path(__file__).parent / "county" / "371625"


class CodesRefused(ValueError):
    """The files hold a mistake; the message names the file and the line, and nothing was written."""


@dataclass(frozen=True)
class Line:
    """One division as a file gives it, and where it stands."""

    file: str
    number: int
    code: str
    name: str
    parent: str | None

    def refuse(self, words: str) -> CodesRefused:
        """The error for this line."""
        return CodesRefused(_("%(file)s, line %(line)s: %(words)s", file=self.file, line=self.number, words=words))


@dataclass(frozen=True)
class Outcome:
    """What an import did."""

    added: int = 0
    changed: int = 0
    unchanged: int = 0


@dataclass(frozen=True)
class Level:
    """One file: how long its codes are and which column names the parent."""

    file: str
    digits: int
    parent: str | None


LEVELS = (Level("areas.csv", 6, None), Level("streets.csv", 9, "areaCode"), Level("villages.csv", 12, "streetCode"))


def _rows(folder: Path, level: Level) -> Iterator[Line]:
    path = folder / level.file
    if not path.is_file():
        raise CodesRefused(_("%(file)s is missing in %(folder)s.", file=level.file, folder=str(folder)))
    try:
        with path.open(encoding="utf-8-sig", newline="") as stream:
            yield from _lines(csv.DictReader(stream), level)
    except UnicodeDecodeError:
        raise CodesRefused(_("%(file)s is not a UTF-8 text file: save it as UTF-8.", file=level.file)) from None


def _lines(reader: csv.DictReader[str], level: Level) -> Iterator[Line]:
    needed = {"code", "name", *([level.parent] if level.parent else [])}
    missing = needed - set(reader.fieldnames or ())
    if missing:
        columns = ", ".join(sorted(missing))
        raise CodesRefused(_("%(file)s lacks the column %(columns)s.", file=level.file, columns=columns))
    for row in reader:
        given = {name: (row[name] or "").strip() for name in needed}
        parent = given[level.parent] if level.parent else None
        yield Line(level.file, reader.line_num, given["code"], given["name"], parent)


def _check(line: Line, level: Level, known: dict[str, Line]) -> None:
    if not re.fullmatch(rf"[0-9]{{{level.digits}}}", line.code):
        raise line.refuse(_("the code %(code)s must have %(digits)s digits.", code=line.code, digits=level.digits))
    if not line.name or len(line.name) > 60:
        raise line.refuse(_("the name must have 1 to 60 characters."))
    if line.code in known:
        first = known[line.code]
        raise line.refuse(_("the code %(code)s stands already in line %(line)s.", code=line.code, line=first.number))
    if line.parent is not None and line.parent not in known:
        raise line.refuse(_("the parent %(code)s is unknown.", code=line.parent))
    if line.parent is not None and not line.code.startswith(line.parent):
        raise line.refuse(_("the code %(code)s does not begin with its parent's.", code=line.code))


def read(folder: Path) -> dict[str, Line]:
    """Read and check the three files; parents come before their children."""
    known: dict[str, Line] = {}
    for level in LEVELS:
        for line in _rows(folder, level):
            _check(line, level, known)
            known[line.code] = line
    if not known:
        raise CodesRefused(_("The files hold no division."))
    return known


def kind_of(line: Line) -> DivisionKind:
    """What the code's range and the name say the node is."""
    if len(line.code) == 6:
        return DivisionKind.county
    if len(line.code) == 12:
        return DivisionKind.community if line.name.endswith("居民委员会") else DivisionKind.village
    serial = int(line.code[6:])
    if serial < 100:
        return DivisionKind.subdistrict
    if serial < 200:
        return DivisionKind.town
    return DivisionKind.township if serial < 400 else DivisionKind.zone


def _wanted(line: Line, known: dict[str, Line]) -> dict[str, Any]:
    above = [known[line.code[:length]].name for length in (6, 9) if length < len(line.code)]
    return {
        "name": line.name, "kind": kind_of(line), "parent_code": line.parent,
        "path_name": "/".join([*above, line.name]), "sort": int(line.code[-3:]),
    }


def import_codes(session: Any, folder: Path = COUNTY_FILES) -> Outcome:
    """Bring the tree in line with the files; other nodes, such as departments, are left alone."""
    known = read(folder)
    present = {division.code: division for division in session.scalars(select(Division))}
    tally = {"added": 0, "changed": 0, "unchanged": 0}
    for line in known.values():
        tally[_bring(session, line, _wanted(line, known), present.get(line.code))] += 1
    session.flush()
    return Outcome(**tally)


def _bring(session: Any, line: Line, wanted: dict[str, Any], division: Division | None) -> str:
    if division is None:
        session.add(Division(code=line.code, **wanted))
        return "added"
    differing = {name: value for name, value in wanted.items() if getattr(division, name) != value}
    for name, value in differing.items():
        setattr(division, name, value)
    return "changed" if differing else "unchanged"
