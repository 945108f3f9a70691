"""Which columns of a register stand in a workbook, and under which header."""
from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from app.core.register import Register


def required(column: Column[Any]) -> bool:
    """Whether a row without this value is refused."""
    return not column.nullable and column.default is None and column.server_default is None


def header(column: Column[Any]) -> str:
    """The header of a column in templates and exports."""
    return f"{column.info['label']}{'*' if required(column) else ''}"


def import_columns(register: Register) -> dict[str, Column[Any]]:
    """The columns people fill."""
    return register.writable


def export_columns(register: Register) -> dict[str, Column[Any]]:
    """The same columns, so that an export can be imported again, without personal data; then those the console fills."""
    mine = {name: column for name, column in register.writable.items() if name not in register.sealed}
    rest = {name: column for name, column in register.columns.items() if name not in register.writable}
    return {**mine, **rest}
