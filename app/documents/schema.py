"""The gate before the template: figures (数据) must fit the schema of their document."""
from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker

from app.documents.errors import FiguresRefused


@cache
def _validator(path: Path) -> Draft202012Validator:
    schema = json.loads(path.read_text("utf-8"))
    Draft202012Validator.check_schema(schema)
    return Draft202012Validator(schema, format_checker=FormatChecker())


def check(folder: Path, figures: dict[str, Any]) -> None:
    """Refuse figures that do not fit ``figures.schema.json``; at most five faults are named."""
    faults = sorted(_validator(folder / "figures.schema.json").iter_errors(figures), key=lambda fault: fault.json_path)
    if faults:
        told = "; ".join(f"{fault.json_path}: {fault.message}" for fault in faults[:5])
        raise FiguresRefused(f"The figures of {folder.name} do not fit figures.schema.json: {told}")
