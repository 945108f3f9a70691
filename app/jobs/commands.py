"""The jobs commands: the two processes, and what an operator does by hand."""
from __future__ import annotations

import logging

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from app.core.base import now
from app.database import db
from app.database.scope import acting, everywhere
from app.jobs.calendar import known_years, seed_calendar
from app.jobs.clock import run_clock, tick
from app.jobs.queue import run_worker
from app.jobs.runs import JobRun
from app.jobs.schedules import SHANGHAI

cli = AppGroup("jobs", help="The clock, the worker and the run log.")


def _log_to_screen() -> None:
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    # APScheduler reports every beat, three a minute; only its complaints matter.
    logging.getLogger("apscheduler").setLevel(logging.WARNING)


@cli.command()
@click.option("--once", is_flag=True, help="Stop when the queue is empty.")
def worker(once: bool) -> None:
    """Work off the queue until stopped; SIGTERM lets the running job end."""
    _log_to_screen()
    run_worker(current_app._get_current_object(), wait=not once)  # type: ignore[attr-defined]


@cli.command()
def clock() -> None:
    """Start what is due, every 20 seconds; a second clock waits for the first to die."""
    _log_to_screen()
    run_clock(current_app._get_current_object())  # type: ignore[attr-defined]


@cli.command("tick")
def tick_once() -> None:
    """Start what is due now, once."""
    with acting(everywhere("clock")):
        made = tick(db.session, now())
        db.session.commit()
    click.echo(f"{len(made)} run(s) queued.")


@cli.command()
@click.option("--last", default=20, type=click.IntRange(1, 1000), show_default=True, help="How many.")
def runs(last: int) -> None:
    """Show the latest runs."""
    for run in db.session.scalars(select(JobRun).order_by(JobRun.queued_at.desc(), JobRun.id.desc()).limit(last)):
        queued = run.queued_at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")
        click.echo(f"{run.id}\t{run.task}\t{run.period}\t{run.status}\t{run.why}\t{run.who}\t{queued}\t{run.message or ''}")


@cli.command("seed-calendar")
def seed_calendar_command() -> None:
    """Enter the days of rest of every year that the calendar library knows."""
    with acting(everywhere("setup")):
        added = seed_calendar(db.session)
        db.session.commit()
    years = known_years()
    click.echo(f"{added} day(s) added; the calendar holds {years[0]} to {years[-1]}.")
