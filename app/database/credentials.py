"""The passwords of the database roles (数据库口令), kept in the data folder for its owner alone."""
from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from psycopg import Connection, sql
from sqlalchemy import URL

from config import read_private, write_private

OWNER, APP, DATABASE = "pingan_owner", "pingan_app", "pingan"


class ServerRefused(RuntimeError):
    """A database server that the console cannot use; the text says why and what to do."""


def recall(data: Path) -> dict[str, Any]:
    """What an earlier start wrote down; empty on the first."""
    path = data / "database.json"
    return json.loads(read_private(path)) if path.exists() else {}


def remember(data: Path, known: Mapping[str, Any]) -> None:
    """Write the passwords and addresses down, mode 600."""
    write_private(data / "database.json", json.dumps(dict(known), indent=1, ensure_ascii=False) + "\n")


def new_password() -> str:
    """A password that nobody has to type."""
    return secrets.token_urlsafe(32)


def native(url: URL) -> str:
    """The address as libpq reads it."""
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def ensure_role(connection: Connection, name: str, password: str) -> None:
    """Make a role that may sign in and nothing more, or give the one there is this password."""
    # The password is hashed here, so that no statement or log of the server ever holds it.
    hashed = connection.pgconn.encrypt_password(password.encode(), name.encode(), b"scram-sha-256").decode()
    there = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (name,)).fetchone()
    verb = sql.SQL("ALTER ROLE {} PASSWORD {}" if there else
                   "CREATE ROLE {} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS NOREPLICATION PASSWORD {}")
    connection.execute(verb.format(sql.Identifier(name), sql.Literal(hashed)))


def close_to_strangers(connection: Connection, database: str) -> None:
    """Let only the application's role connect, and let it make nothing there."""
    names = {"db": sql.Identifier(database), "app": sql.Identifier(APP)}
    connection.execute(sql.SQL("REVOKE ALL ON DATABASE {db} FROM PUBLIC").format(**names))
    connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {db} TO {app}").format(**names))
