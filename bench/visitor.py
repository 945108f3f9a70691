"""A person at a browser (访客): signs in, keeps the cookies, reads pages and sends forms, over one connection."""
from __future__ import annotations

import http.client
import re
from copy import copy
from html import unescape
from time import perf_counter
from urllib.parse import urlencode

PATHS = {
    "stock": {"sign_in": "/login/", "list": "/contractview/list/", "deep": "/contractview/list/?page_ContractView={page}",
              "find": "/contractview/list/?_flt_2_client={word}", "rest": "/api/v1/contract/?q=(page_size:20)", "add": "/contractview/add"},
    "rival": {"sign_in": "/admin/login/?next=/admin/", "list": "/admin/rival_app/contract/", "deep": "/admin/rival_app/contract/?p={page}",
              "find": "/admin/rival_app/contract/?q={word}", "add": "/admin/rival_app/contract/add/"},
    "console": {"sign_in": "/login/", "list": "/legal_contracts/list/", "deep": "/legal_contracts/list/?page={page}",
                "find": "/legal_contracts/list/?q={word}", "rest": "/api/v1/legal_contracts/?size=20", "add": "/legal_contracts/add"},
}
HIDDEN = re.compile(r'<input[^>]*type="hidden"[^>]*>')


class Visitor:
    """Signed in to one of the three."""

    def __init__(self, name: str, port: int, person: str, password: str) -> None:
        self.name, self.paths, self.cookies = name, PATHS[name], {}
        self.line = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        form = {**self.hidden(self.paths["sign_in"]), "username": person, "password": password}
        status, _body, _head = self.post(self.paths["sign_in"], form)
        if status != 302 or self.get(self.paths["list"])[0] != 200:
            raise RuntimeError(f"nobody could sign in to {name}: {status}")

    def twin(self) -> Visitor:
        """The same person on a connection of their own."""
        made = copy(self)
        made.line = http.client.HTTPConnection(self.line.host, self.line.port, timeout=60)
        made.cookies = dict(self.cookies)
        return made

    def _ask(self, method: str, path: str, body: str | None, **headers: str) -> tuple[int, bytes, http.client.HTTPMessage]:
        cookie = "; ".join(f"{name}={text}" for name, text in self.cookies.items())
        try:
            self.line.request(method, path, body, {"Cookie": cookie, "Host": "127.0.0.1", **headers})
            answer = self.line.getresponse()
        except (http.client.RemoteDisconnected, ConnectionError, BrokenPipeError):
            self.line.close()
            self.line.request(method, path, body, {"Cookie": cookie, "Host": "127.0.0.1", **headers})
            answer = self.line.getresponse()
        read = answer.read()
        for each in answer.headers.get_all("Set-Cookie") or ():
            name, _is, text = each.split(";")[0].partition("=")
            self.cookies[name] = text
        return answer.status, read, answer.headers

    def get(self, path: str) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Read a page whole."""
        return self._ask("GET", path, None)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, bytes, http.client.HTTPMessage]:
        """Send a form."""
        return self._ask("POST", path, urlencode(form), **{
            "Content-Type": "application/x-www-form-urlencoded"})

    def hidden(self, path: str) -> dict[str, str]:
        """What the form on a page carries besides its fields."""
        page, made = self.get(path)[1].decode(), {}
        for found in HIDDEN.findall(page):
            name, value = re.search(r'name="([^"]+)"', found), re.search(r'value="([^"]*)"', found)
            if name:
                made.setdefault(name[1], unescape(value[1]) if value else "")
        return made

    def timed(self, path: str) -> tuple[float, int]:
        """Milliseconds of reading a page, and its statements."""
        began = perf_counter()
        status, _body, head = self.get(path)
        spent = (perf_counter() - began) * 1000
        if status != 200:
            raise RuntimeError(f"{self.name} answered {status} to {path}")
        return spent, int(head.get("X-Statements") or 0)

    def created(self, form: dict[str, str]) -> tuple[float, int]:
        """Milliseconds of saving a new row, and its statements."""
        began = perf_counter()
        status, body, head = self.post(self.paths["add"], form)
        spent = (perf_counter() - began) * 1000
        if status not in (201, 302, 303):
            raise RuntimeError(f"{self.name} did not save: {status} {body.decode()[-1500:]}")
        return spent, int(head.get("X-Statements") or 0)
