"""Commands for the tree: ``flask divisions import [FOLDER]``."""
from __future__ import annotations

from pathlib import Path

import click
from flask.cli import AppGroup

from app.areas.divisions.import_codes import COUNTY_FILES, CodesRefused, import_codes
from app.database import db
from app.database.scope import EVERYWHERE, acting

cli = AppGroup("divisions", help="The county's tree of divisions.")


@cli.command("import")
@click.argument("folder", required=False, type=click.Path(path_type=Path, file_okay=False))
def import_folder(folder: Path | None) -> None:
    """Read areas.csv, streets.csv and villages.csv of FOLDER (the demo county's without one)."""
    try:
        with acting(EVERYWHERE), db.session.begin():
            outcome = import_codes(db.session, folder or COUNTY_FILES)
    except CodesRefused as refused:
        raise click.ClickException(str(refused)) from None
    click.echo(f"{outcome.added} added, {outcome.changed} changed, {outcome.unchanged} unchanged.")
