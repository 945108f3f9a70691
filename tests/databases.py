"""The databases of a test run (测试库): one server, one template set up once, and a copy for every worker."""
from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

import config
from app.database import address
from app.database.credentials import close_to_strangers, native, recall, remember
from app.database.server import Server

QUICK = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""A test run survives no power loss anyway, and is faster for it."""


class Databases:
    """What a run of the tests keeps in its folder: a server of its own, or databases on the one it was given."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.given = os.environ.get("TEST_DATABASE_URL", "")
        self.prefix = f"pingan_test_{os.environ['PINGAN_TESTS_RUN']}"

    @contextmanager
    def _in_turn(self) -> Iterator[None]:
        with (self.folder / "lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def copy(self, worker: str) -> Path:
        """A data folder with a database of the worker's own, copied from the template."""
        with self._in_turn():
            template = self.folder / "template"
            if not (self.folder / "ready").exists():
                self._make(template, f"{self.prefix}_template", None)
                self._set_up(template)
                (self.folder / "ready").touch()
            data = self.folder / worker
            # The keys come along: the template's sealed values open with them alone.
            shutil.copytree(template, data, dirs_exist_ok=True)
            self._make(data, f"{self.prefix}_{worker}", f"{self.prefix}_template")
        return data

    def _make(self, data: Path, name: str, template: str | None) -> None:
        urls = self._server()
        owner = make_url(urls["owner_url"])
        words = "CREATE DATABASE {} OWNER {}" + (" TEMPLATE {}" if template else "")
        with self._admin() as connection:
            connection.execute(sql.SQL(words).format(*map(sql.Identifier, filter(None, (name, owner.username, template)))))
            close_to_strangers(connection, name)
        of_name = {key: make_url(url).set(database=name).render_as_string(hide_password=False) for key, url in urls.items()}
        remember(data, {**of_name, "source": "tests"})

    def _server(self) -> dict[str, str]:
        if self.given:
            return address.prepare(self.given, self.folder / "server")
        return Server(self.folder / "server", QUICK).start()

    def _admin(self) -> psycopg.Connection:
        if self.given:
            return psycopg.connect(native(address.read(self.given)), autocommit=True)
        return Server(self.folder / "server", QUICK).admin()

    def _set_up(self, data: Path) -> None:
        words = [sys.executable, "-m", "flask", "--app", "app", "setup", "--demo"]
        done = subprocess.run(words, cwd=config.ROOT, env={**os.environ, "PINGAN_DATA": str(data)}, capture_output=True, text=True,
                              check=False)
        if done.returncode:
            raise RuntimeError(f"The template could not be set up:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")

    def empty(self, data: Path, name: str) -> dict[str, str]:
        """Both addresses of a database that nothing was done to yet, for tests of the set-up itself."""
        with self._in_turn():
            self._make(data, f"{self.prefix}_{name}", None)
        return {key: text for key, text in recall(data).items() if key.endswith("_url")}

    def remove(self) -> None:
        """End the server, or drop what was made on the given one."""
        if self.given and (self.folder / "server").exists():
            with self._admin() as connection:
                names = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", (self.prefix,)).fetchall()
                for (name,) in names:
                    connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
        elif (self.folder / "server" / "postgres").exists():
            Server(self.folder / "server", QUICK).stop()
        shutil.rmtree(self.folder, ignore_errors=True)
