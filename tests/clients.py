"""A browser for tests (测试浏览器): each request starts with nothing of the test's own context."""
from __future__ import annotations

import contextvars
import re
from typing import Any

from flask.testing import FlaskClient


class Browser(FlaskClient):
    """A test client whose requests see neither the test's scope, nor its session, nor who signed in elsewhere."""

    def open(self, *args: Any, **words: Any) -> Any:
        """Send a request; its answer is read whole before it is handed over."""
        words.setdefault("buffered", True)
        # Flask would reuse the application context that the test has open, and with it the session and the user in ``g``.
        return contextvars.Context().run(super().open, *args, **words)

    def sign_in(self, name: str, password: str) -> None:
        """Sign in as a person does."""
        answer = self.post("/login/", data={"csrf_token": self.csrf(), "username": name, "password": password})
        assert answer.status_code == 302, f"{name} could not sign in: {answer.status_code}"

    def csrf(self) -> str:
        """The token that a form of this person's carries."""
        page = self.get("/", follow_redirects=True).get_data(as_text=True)
        found = re.search(r'name="csrf[_-]token"[^>]*(?:value|content)="([^"]+)"', page)
        assert found, "the page has no form token"
        return found[1]

    def send(self, path: str, /, **fields: Any) -> Any:
        """Post a form, with its token."""
        return self.post(path, data={"csrf_token": self.csrf(), **fields})
