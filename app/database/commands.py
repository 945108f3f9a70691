"""``flask setup`` and ``flask database …``: bring the database to the newest form, and write migrations.

Alembic is met only when one of them is called: a web process never needs it and would start a fifth of a second later.
"""
from __future__ import annotations

import click
from flask import current_app
from flask.cli import AppGroup

cli = AppGroup("database", help="Migrations and row rules.")


@cli.command("upgrade")
def upgrade_database() -> None:
    """Run missing migrations and put the row rules on."""
    from app.database.migrate import upgrade

    upgrade(current_app.config["DATABASE_OWNER_URL"])
    click.echo("The database is up to date.")


@cli.command("revision")
@click.argument("message")
def revision(message: str) -> None:
    """Write a migration for what the models say and the database does not."""
    from app.database.migrate import new_revision

    new_revision(current_app.config["DATABASE_OWNER_URL"], message)


@click.command("setup")
@click.option("--demo", is_flag=True, help="Fill in the demo county.")
def setup(demo: bool) -> None:
    """Migrations, row rules, permissions, roles, schedules and the first administrator."""
    from app.database.setup import setup_database

    made = setup_database(current_app._get_current_object(), demo=demo)
    if made.first_admin:
        click.echo("First administrator: {} one-time password: {}".format(*made.first_admin))
    for line in made.demo_users:
        click.echo("  ".join(line))
