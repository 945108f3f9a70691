"""Bring a database to the newest form: migrations first, then the rules on its rows."""
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask_appbuilder import Model
from sqlalchemy import Connection, create_engine, text

from app.database import models
from app.database.rowsecurity import fingerprint, statements
from app.database.search import rebuild

HOME = Path(__file__).parent / "migrations"
LOCK = 371_625_001
"""Two processes that start at once migrate one after the other."""


@contextmanager
def _owner(owner_url: str) -> Iterator[Connection]:
    engine = create_engine(owner_url, hide_parameters=True)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HOME).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def head() -> str | None:
    """The newest migration in the code."""
    return ScriptDirectory.from_config(_config()).get_current_head()


def upgrade(owner_url: str) -> None:
    """Run every missing migration, then put on the row rules if they changed."""
    with _owner(owner_url) as connection:
        connection.execute(text("SELECT pg_advisory_lock(:key)"), {"key": LOCK})
        connection.commit()
        command.upgrade(_config(connection), "head")
        connection.commit()
        protect(connection)


def protect(connection: Connection) -> None:
    """Put the row rules, triggers and grants on, unless these very ones are on already for these very tables."""
    models.modules()
    # A migration may have made tables, which nobody but the owner may use until they are granted.
    wanted = f"{fingerprint()} {head()}"
    current = connection.execute(text("SELECT obj_description('public'::regnamespace)")).scalar()
    if current != wanted:
        for statement in statements():
            connection.exec_driver_sql(statement.replace("%", "%%"))
        rebuild(connection)
        connection.exec_driver_sql(f"COMMENT ON SCHEMA public IS '{wanted}'")
    connection.commit()


def new_revision(owner_url: str, message: str) -> None:
    """Write a migration for what the models say and the database does not (for developers)."""
    with _owner(owner_url) as connection:
        command.revision(_config(connection), message=message, autogenerate=True)


def differences(owner_url: str) -> list[object]:
    """What a new migration would hold; empty when models and database agree."""
    models.modules()
    with _owner(owner_url) as connection:
        options = {"compare_type": True, "include_object": lambda _o, name, kind, *_: not (
            kind == "table" and str(name).startswith("procrastinate_"))}
        return list(compare_metadata(MigrationContext.configure(connection, opts=options), Model.metadata))
