"""Divisions by name for the account screens (区划名称): administrators name divisions whose rows they cannot open."""
from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager

from flask_babel import gettext as _
from sqlalchemy import or_, select

from app.areas.divisions.divisions import Division
from app.database import db
from app.database.scope import acting, current_scope, everywhere
from app.security.models import Post

MOST = 20


def _looking() -> AbstractContextManager[None]:
    scope = current_scope()
    return acting(everywhere(scope.actor, scope.user_id))


def matching(words: str) -> list[tuple[str, str]]:
    """Codes and full names of at most twenty divisions that fit the words."""
    query = select(Division.code, Division.path_name, Division.name).order_by(Division.code).limit(MOST)
    if words:
        query = query.where(or_(Division.path_name.contains(words, autoescape=True), Division.code.startswith(words, autoescape=True)))
    with _looking():
        return [(code, path or name) for code, path, name in db.session.execute(query)]


def names(codes: Iterable[str]) -> dict[str, str]:
    """Full names by code; an unknown code is missing."""
    query = select(Division.code, Division.path_name, Division.name).where(Division.code.in_(set(codes)))
    with _looking():
        return {code: path or name for code, path, name in db.session.execute(query)}


def reach_label(reach: str) -> str:
    """How far a post reaches, in words."""
    return _("with everything below") if reach == "below" else _("alone")


def post_names(users: Iterable[int]) -> dict[int, list[str]]:
    """The posts of people in words, by account."""
    posts = list(db.session.execute(select(Post.user_id, Post.division_code, Post.reach).where(
        Post.user_id.in_(set(users))).order_by(Post.division_code)))
    known = names(code for _user, code, _reach in posts)
    made: dict[int, list[str]] = {}
    for user, code, reach in posts:
        made.setdefault(user, []).append(f"{known.get(code, code)}（{reach_label(reach)}）")
    return made
