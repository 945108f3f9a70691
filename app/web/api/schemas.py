"""What a register's rows look like as JSON Schema (数据结构): made from its columns, for reading, adding and changing."""
from __future__ import annotations

from typing import Any

from sqlalchemy import Column

from app.core.register import Register
from app.web.api.paging import MOST, SUFFIXES, filterable, sortable
from app.web.criteria import EMPTY, MOST_VALUES, RANGES
from app.web.workbook.columns import required

Schema = dict[str, Any]
MOMENT: Schema = {"type": "string", "format": "date-time"}
NUMBER: Schema = {"type": "integer", "minimum": 1, "maximum": 2**31 - 1}
FIGURE = r"^-?[0-9]{1,18}(\.[0-9]{1,8})?$"


def _bare(column: Column[Any]) -> Schema:
    info, kind = column.info, column.info["kind"]
    length = {"maxLength": info["length"]} if "length" in info else {}
    made: dict[str, Schema] = {
        "day": {"type": "string", "format": "date"}, "month": {"type": "string", "format": "date"},
        "money": {"type": "string", "pattern": FIGURE}, "decimal": {"type": "string", "pattern": FIGURE}, "count": {"type": "integer"},
        "flag": {"type": "boolean"}, "link": {"type": "integer"}, "division": {"type": "string"},
        "choice": {"type": "string", "enum": [member.value for member in info["choice"]] if kind == "choice" else []},
    }
    return dict(made.get(kind, {"type": "string", **length}))


def _described(column: Column[Any], schema: Schema) -> Schema:
    info, said = column.info, [str(column.info.get("help", ""))]
    if info["kind"] == "link":
        said.append(f"→ {info['register']}.id")
    if info["kind"] == "division":
        said.append("→ divisions.code")
    if info["kind"] == "choice":
        said.append("；".join(f"{member.value}={member.label}" for member in info["choice"]))
    if info["kind"] == "sealed":
        said.append("***")
    return {**schema, "title": str(info["label"]), **({"description": text} if (text := " ".join(filter(None, said))) else {})}


def _nullable(schema: Schema) -> Schema:
    made = {**schema, "type": [schema["type"], "null"]}
    return {**made, "enum": [*schema["enum"], None]} if "enum" in schema else made


def outgoing(register: Register) -> Schema:
    """A row as it is read; ``fields`` may leave out all but its number and version."""
    stamps = {"id": NUMBER, "row_version": {"type": "integer"}, "created_at": MOMENT, "updated_at": MOMENT}
    columns = {name: _described(column, _nullable(_out(column))) for name, column in register.columns.items()}
    return {"type": "object", "title": str(register.label), "properties": {**stamps, **columns}, "required": ["id", "row_version"],
            "additionalProperties": False}


def _out(column: Column[Any]) -> Schema:
    # What stands in the table may be older than the rules for what is written.
    return {name: value for name, value in _bare(column).items() if name != "maxLength"}


def _incoming(column: Column[Any]) -> Schema:
    schema, kind = _bare(column), column.info["kind"]
    if kind in ("money", "decimal"):
        schema = {"type": ["number", "string"], "pattern": FIGURE}
        return schema if not column.nullable else {**schema, "type": ["number", "string", "null"]}
    if kind == "count":
        schema |= {"minimum": column.info.get("minimum", 0), "maximum": 2**31 - 1}
    if kind == "link":
        schema = {"type": "integer", "minimum": 1}
    return _nullable(schema) if column.nullable else schema


def incoming(register: Register, *, new: bool) -> Schema:
    """What may be written: the required columns when a row is added, any of them when it is changed."""
    columns = {name: _described(column, _incoming(column)) for name, column in register.writable.items()}
    if new:
        needed = [name for name, column in register.writable.items() if required(column) and column.info["kind"] != "flag"]
        return {"type": "object", "properties": columns, "required": needed, "additionalProperties": False}
    version = {"row_version": {"type": "integer", "minimum": 1}}
    return {"type": "object", "properties": {**columns, **version}, "additionalProperties": False}


def parameter(name: str, schema: Schema, words: Any = "", **more: Any) -> Schema:
    """One parameter of an address."""
    return {"name": name, "in": "query", "schema": schema, **({"description": str(words)} if words else {}), **more}


def filters(register: Register) -> list[Schema]:
    """The parameters that narrow a list by a column."""
    return [one for name, column in filterable(register).items() for one in _filter(name, column)]


def _filter(name: str, column: Column[Any]) -> list[Schema]:
    kind, label, bare = column.info["kind"], column.info["label"], _bare(column)
    empty = parameter(f"{name}{SUFFIXES[3]}", {"type": "string", "enum": list(EMPTY)}, label)
    if kind in RANGES:
        schema = {"type": "string", "format": "date"} if bare.get("format") == "date" else {"type": "number"}
        return [parameter(f"{name}{suffix}", schema, label) for suffix in SUFFIXES[1:3]] + [empty]
    if kind == "flag":
        return [parameter(name, {"type": "string", "enum": ["0", "1"]}, label), empty]
    if kind in ("choice", "division", "link"):
        items = {"type": "integer", "minimum": 1, "maximum": 10**15} if kind == "link" else bare
        return [parameter(name, {"type": "array", "items": items, "maxItems": MOST_VALUES}, label, style="form", explode=False), empty]
    return [parameter(name, {"type": "string", "maxLength": 200}, label), empty]


def order_words(register: Register) -> Schema:
    """The values that ``sort`` may have, one by one."""
    names = [*sortable(register), *(f"-{name}" for name in sortable(register))]
    return {"type": "array", "items": {"type": "string", "enum": names}, "maxItems": 3, "minItems": 1}


def size() -> Schema:
    """How many rows at once."""
    return {"type": "integer", "minimum": 1, "maximum": MOST, "default": 20}
