"""The house rules that no import contract can say: who commits, who opens connections, who writes past the models."""
from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
SOURCES = sorted((ROOT / "app").rglob("*.py"))
COMMITTING = ("web/", "jobs/", "database/setup.py", "database/migrate.py")
"""Rooms that end a transaction; elsewhere only pages and commands do, which are the edge as well."""
EDGES = ("page", "pages", "commands", "users", "account", "sign_in", "proving")
CONNECTING = ("database/", "jobs/clock.py", "jobs/queue.py")
TRAIL = ("audit/", "security/trail.py", "security/permissions.py")


def _named(tree: ast.AST, *names: str) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else node.func.id
            if called in names:
                yield node


def _place(path: Path) -> str:
    return path.relative_to(ROOT / "app").as_posix()


def _lines(calls: Iterator[ast.Call]) -> list[int]:
    return [call.lineno for call in calls]


@pytest.mark.parametrize("path", SOURCES, ids=_place)
def test_a_file_keeps_the_house_rules(path):
    place, tree = _place(path), ast.parse(path.read_text(encoding="utf-8"))
    at_the_edge = place.startswith(COMMITTING) or path.stem in EDGES or path.stem.endswith(("_page", "_pages"))
    if not at_the_edge:
        assert _lines(_named(tree, "commit")) == [], "only the edge ends a transaction"
    if not place.startswith(CONNECTING):
        assert _lines(_named(tree, "create_engine", "connect")) == [], "only the database room opens connections, so none is unscoped"
    if not place.startswith(("database/", *TRAIL)):
        assert _lines(_named(tree, "bulk_insert_mappings", "bulk_save_objects")) == [], "rows go through the session, which seals and stamps them"
    assert _lines(_named(tree, "eval", "exec")) == []


def test_no_file_is_called_after_nothing():
    assert [_place(p) for p in SOURCES if p.stem in ("utils", "helpers", "common", "misc")] == []
