"""Child rows in their parent's form (子表): a grid filled by hand or pasted from a workbook, saved in one transaction with the parent."""
from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any

from flask import request
from flask_babel import gettext as _
from sqlalchemy import select
from werkzeug.datastructures import MultiDict

from app.core.register import Part, Register, find
from app.database import db
from app.database.scope import current_scope
from app.security import may
from app.web.cells import Names
from app.web.forms import flush, form_class
from app.web.merging import written
from app.web.workbook.check import Pointers, understood

MOST = 200


@dataclass
class Line:
    """One row of a grid as people see it; ``was`` is how it stood when the form was opened."""

    id: int = 0
    version: int = 0
    cells: dict[str, str] = field(default_factory=dict)
    was: dict[str, str] = field(default_factory=dict)
    gone: bool = False
    errors: dict[str, str] = field(default_factory=dict)

    @property
    def untouched(self) -> bool:
        """Whether nothing needs doing: an old row as it was, or a new one without a word."""
        return not self.gone and (self.cells == self.was if self.id else not any(self.cells.values()))


@dataclass
class Grid:
    """The rows of one part on one form."""

    part: Part
    child: Register
    columns: tuple[str, ...]
    lines: list[Line] = field(default_factory=list)
    loaded: bool = False
    error: str = ""
    ready: list[tuple[Line, Any, Any]] = field(default_factory=list)
    """Line, row and valid form (None to take the row away), in the order of the grid."""

    @property
    def name(self) -> str:
        """The name of the form's field."""
        return f"part-{self.child.name}"

    @property
    def bad(self) -> int:
        """How many places need changing."""
        return sum(len(line.errors) for line in self.lines) + bool(self.error)

    def value(self) -> str:
        """The lines for the browser."""
        return json.dumps([asdict(line) for line in self.lines], ensure_ascii=False)

    def shape(self) -> str:
        """The columns for the browser."""
        columns = [_column(self.child, name) for name in self.columns]
        return json.dumps({"most": MOST, "remove": may("delete", self.child.name), "columns": columns}, ensure_ascii=False)


def _column(child: Register, name: str) -> dict[str, Any]:
    column = child.writable[name]
    kind = column.info["kind"]
    options = [["", ""], *([m.value, str(m.label)] for m in column.info["choice"])] if kind == "choice" else [["", _("No")], ["y", _("Yes")]]
    return {"name": name, "label": str(column.info["label"]), "kind": kind, "must": not column.nullable and column.default is None and kind != "flag",
            "options": options if kind in ("choice", "flag") else None}


def offered(register: Register) -> list[Grid]:
    """The parts that this person may write and that a grid can hold: personal data is typed in a form of its own."""
    made = []
    for part in register.parts:
        child = find(part.register)
        hidden = {part.link, child.scope_column, *child.sealed}
        needed = [n for n, c in child.sealed.items() if not c.nullable]
        if may("write", child.name) and not child.frozen and not needed:
            made.append(Grid(part, child, tuple(n for n in child.writable if n not in hidden)))
    return made


def _rows(grid: Grid, pk: int) -> dict[int, Any]:
    """The rows that this person may change."""
    model = grid.child.model
    rows = db.session.scalars(select(model).where(getattr(model, grid.part.link) == pk).order_by(model.id).limit(MOST + 1))
    scope = current_scope()
    return {r.id: r for r in rows if scope.holds(getattr(r, grid.child.scope_column)) and not grid.child.locked(r)}


def opened(grid: Grid, pk: int | None) -> None:
    """Fill the grid from the register."""
    grid.loaded = True
    rows, names = _rows(grid, pk) if pk else {}, Names()
    if len(rows) > MOST:
        grid.error = _("There are more than %(most)s rows; change them in their own register.", most=MOST)
        return
    names.learn(grid.child, rows.values(), grid.columns)
    for row in rows.values():
        cells = _cells(grid, row, names)
        grid.lines.append(Line(row.id, row.row_version, cells, dict(cells)))


def _cells(grid: Grid, row: Any, names: Names) -> dict[str, str]:
    form, cells = form_class(grid.child)(obj=row, formdata=None, meta={"csrf": False}), {}
    for name in grid.columns:
        info = grid.child.writable[name].info
        link = info["kind"] in ("link", "division")
        cells[name] = names.of(info.get("register", "divisions"), getattr(row, name)) if link else written(form[name])
    return cells


def read(grid: Grid, data: MultiDict[str, str]) -> None:
    """Fill the grid from what a browser sent or a draft kept: the grid's own lines, and a block pasted without scripts."""
    grid.loaded = grid.name in data
    try:
        said = json.loads(data.get(grid.name) or "[]")
        grid.lines = [_line(grid, each) for each in said]
    except (ValueError, TypeError, AttributeError):
        grid.error = _("The rows could not be read; open the form again.")
    for text in filter(str.strip, data.get(f"paste-{grid.child.name}", "").splitlines()):
        grid.lines.append(Line(cells=dict(zip(grid.columns, (cell.strip() for cell in text.split("\t")), strict=False))))
    if len(grid.lines) > MOST:
        grid.error = _("At most %(most)s rows at a time; import more by a workbook.", most=MOST)


def _line(grid: Grid, said: dict[str, Any]) -> Line:
    def words(cells: Any) -> dict[str, str]:
        return {name: str(cells.get(name, "") or "").strip() for name in grid.columns} if cells else {}

    return Line(int(said.get("id") or 0), int(said.get("version") or 0), words(said.get("cells")), words(said.get("was")), bool(said.get("gone")))


def check(grid: Grid, pk: int | None) -> None:
    """Try every line that was touched; what is wrong is said in its own cell."""
    touched = [line for line in grid.lines if not line.untouched]
    if grid.error or not touched:
        return
    rows, pointers = _rows(grid, pk) if pk else {}, Pointers()
    for line in touched:
        row = rows.get(line.id) if line.id else grid.child.model()
        if row is None:
            line.errors[""] = _("This row is no longer there.")
        elif line.id and row.row_version != line.version:
            line.errors[""] = _("Somebody else saved this row meanwhile; compare it on its own page.")
        elif line.gone:
            line.errors.update({} if may("delete", grid.child.name) else {"": _("You may not delete these rows.")})
            grid.ready.append((line, row, None))
        else:
            _check_line(grid, line, row, pointers)


def _check_line(grid: Grid, line: Line, row: Any, pointers: Pointers) -> None:
    make, columns = form_class(grid.child), grid.child.writable
    old = make(obj=row, formdata=None, meta={"csrf": False}) if line.id else None
    words = {}
    for name in grid.columns:
        same = old is not None and line.cells.get(name) == line.was.get(name)
        words[name] = written(old[name]) if same else understood(columns[name], line.cells.get(name, ""), pointers)
    form = make(formdata=MultiDict({name: word for name, word in words.items() if word}), obj=row if line.id else None, meta={"csrf": False})
    for name in columns.keys() - set(grid.columns):
        del form[name]
    if form.validate():
        grid.ready.append((line, row, form))
    else:
        line.errors.update({name or "": str(errors[0]) for name, errors in form.errors.items()})


def write(grid: Grid, parent: Any) -> bool:
    """Write the lines under the saved parent; the first that the database refuses takes everything back."""
    for line, row, form in grid.ready:
        if form is None:
            db.session.delete(row)
            db.session.flush()
            continue
        form.fill(row, grid.child)
        if not line.id:
            setattr(row, grid.part.link, parent.id)
            setattr(row, grid.child.scope_column, parent.division_code)
        db.session.add(row)
        if not flush(grid.child, form):
            line.errors.update({name or "": str(errors[0]) for name, errors in form.errors.items() if errors})
            return False
    return True


def grids(register: Register, pk: int | None, data: MultiDict[str, str] | None) -> list[Grid]:
    """The grids of a form: from what was typed, from the register where the part is open, else waiting to be opened."""
    made = offered(register)
    for grid in made:
        if data is not None and (grid.name in data or f"paste-{grid.child.name}" in data):
            read(grid, data)
        elif pk is None or request.args.get("part") == grid.child.name:
            opened(grid, pk)
    return made
