"""Upgrades: what a migration adds can be used at once, and the tables of sessions go and come again."""
from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from app.database import migrate
from tests.databases import Databases


@pytest.fixture(scope="module")
def urls(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The addresses of an empty database."""
    databases.copy("upgrade")
    return databases.empty(Path(tmp_path_factory.mktemp("upgrade")), "upgraded")


def _may_read(url: str, table: str) -> bool:
    engine = create_engine(url)
    with engine.connect() as connection:
        allowed = connection.execute(text("SELECT has_table_privilege(:table, 'SELECT, INSERT, UPDATE, DELETE')"), {"table": table}).scalar()
    engine.dispose()
    return bool(allowed)


def test_sessions_go_and_come_again_and_what_a_migration_adds_is_granted(urls, monkeypatch):
    with migrate._owner(urls["owner_url"]) as connection:
        command.upgrade(migrate._config(connection), "0006")
        command.downgrade(migrate._config(connection), "0002")
        assert connection.execute(text("SELECT to_regclass('login_session')")).scalar() is None
        # As an older release left it: marked with these very rules, but without the tables that came later.
        with monkeypatch.context() as older:
            older.setattr(migrate, "head", lambda: "0002")
            older.setattr(migrate, "statements", list)
            older.setattr(migrate, "rebuild", lambda _connection: None)
            migrate.protect(connection)
    migrate.upgrade(urls["owner_url"])
    assert migrate.differences(urls["owner_url"]) == []
    for table in ("login_session", "second_factor", "recovery_code", "former_password"):
        assert _may_read(urls["app_url"], table)
