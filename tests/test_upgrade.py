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


def test_tables_of_a_later_migration_are_granted_though_the_rules_are_the_same(urls, monkeypatch):
    with migrate._owner(urls["owner_url"]) as connection:
        command.upgrade(migrate._config(connection), "0002")
        connection.commit()
        with monkeypatch.context() as patch:
            # As on the day when 0002 was the newest: the same rules, without the tables that came later.
            patch.setattr(migrate, "head", lambda: "0002")
            patch.setattr(migrate, "statements", list)
            migrate.protect(connection)
    migrate.upgrade(urls["owner_url"])
    assert _may_read(urls["app_url"], "login_session")


def test_down_and_up_again_gives_the_same_tables(urls):
    migrate.upgrade(urls["owner_url"])
    with migrate._owner(urls["owner_url"]) as connection:
        command.downgrade(migrate._config(connection), "0002")
        connection.commit()
        assert connection.execute(text("SELECT to_regclass('login_session')")).scalar() is None
    migrate.upgrade(urls["owner_url"])
    assert migrate.differences(urls["owner_url"]) == []
    assert _may_read(urls["app_url"], "second_factor")
