"""The stage of a comparison (测速台): one embedded server with three databases, and a web server before each."""
from __future__ import annotations

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from app.database.credentials import OWNER, close_to_strangers, native
from app.database.server import Server
from bench import fill

ROOT = Path(__file__).resolve().parent.parent
NAMES = ("stock", "rival", "console")
MODULES = {"stock": "bench.stock", "rival": "bench.rival", "console": "bench.console"}
GUNICORN = ("-m", "gunicorn", "--worker-class", "gthread", "--workers", "2", "--threads", "8", "--keep-alive", "5", "--log-level", "warning",
            "--no-control-socket")
OURS = ("--config", "gunicorn.conf.py")
"""The console is served as it is run."""
PATIENCE = 60.0


def python_of(name: str) -> str:
    """Django has an environment of its own; the console's must not know it."""
    return str(ROOT / ".venv-bench/bin/python") if name == "rival" else sys.executable


class Stage:
    """Databases, addresses and secrets of one run."""

    def __init__(self, data: Path, many: int) -> None:
        self.data, self.many, self.key = data, many, secrets.token_urlsafe(32)
        self.server = Server(data)
        self.urls = self.server.start()
        self.environ = {name: text for name, text in os.environ.items() if not name.startswith(("PINGAN_", "DATABASE_URL"))}
        self.environ |= {"PINGAN_DATA": str(data), "BENCH_KEY": self.key, "PYTHONPATH": str(ROOT)}
        for name in ("stock", "rival"):
            driver = "postgresql+psycopg" if name == "stock" else "postgresql"
            url = make_url(self.urls["owner_url"]).set(database=f"bench_{name}", drivername=driver)
            self.environ[f"BENCH_{name.upper()}_URL"] = url.render_as_string(hide_password=False)
        # The rates allowed to one address and person would measure themselves.
        self.environ["PINGAN_SECOND_FACTOR"] = "offered"

    def make(self) -> None:
        """Set all three up and put the rows in."""
        self._python("console", "-m", "flask", "--app", "app", "setup", "--demo")
        self._fill_console()
        with psycopg.connect(native(make_url(self.urls["owner_url"])), autocommit=True) as owner:
            divisions = owner.execute("SELECT code, name FROM division").fetchall()
            firms, lawyers = ([n for (n,) in owner.execute(f"SELECT name FROM {t} ORDER BY id")] for t in ("law_firm", "lawyer"))  # noqa: S608
        for name in ("stock", "rival"):
            self._make_rival(name, fill.copies(divisions, firms, lawyers, self.many))
        self._python("console", "-m", "bench.person")

    def _fill_console(self) -> None:
        from app.database.migrate import upgrade

        with psycopg.connect(native(make_url(self.urls["owner_url"])), autocommit=True) as owner:
            for statement in fill.ours(self.many):
                owner.execute(statement)
            owner.execute("COMMENT ON SCHEMA public IS NULL")
            upgrade(self.urls["owner_url"])
            owner.execute("VACUUM ANALYZE")

    def _make_rival(self, name: str, rows: list[tuple[str, list[object]]]) -> None:
        database = f"bench_{name}"
        with self.server.admin() as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {database} WITH (FORCE)")
            admin.execute(f"CREATE DATABASE {database} OWNER {OWNER}")
            close_to_strangers(admin, database)
        self._python(name, "-c", f"import {MODULES[name]} as m; m.create_app()", BENCH_SETUP="1")
        with psycopg.connect(native(make_url(self.environ[f"BENCH_{name.upper()}_URL"])), autocommit=True) as owner:
            for statement, values in rows:
                owner.execute(statement, values or None)
            owner.execute("VACUUM ANALYZE")

    def _python(self, name: str, *words: str, **more: str) -> None:
        done = subprocess.run([python_of(name), *words], cwd=ROOT, env={**self.environ, **more}, capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(f"{name} could not be set up:\n{done.stderr[-3000:]}")

    @contextmanager
    def running(self) -> Iterator[dict[str, int]]:
        """Serve all three on ports of their own; ended when left."""
        with ExitStack() as stack:
            yield {name: stack.enter_context(self._serve(name)) for name in NAMES}

    @contextmanager
    def _serve(self, name: str) -> Iterator[int]:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = int(free.getsockname()[1])
        words = [python_of(name), *GUNICORN, *(OURS if name == "console" else ()), "--bind", f"127.0.0.1:{port}", f"{MODULES[name]}:create_app()"]
        with (self.data / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(words, cwd=ROOT, env=self.environ, stdout=log, stderr=log)
        try:
            _wait_for(port, process)
            yield port
        finally:
            process.terminate()
            process.wait(20)


def _wait_for(port: int, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < until:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError("A web server did not start; its log stands in the data folder.")
