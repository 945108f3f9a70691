"""The declaration of a register (台账): one of these yields every screen, interface and rule."""
from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import Any

from sqlalchemy import Column

from app.core.base import Scoped
from app.core.deadline import Deadline
from app.core.workflow import Workflow

VERBS = ("read", "write", "delete", "import", "export", "reveal")


@dataclass(frozen=True)
class Area:
    """A subject of the county's work: a group in the menu."""

    name: str
    label: Any
    icon: str = "folder"
    order: int = 50


@dataclass(frozen=True)
class Part:
    """A child register shown on its parent's page: its name and the column that points to the parent."""

    register: str
    link: str


@dataclass(frozen=True, eq=False)
class Shape:
    """What a register consists of for one reader: its declared columns and the county's own (自定义字段), in their order."""

    columns: dict[str, Any]
    writable: dict[str, Any]
    listed: tuple[str, ...] = ()
    """The columns that a list opens with, where the county chose them."""
    made: dict[str, Any] = field(default_factory=dict)
    """What was made from these very columns, such as the form."""


_shapers: list[Callable[[Register], Shape]] = []


def set_shaper(shaper: Callable[[Register], Shape]) -> None:
    """Give the process whoever knows the county's own columns; the last one given is asked."""
    _shapers[:] = [shaper]


@contextmanager
def as_declared() -> Iterator[None]:
    """Look at the declarations alone, as a check of the sources does, which has no database to ask for the county's own fields."""
    held, _shapers[:] = _shapers[:], []
    try:
        yield
    finally:
        _shapers[:] = held


@dataclass(frozen=True, kw_only=True)
class Register:
    """A register: its table, its words, and how people find a record in it."""

    model: type[Any]
    name: str
    """Stable English name: URL, permission and interface."""
    label: Any
    area: str
    icon: str = "file-text"
    intro: Any = ""
    listed: tuple[str, ...]
    searched: tuple[str, ...] = ()
    filtered: tuple[str, ...] = ()
    """Columns offered in the query form besides those listed."""
    key: tuple[str, ...] = ()
    """Columns that name a row in a workbook: they decide insert or update."""
    title: tuple[str, ...]
    """Columns that name a record to people."""
    states: str | None = None
    workflow: Workflow | None = None
    deadline: Deadline | None = None
    """The day by which a record must be done; it gives the list its tabs of what is due soon and overdue."""
    summed: tuple[str, ...] = ()
    """Figures whose sum over a query says something; it stands below the list."""
    parts: tuple[Part, ...] = ()
    order: tuple[str, ...] = ()
    """Default order, ``-`` in front for descending; newest first if not given."""
    sensitive: bool = False
    frozen: bool = False
    """Whether the console alone writes it."""
    shared: bool = False
    """Whether the people below a row's division may read it (firms, templates); writing stays in scope."""
    demo: Callable[..., Iterable[Any]] | None = None

    @property
    def table(self) -> Any:
        """The table behind the register."""
        return self.model.__table__

    @property
    def scope_column(self) -> str:
        """The column that the row rule looks at."""
        return "division_code" if issubclass(self.model, Scoped) else "code"

    @cached_property
    def declared(self) -> Shape:
        """The columns of the declaration that say something, by attribute name, in its order; a workflow moves its own column."""
        columns = {c.key: c for c in self.table.columns if c.info.get("kind") not in (None, "blind", "stamp")}
        fixed = {self.workflow.column} if self.workflow else set()
        return Shape(columns, {n: c for n, c in columns.items() if n not in fixed and not c.info.get("fixed")})

    @property
    def shape(self) -> Shape:
        """The columns as they are for whoever reads now."""
        return _shapers[0](self) if _shapers else self.declared

    @property
    def columns(self) -> dict[str, Column[Any]]:
        """The columns that say something to whoever reads now, the county's own among them."""
        return self.shape.columns

    @property
    def writable(self) -> dict[str, Column[Any]]:
        """The columns that this person may fill."""
        return self.shape.writable

    @cached_property
    def sealed(self) -> dict[str, Column[Any]]:
        """The columns of personal data; none of the county's own is."""
        return {n: c for n, c in self.declared.columns.items() if c.info["kind"] == "sealed"}

    def locked(self, row: Any) -> bool:
        """Whether the row stands in a state in which nobody changes it any more."""
        return self.workflow is not None and getattr(row, self.workflow.column) in self.workflow.locked

    def verbs(self) -> tuple[str, ...]:
        """The permissions the register knows."""
        verbs = ("read", "export") if self.frozen else VERBS[:-1]
        return (*verbs, "reveal") if self.sealed or self.sensitive else verbs


def _modules() -> list[Any]:
    package = importlib.import_module("app.areas")
    names = sorted(found.name for found in pkgutil.walk_packages(package.__path__, "app.areas."))
    return [importlib.import_module(name) for name in names]


@cache
def areas() -> dict[str, Area]:
    """The areas by name, in menu order."""
    found = [module.area for module in _modules() if isinstance(getattr(module, "area", None), Area)]
    return {area.name: area for area in sorted(found, key=lambda area: area.order)}


@cache
def registers() -> tuple[Register, ...]:
    """Every register of the console, by area and then in the order of the files' own ranks."""
    found = [module.register for module in _modules() if isinstance(getattr(module, "register", None), Register)]
    order = list(areas())
    return tuple(sorted(found, key=lambda r: (order.index(r.area) if r.area in order else 99, r.name)))


def find(name: str) -> Register:
    """The register of that name; KeyError if there is none."""
    for register in registers():
        if register.name == name:
            return register
    raise KeyError(name)
