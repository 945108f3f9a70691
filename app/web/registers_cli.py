"""``flask registers list|show|document|openapi|check``: what the declarations say and what was made of them."""
from __future__ import annotations

import click
from flask.cli import AppGroup

from app.core.checks import faults
from app.core.register import as_declared, find, registers

cli = AppGroup("registers", help="What the registers declare.")


@cli.command("list")
def list_registers() -> None:
    """A line for every register."""
    for register in registers():
        click.echo(f"{register.area:12} {register.name:24} {register.table.name:24} {len(register.declared.columns):3} {register.label}")


@cli.command("show")
@click.argument("name")
def show(name: str) -> None:
    """One register: its columns and the classes made from it."""
    try:
        register = find(name)
    except KeyError as error:
        raise click.ClickException(f"There is no register {name!r}; see flask registers list.") from error
    from app.web.api.records import api_class
    from app.web.views import view_class

    click.echo(f"{register.name}  {register.label}  table {register.table.name}")
    for key, column in register.declared.columns.items():
        need = "optional" if column.nullable else "required"
        click.echo(f"  {key:24} {column.info['kind']:10} {need:9} {column.info['label']}")
    click.echo(f"page  {view_class(register).__name__}  /{register.name}/list/")
    click.echo(f"API   {api_class(register).__name__}  /api/v1/{register.name}/")
    click.echo(f"verbs {', '.join(register.verbs())}")


@cli.command("document")
def document_registers() -> None:
    """The data dictionary as Markdown, for docs/registers.md."""
    from flask import current_app

    from app.web.dictionary import document

    with current_app.test_request_context(), as_declared():
        click.echo(document(), nl=False)


@cli.command("openapi")
def describe_interface() -> None:
    """The interface as an OpenAPI 3.1 document."""
    import json

    from flask import current_app

    from app.web.api.describe import document

    with current_app.test_request_context():
        click.echo(json.dumps(document(), ensure_ascii=False, indent=1))


@cli.command("check")
def check() -> None:
    """Every fault in every declaration; exit 1 if there is one."""
    with as_declared():
        found = faults()
    for fault in found:
        click.echo(str(fault))
    if found:
        raise SystemExit(1)
    click.echo(f"{len(registers())} registers, no fault.")
