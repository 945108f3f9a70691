"""One answer to everything that goes wrong: a clear page or a JSON object, and never a word of SQL."""
from __future__ import annotations

import logging
from typing import Any

from flask import Flask, g, render_template, request
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from app.core.workflow import StepRefused
from app.database import db
from app.database.second_person import NEEDED
from app.web.api.problems import problem

log = logging.getLogger(__name__)


def advice(code: int) -> tuple[str, str]:
    """The title and the advice for a status."""
    words = {
        400: (_("The request could not be understood"), _("Go back and try again; if you came by a link, open the page from the menu.")),
        401: (_("Not signed in"), _("Sign in, or send a valid token.")),
        403: (_("You may not do this"), _("Ask your security administrator if your work needs it.")),
        404: (_("Not found"), _("The page or record does not exist, or is not within your divisions.")),
        405: (_("This is not possible here"), _("Open the page from the menu.")),
        409: (_("Somebody else was faster"), _("Open the record again and repeat your change.")),
        412: (_("Somebody else was faster"), _("Read the record again and repeat the change.")),
        413: (_("The file is too large"), _("Send a smaller file, or split it.")),
        415: (_("The content type is not understood"), _("Send JSON, with Content-Type: application/json.")),
        422: (_("Something is filled in wrongly"), _("Correct the marked fields and save again.")),
        428: (_("The version is missing"), _("Say which version was read: send its ETag as If-Match.")),
        429: (_("Too many attempts"), _("Wait a few minutes and try again.")),
    }
    other = (_("Something went wrong on our side"), _("Nothing was changed. Try again; if it happens again, tell your administrator the time."))
    return words.get(code, other)


def answer(code: int, message: str | None = None, error: Exception | None = None) -> Any:
    """The error as a page, or as problem details where a program asked."""
    title, todo = advice(code)
    if request.path.startswith("/api/"):
        return problem(code, title, message or _own_words(error) or todo, error)
    return render_template("errors/error.html", unlisted=True, code=code, title=message or title, advice=todo), code


def _own_words(error: Exception | None) -> str:
    """What the console itself said in refusing; the words of a library are not for people."""
    said = getattr(error, "description", None)
    return said if said and said != type(error).description else ""  # type: ignore[union-attr]


def _status(error: Exception) -> int:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    if state == "42501":
        # Row security refused a write: for this person the other row or division does not exist.
        return 404
    if isinstance(error, StaleDataError):
        return 409
    if isinstance(error, IntegrityError):
        return 409
    return 400 if isinstance(error, DataError) else 500


def init_errors(app: Flask) -> None:
    """Let the application answer every failure from here."""

    @app.errorhandler(HTTPException)
    def http(error: HTTPException) -> Any:
        return error.get_response() if error.code is None or error.code < 400 else answer(error.code, error=error)

    @app.errorhandler(CSRFError)
    def csrf(error: CSRFError) -> Any:
        return answer(400, _("The page was open for too long; load it again and repeat."))

    @app.errorhandler(StepRefused)
    def step(error: StepRefused) -> Any:
        db.session.rollback()
        return answer(409, str(error))

    @app.errorhandler(DBAPIError)
    @app.errorhandler(StaleDataError)
    def database(error: Exception) -> Any:
        db.session.rollback()
        code = _status(error)
        if getattr(getattr(getattr(error, "orig", None), "diag", None), "constraint_name", None) == NEEDED:
            return answer(403, _(
                "This grant needs a second person: give it on the account's page, where another security administrator agrees to it; "
                "a role that somebody holds gets no such right, make a new role for it."))
        if code == 500:
            log.error("database error: %s", type(getattr(error, "orig", error)).__name__)
        return answer(code)

    @app.errorhandler(Exception)
    def other(error: Exception) -> Any:
        db.session.rollback()
        log.error("unexpected error", exc_info=error)
        if app.config.get("PROPAGATE_ERRORS"):
            raise error
        g.failed = True
        return answer(500)
