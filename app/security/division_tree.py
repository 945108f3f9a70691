"""The tree of divisions beside the accounts (区划树): a level at a time, each node with how many people work there or below."""
from __future__ import annotations

from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from app.areas.divisions.divisions import Division
from app.database import db
from app.database.scope import acting, current_scope, everywhere
from app.security.models import Post

MOST = 50


def _nodes(*wanted: Any, most: int | None = None) -> list[dict[str, Any]]:
    below = aliased(Division)
    people = select(func.count(func.distinct(Post.user_id))).where(
        func.starts_with(Post.division_code, Division.code)).scalar_subquery()
    more = select(below.code).where(below.parent_code == Division.code).exists()
    query = select(Division.code, Division.name, Division.parent_code, Division.path_name, people.label("people"), more.label("more"))
    scope = current_scope()
    with acting(everywhere(scope.actor, scope.user_id)):
        found = db.session.execute(query.where(*wanted).order_by(Division.sort, Division.code).limit(most)).all()
    return [{**row._mapping, "children": [], "path_name": row.path_name or row.name} for row in found]


def branch(code: str) -> list[dict[str, Any]]:
    """The nodes directly under one."""
    return _nodes(Division.parent_code == code)


def fitting(words: str) -> list[dict[str, Any]]:
    """At most fifty nodes whose name or code fits the words, wherever they stand."""
    return _nodes(or_(Division.name.contains(words, autoescape=True), Division.code.startswith(words, autoescape=True)), most=MOST)


def opened(chosen: str) -> list[dict[str, Any]]:
    """The roots with their first level, and every level down to the chosen node."""
    above = and_(Division.parent_code.is_not(None), func.starts_with(chosen, Division.parent_code)) if chosen else None
    roots = select(Division.code).where(Division.parent_code.is_(None))
    wanted = [Division.parent_code.is_(None), Division.parent_code.in_(roots)]
    nodes = {node["code"]: node for node in _nodes(or_(*wanted, above) if above is not None else or_(*wanted))}
    for node in nodes.values():
        if node["parent_code"] in nodes:
            nodes[node["parent_code"]]["children"].append(node)
    return [node for node in nodes.values() if node["parent_code"] is None]
