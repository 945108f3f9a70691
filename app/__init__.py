"""Ping'an Desk (平安台): an open console for a county's public-safety service."""
from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from flask import Flask
from flask.cli import AppGroup
from flask_appbuilder import AppBuilder
from werkzeug.middleware.proxy_fix import ProxyFix

from app.core.checks import refuse_faults
from app.core.register import registers
from app.database import db
from app.database import flush as flush  # What is done to rows as they are saved hangs on the session from here on.
from app.database.models import modules

VERSION = "0.2.0"


def create_app(overrides: dict[str, Any] | None = None) -> Flask:
    """The console as a WSGI application, wired from the registers; raises FaultyRegister on a wrong declaration."""
    from config import load

    app = Flask(__name__, static_folder="web/static", template_folder="web/templates")
    app.config.update(load(overrides or {}))
    _believe_own_proxies(app)
    found = modules()
    refuse_faults()
    from app.security.forgery import Forgery

    db.init_app(app)
    Forgery(app)
    with app.app_context():
        builder = _builder(app)
        _views(builder, found)
    _surroundings(app)
    for group in _named(found, "cli", AppGroup):
        app.cli.add_command(group)
    return app


def _believe_own_proxies(app: Flask) -> None:
    """Take address and scheme from as many proxies as the operator has; what further ones claim is not believed."""
    if count := app.config["TRUSTED_PROXIES"]:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0, x_port=0, x_prefix=0)  # type: ignore[method-assign]


def _builder(app: Flask) -> AppBuilder:
    from app.security.manager import PinganSecurityManager
    from app.web.home import HomePage

    return AppBuilder(
        app, db.session, security_manager_class=PinganSecurityManager, indexview=HomePage,
        base_template="appbuilder/baselayout.html",
    )


# FAB looks for a filter of every column of every model; ours are searched by app.web.lists, so its warnings say nothing.
logging.getLogger("flask_appbuilder.models").setLevel(logging.ERROR)


def _views(builder: AppBuilder, found: list[Any]) -> None:
    from app.web import pages
    from app.web.api.records import api_class
    from app.web.views import view_class

    for register in registers():
        builder.add_view_no_menu(view_class(register))
        builder.add_api(api_class(register))
    # A room may name its pages once more where they are written.
    for page in dict.fromkeys((*pages(), *(page for group in _named(found, "pages", tuple) for page in group))):
        builder.add_view_no_menu(page)


def _surroundings(app: Flask) -> None:
    from app.database.commands import cli as database_cli
    from app.database.commands import setup
    from app.jobs.health_page import health
    from app.security.scope_of import install
    from app.security.sealing import install as install_sealer
    from app.web.addresses import init_words
    from app.web.appearance.page import init_appearance
    from app.web.assets import init_assets
    from app.web.attachments.pages import widen
    from app.web.bundle import init_bundle
    from app.web.custom.definitions import init_fields
    from app.web.errors import init_errors
    from app.web.menu import init_menu
    from app.web.registers_cli import cli as registers_cli
    from app.web.routes import init_routes
    from app.web.squeeze import init_squeeze

    install_sealer(app)
    install(app)
    init_appearance(app)
    init_fields(app)
    init_assets(app)
    init_bundle(app)
    init_squeeze(app)
    init_words(app)
    init_menu(app)
    init_routes(app)
    init_errors(app)
    app.url_value_preprocessor(widen)
    for command in (registers_cli, database_cli, setup, health):
        app.cli.add_command(command)


def _named(found: list[Any], name: str, kind: type[Any]) -> Iterator[Any]:
    """What the modules offer under that name, each thing once; a submodule of that name is not meant."""
    seen: set[int] = set()
    for module in found:
        thing = getattr(module, name, None)
        if isinstance(thing, kind) and id(thing) not in seen:
            seen.add(id(thing))
            yield thing
