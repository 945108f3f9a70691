"""``flask security …``: permissions and administrators, by whoever runs the server."""
from __future__ import annotations

import click
from flask.cli import AppGroup
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import select

from app.core.base import now
from app.database import db
from app.database.scope import acting, everywhere
from app.security.accounts import BadAccount, create, give_one_time
from app.security.duties import SECURITY_DUTY, user_duties
from app.security.grant_requests import ask
from app.security.models import UserAccount
from app.security.permissions import sync
from app.security.roles import AUDITOR, SECURITY_ADMIN, SYSTEM_ADMIN
from app.security.second_factor import remove
from app.security.trail import record
from app.security.user_form import Grants

cli = AppGroup("security", help="Permissions and administrators.")
ADMINS = {"system": SYSTEM_ADMIN, "security": SECURITY_ADMIN, "audit": AUDITOR}


@cli.command("sync")
def sync_command() -> None:
    """Write down every permission, and make the shipped roles that are missing."""
    with acting(everywhere("flask security")):
        new = sync(db.session)
        db.session.commit()
    click.echo(f"{new} new permissions.")


@cli.command("create-admin")
@click.argument("name")
@click.option("--duty", type=click.Choice(sorted(ADMINS)), default="system", show_default=True, help="Which of the three.")
def create_admin(name: str, duty: str) -> None:
    """Make an administrator called NAME and print a password for one sign-in within 24 hours; a security administrator, if there is one, agrees."""
    with acting(everywhere("flask security")):
        try:
            alone = not _others()
            user, password = create(db.session, name, ADMINS[duty], [ADMINS[duty]] if alone else [])
            if not alone:
                ask(db.session, user, Grants({db.session.scalars(select(Role.id).where(Role.name == ADMINS[duty])).one()}))
        except BadAccount as refusal:
            raise click.ClickException(str(refusal)) from refusal
        db.session.commit()
        click.echo(f"{user.username}  {password}")
        if not alone:
            click.echo("The duty waits until a security administrator agrees under 授权复核.")


def _others() -> bool:
    """Whether there is an open account of a security administrator, who then agrees to every further administrator."""
    held = user_duties(db.session)
    open_ = db.session.scalars(select(UserAccount.id).where(UserAccount.active))
    return any(SECURITY_DUTY in held.get(number, set()) for number in open_)


@cli.command("reset-password")
@click.argument("name")
def reset_password(name: str) -> None:
    """Give NAME a password for one sign-in within 24 hours; the only way for administrators."""
    with acting(everywhere("flask security")):
        user = db.session.scalar(select(UserAccount).where(UserAccount.username == name.strip().lower()))
        if user is None:
            raise click.ClickException(f"There is no account called {name}.")
        password = give_one_time(db.session, user)
        db.session.commit()
        click.echo(f"{user.username}  {password}")


@cli.command("reset-second-factor")
@click.argument("name")
def reset_second_factor(name: str) -> None:
    """Take the second factor of NAME away, for the security administrator who lost phone and codes."""
    with acting(everywhere("flask security")):
        user = db.session.scalar(select(UserAccount).where(UserAccount.username == name.strip().lower()))
        if user is None or not remove(db.session, user.id):
            raise click.ClickException(f"There is no account called {name} that has a second factor.")
        user.factor_due_at = now()
        record("second_factor", user.id, "reset on the server")
        db.session.commit()
        click.echo(f"{user.username}: the second factor is taken away; a new one is asked for at the next sign-in.")
