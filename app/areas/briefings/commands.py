"""``flask briefings make``: a briefing by hand."""
from __future__ import annotations

import shutil
from pathlib import Path

import click
from flask import current_app
from flask.cli import AppGroup

from app.areas.briefings.make import make_briefing
from app.core.period import HalfMonth
from app.database import db
from app.database.scope import acting, everywhere
from app.documents.errors import DocumentError

cli = AppGroup("briefings", help="Briefings in official layout.")


@cli.command("make")
@click.option("--kind", type=click.Choice(["county", "town"]), default="county")
@click.option("--period", required=True, help="Half-month, such as 2026-11-a.")
@click.option("--division", help="Code of the division; the county if not given.")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="File to write.")
def make(kind: str, period: str, division: str | None, out: Path) -> None:
    """Make one briefing, keep it in the console, and write a copy."""
    try:
        half = HalfMonth.parse(period)
        with acting(everywhere("flask briefings make")):
            issue = make_briefing(kind, half, division or current_app.config["COUNTY_CODE"])
            source = Path(current_app.config["DATA_DIR"]) / "briefings" / issue.path
            shutil.copyfile(source, out)
            db.session.commit()
            click.echo(f"{out}  {issue.pages} p.  sha256 {issue.sha256}")
    except (ValueError, DocumentError, StopIteration) as refusal:
        raise click.ClickException(str(refusal)) from refusal
