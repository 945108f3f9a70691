"""Everything a new or upgraded database needs before people can sign in."""
from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime

from flask import Flask

from app.database import db
from app.database.migrate import upgrade
from app.database.scope import acting, everywhere


@dataclass
class SetUp:
    """What was made, for the operator to read once: names with one-time passwords."""

    first_admin: tuple[str, str] | None = None
    demo_users: list[tuple[str, ...]] = field(default_factory=list)


def setup_database(app: Flask, *, demo: bool = False) -> SetUp:
    """Migrate, then fill in permissions, roles, the calendar, schedules, the first admin and, if asked, the demo."""
    upgrade(app.config["DATABASE_OWNER_URL"])
    with app.app_context(), acting(everywhere("setup")):
        made = _fill(app, demo=demo)
        db.session.commit()
    return made


def _fill(app: Flask, *, demo: bool) -> SetUp:
    # The rooms above the database are met here alone, so that start-up has one order and one transaction.
    from app.areas.demo import fill
    from app.jobs.calendar import seed_calendar
    from app.jobs.schedules import ensure_default_schedules
    from app.security.accounts import demo_users, first_admin
    from app.security.permissions import sync
    from app.web.custom.shipped import ensure_shipped

    sync(db.session)
    seed_calendar(db.session)
    ensure_shipped(db.session)
    made = SetUp()
    if demo:
        fill(db.session)
    ensure_default_schedules(db.session, datetime.now(UTC).date())
    made.first_admin = first_admin(db.session)
    if demo:
        made.demo_users = demo_users(db.session, app.config["DATA_DIR"])
    return made
