"""Accounts of the security tests' own, whose passwords and states may be changed freely."""
from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from sqlalchemy import select

from app.security import passwords
from app.security.models import UserAccount

RIGHT = "Mulberry-7-lantern-49"
_numbers = count(1)


@pytest.fixture
def person(db_session: Any) -> Callable[..., UserAccount]:
    """A maker of accounts without roles; each test gets names of its own."""

    def make(role: str | None = None, **words: Any) -> UserAccount:
        from flask_appbuilder.security.sqla.models import Role

        name = f"person{next(_numbers)}"
        words = {"active": True, "must_change": False, "password": passwords.hashed(RIGHT), **words}
        user = UserAccount(username=name, first_name=f"张{name}", last_name="", email=f"{name}@invalid", **words)
        user.roles = list(db_session.scalars(select(Role).where(Role.name == role))) if role else []
        db_session.add(user)
        db_session.commit()
        return user

    return make


@pytest.fixture
def enter(client: Any) -> Callable[..., Any]:
    """Sends the sign-in form and answers what came back."""

    def send(name: str, password: str = RIGHT, browser: Any = None, **more: str) -> Any:
        browser = browser or client
        return browser.post("/login/", data={"csrf_token": browser.csrf(), "username": name, "password": password, **more})

    return send
