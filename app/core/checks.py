"""What may be wrong with a declaration, found at start and named by a code (R001…)."""
from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from app.core.conditions import condition
from app.core.register import Register, areas, registers


@dataclass(frozen=True)
class Fault:
    """One mistake in one register's declaration."""

    code: str
    register: str
    words: str

    def __str__(self) -> str:
        return f"{self.code} {self.register}: {self.words}"


class FaultyRegister(RuntimeError):
    """The console refuses to start while a declaration is wrong."""


def _unknown_names(register: Register) -> Iterator[Fault]:
    known = set(register.table.columns.keys()) | set(dir(register.model))
    for code, option in (("R001", "listed"), ("R002", "searched"), ("R003", "key"), ("R004", "title"), ("R005", "filtered")):
        for name in getattr(register, option):
            if name not in known:
                yield Fault(code, register.name, f"{option} names {name!r}, which the model does not have.")


def _sealed_shown(register: Register) -> Iterator[Fault]:
    for option in ("searched", "filtered"):
        for name in set(getattr(register, option)) & set(register.sealed):
            yield Fault("R006", register.name, f"{option} names the sealed column {name!r}: it would be an oracle.")


def _area_and_scope(register: Register) -> Iterator[Fault]:
    if register.area not in areas():
        yield Fault("R007", register.name, f"the area {register.area!r} does not exist.")
    if register.scope_column not in register.table.columns:
        yield Fault("R008", register.name, "the table has no division column, so no row rule can hold it.")


def _labels(register: Register) -> Iterator[Fault]:
    for name, column in register.table.columns.items():
        if name not in register.table.primary_key.columns and "label" not in column.info:
            yield Fault("R009", register.name, f"the column {name!r} has no label.")


def _parts(register: Register) -> Iterator[Fault]:
    children = {child.name: child for child in registers()}
    for part in register.parts:
        child = children.get(part.register)
        if child is None or part.link not in child.table.columns:
            yield Fault("R010", register.name, f"the part {part.register!r} by {part.link!r} does not exist.")


def _sealed_rows(register: Register) -> Iterator[Fault]:
    if register.sealed and "uid" not in register.table.columns:
        yield Fault("R011", register.name, "sealed columns need a Scoped model, whose rows have an identity.")


def _conditions(register: Register) -> Iterator[Fault]:
    digested = {c.info["of"] for c in register.table.columns if c.info.get("kind") == "blind"}
    for name, column in register.declared.columns.items():
        if (when := condition(column)) is None:
            continue
        names, known = list(register.declared.writable), register.declared.writable.get(when.field)
        if known is None or known.info["kind"] not in ("choice", "flag") or name not in names or names.index(when.field) > names.index(name):
            yield Fault("R013", register.name, f"{name!r} is shown by {when.field!r}, which is no choice or flag declared before it.")
        if (not column.nullable and column.info["kind"] != "flag") or name in register.key or name in digested:
            yield Fault("R014", register.name, f"{name!r} is shown only sometimes, so it must be nullable and cannot name a row.")


def _figures(register: Register) -> Iterator[Fault]:
    for name in register.summed:
        if name not in register.columns or register.columns[name].info["kind"] not in ("money", "count", "decimal"):
            yield Fault("R015", register.name, f"summed names {name!r}, which is no figure.")
    due = register.deadline
    if due and (register.states is None or due.column not in register.columns or register.columns[due.column].info["kind"] != "day"):
        yield Fault("R016", register.name, f"the deadline needs states and a day column, and {due.column!r} is none.")


CHECKS = (_unknown_names, _sealed_shown, _area_and_scope, _labels, _parts, _sealed_rows, _conditions, _figures)


def faults() -> list[Fault]:
    """Every mistake in every declaration."""
    found = [fault for register in registers() for check in CHECKS for fault in check(register)]
    for name, times in Counter(register.name for register in registers()).items():
        if times > 1:
            found.append(Fault("R012", name, "two registers have this name."))
    return found


def refuse_faults() -> None:
    """Stop the start with every fault in one message."""
    found = faults()
    if found:
        raise FaultyRegister("\n".join(str(fault) for fault in found))
