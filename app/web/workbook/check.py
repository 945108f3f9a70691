"""The dry run (校验): every row through the form of the register, with what is wrong and how to mend it."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.core.conditions import only_words
from app.core.progress import Tell, silent
from app.core.register import Register, find
from app.database import db
from app.web.cells import Names, title_of
from app.web.forms import form_class
from app.web.keys import existing_many, key_of
from app.web.workbook.read import Line, Sheet

AT_ONCE = 500
"""Rows whose links or records are looked up by one statement."""

YES = {"是", "yes", "y", "true", "1", "√", "✓", "有"}


@dataclass(frozen=True)
class Problem:
    """One thing to mend: where it is, what was written, and what to do."""

    row: int
    place: str
    label: Any
    written: str
    advice: str
    name: str = ""
    """The column's name; empty where the whole row is meant."""


@dataclass
class Ready:
    """A row that passed: what its form understood, and the number of the record to change, None for a new one."""

    line: Line
    values: dict[str, Any]
    row_id: int | None = None


@dataclass
class Checked:
    """The outcome of a dry run."""

    rows: int = 0
    ready: list[Ready] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    left_out: list[Problem] = field(default_factory=list)
    """Values that are not asked for in their rows and will not be written."""

    @property
    def figures(self) -> dict[str, int]:
        """How many rows can be written, how many places are wrong, and how many values are left out."""
        return {"ready": len(self.ready), "problems": len(self.problems), "left_out": len(self.left_out)}

    @property
    def bad_rows(self) -> int:
        """How many rows have something wrong."""
        return len({problem.row for problem in self.problems})


class Pointers:
    """The rows that link and division columns may point to, by the name people write; only rows in scope exist."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, str]] = {}
        self._words: dict[str, dict[str, str]] = {}

    def find(self, target: str, written: str) -> str | None:
        """The id or code for a name, code or id; None when there is no such row or several of that name."""
        return self._read(target).get(unicodedata.normalize("NFKC", written).strip())

    def word(self, target: str, key: Any) -> str:
        """What to write for a row so that it is found again: its name, or its number where two have one name."""
        self._read(target)
        return self._words[target].get(str(key), f"#{key}")

    def _read(self, target: str) -> dict[str, str]:
        if target not in self._known:
            self._known[target] = known = self._names(target)
            self._words[target] = {key: word for word, key in reversed(known.items()) if not word.startswith("#")}
        return self._known[target]

    def _names(self, target: str) -> dict[str, str]:
        register, names, known = find(target), Names(), {}
        divisions = target == "divisions"
        model = register.model
        columns = ("code", "name", "path_name") if divisions else ("id", *register.title)
        # Plain columns, not whole rows: a register may hold a hundred thousand.
        rows = db.session.execute(select(*(getattr(model, name) for name in dict.fromkeys(columns)))).all()
        if not divisions:
            names.learn(register, rows, register.title)
        twice = set()
        for row in rows:
            key = row.code if divisions else str(row.id)
            words = {row.code, row.name, row.path_name} if divisions else {title_of(register, row, names)}
            for word in (unicodedata.normalize("NFKC", word) for word in (*filter(None, words), f"#{key}")):
                if known.setdefault(word, key) != key:
                    twice.add(word)
        return {word: key for word, key in known.items() if word not in twice}


def understood(column: Any, written: str, pointers: Pointers) -> str:
    """What the form takes for what people wrote; the form judges whatever could not be understood."""
    kind = column.info["kind"]
    if kind == "choice":
        return next((m.value for m in column.info["choice"] if written in (str(m.label), m.value)), written)
    if kind in ("link", "division") and written:
        return pointers.find(column.info.get("register", "divisions"), written) or "0"
    if kind == "flag":
        return "1" if written.lower() in YES else ""
    if kind == "sealed":
        return re.sub(r"\s", "", unicodedata.normalize("NFKC", written)) if column.info["mask"] in ("id", "phone") else written
    return written


def check(register: Register, sheet: Sheet, tell: Tell = silent) -> Checked:
    """Try every row, write nothing; ``tell`` hears how far it is."""
    done, seen, pointers = Checked(rows=len(sheet.lines)), {}, Pointers()
    with db.session.no_autoflush:
        for number, line in enumerate(sheet.lines):
            if number % AT_ONCE == 0:
                tell(number, done.rows)
            _check_line(register, sheet, line, done, seen, pointers)
        if register.key:
            _find_rows(register, done.ready)
    return done


def _find_rows(register: Register, ready: list[Ready]) -> None:
    """Say of every row which record it changes, many by one statement."""
    for start in range(0, len(ready), AT_ONCE):
        some = ready[start:start + AT_ONCE]
        found = existing_many(register, [each.values for each in some])
        for place, row_id in found.items():
            some[place].row_id = row_id


def _check_line(register: Register, sheet: Sheet, line: Line, done: Checked, seen: dict[Any, int], pointers: Pointers) -> None:
    columns = register.writable
    words = {name: understood(columns[name], written, pointers) for name, written in line.values.items()}
    form = form_class(register)(formdata=MultiDict({n: v for n, v in words.items() if v}), meta={"csrf": False})

    def told(name: str, advice: str) -> Problem:
        known = name if name in columns else ""
        label = columns[known].info["label"] if known else ""
        place = f"{sheet.letters.get(name, '?' if known else '')}{line.number}"
        return Problem(line.number, place, label, line.values.get(name, ""), advice, known)

    def wrong(name: str, advice: str) -> None:
        done.problems.append(told(name, advice))

    for name, word in words.items():
        if word not in ("", "0") and columns[name].info["kind"] in ("link", "division"):
            form[name].known = True  # The pointers have just found that row.
    valid = form.validate()
    done.left_out += [told(name, only_words(columns[name])) for name in form.left_out]
    if not valid:
        for name, errors in form.errors.items():
            wrong(name or "", str(errors[0]))
        return
    key = key_of(register, form) if register.key else None
    if key is not None and key in seen:
        wrong(register.key[-1], _("The same record stands in row %(row)s already.", row=seen[key]))
        return
    if key is not None:
        seen[key] = line.number
    done.ready.append(Ready(line, form.values(register)))
