"""The page of how the console fares (运行状况), and ``flask health``, which says the same to a monitor."""
from __future__ import annotations

from typing import Any

import click
from flask import render_template
from flask.cli import with_appcontext
from flask_appbuilder import expose
from flask_babel import force_locale
from flask_babel import lazy_gettext as _

from app.database import db
from app.jobs.health import samples, signs, size_words
from app.web.gate import needs
from app.web.page import Page


class RunningPage(Page):
    """Each sign with what to do about it, and the sizes of the last days."""

    route_base = "/running"
    default_view = "show"
    permission = class_permission_name = "runs"
    menu_label = _("Running state")
    menu_icon = "activity"

    @expose("/")
    @needs("read")
    def show(self) -> Any:
        """How things stand now."""
        sizes = [(sample.day, size_words(sample.bytes)) for sample in samples(db.session)]
        return render_template("jobs/running.html", signs=signs(), sizes=sizes, crumbs=[(self.menu_label, None)])


@click.command("health")
@with_appcontext
def health() -> None:
    """One line for each sign; exit 1 if one of them is red."""
    from flask import current_app

    with current_app.test_request_context(), force_locale("zh"):
        found = signs()
        for sign in found:
            click.echo(f"{sign.verdict}\t{sign.label}\t{sign.words}")
    if any(sign.tone == "red" for sign in found):
        raise SystemExit(1)


pages = (RunningPage,)
