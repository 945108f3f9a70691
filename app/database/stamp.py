"""Which code last set a database up (安装标记), so that an unchanged console starts at once."""
from __future__ import annotations

import hashlib
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from app.database.credentials import native

PARTS = ("app/**/*.py", "app/**/*.csv", "config.py", "requirements.txt")


def of_code(root: Path) -> str:
    """A fingerprint of everything that set-up reads."""
    whole = hashlib.sha256()
    for pattern in PARTS:
        for path in sorted(root.glob(pattern)):
            whole.update(str(path.relative_to(root)).encode() + b"\0" + path.read_bytes())
    return whole.hexdigest()[:24]


def fits(owner_url: str, code: str, *, demo: bool) -> bool:
    """Whether this code has set this database up already, with the demo if that is asked for."""
    # The mark is the database's comment: a database made anew or restored from elsewhere does not have it.
    with psycopg.connect(native(make_url(owner_url))) as connection:
        row = connection.execute("SELECT shobj_description(oid, 'pg_database') FROM pg_database "
                                 "WHERE datname = current_database()").fetchone()
    words = str(row[0] or "").split() if row else []
    return code in words and (not demo or "demo" in words)


def put(owner_url: str, code: str, *, demo: bool) -> None:
    """Mark the database as set up by this code."""
    url = make_url(owner_url)
    words = f"{code} demo" if demo else code
    with psycopg.connect(native(url)) as connection:
        connection.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(str(url.database)), sql.Literal(words)))
