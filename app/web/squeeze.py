"""Smaller answers (压缩): brotli or gzip for texts, with the length of pages blurred.

A page holds a form token and may repeat what was typed, so that its compressed length says a little about the token (BREACH).
The token is signed anew each second and its cookie is not sent from other sites; a comment of random length makes measuring
dearer still.
"""
from __future__ import annotations

import secrets
from mimetypes import guess_type
from pathlib import Path
from typing import Any

from flask import Flask, Response, request, send_from_directory
from flask.sessions import SecureCookieSessionInterface
from flask_compress import Compress
from werkzeug.security import safe_join

from app.web.assets import KEPT, STATIC

TEXTS = ["text/html", "text/css", "text/javascript", "application/json", "image/svg+xml", "text/csv", "application/xml"]
BLUR = 64


class NobodysFiles(SecureCookieSessionInterface):
    """Files are the same for everybody: their answers neither set the cookie nor vary with it, or browsers would not keep them."""

    def save_session(self, app: Flask, session: Any, response: Response) -> None:
        """Leave the session alone when a file was asked for."""
        if request.endpoint not in KEPT:
            super().save_session(app, session, response)


def init_squeeze(app: Flask) -> None:
    """Compress every text answer of this application."""
    app.config.setdefault("COMPRESS_MIMETYPES", TEXTS)
    app.config.setdefault("COMPRESS_ALGORITHM", ["br", "gzip"])
    app.config.setdefault("COMPRESS_BR_LEVEL", 4)
    app.config.setdefault("COMPRESS_LEVEL", 5)
    app.session_interface = NobodysFiles()
    app.config.setdefault("COMPRESS_STREAMS", True)
    Compress(app)
    app.view_functions["static"] = _static(app.view_functions["static"])
    # Hooks run from the last to the first: the blur is written before the page is compressed.
    app.after_request(_blur)


def _blur(response: Response) -> Response:
    if response.mimetype == "text/html" and not response.direct_passthrough and not response.is_streamed:
        response.set_data(response.get_data() + f"<!-- {secrets.token_hex(secrets.randbelow(BLUR))} -->\n".encode())
    return response


def _static(plain: Any) -> Any:
    """Files that scripts/assets has packed already are sent as they are."""

    def static(filename: str) -> Any:
        for coding, suffix in (("br", ".br"), ("gzip", ".gz")):
            packed = safe_join(str(STATIC), filename + suffix)
            if filename.startswith("dist/") and coding in request.accept_encodings and packed and Path(packed).is_file():
                response = send_from_directory(STATIC, filename + suffix, mimetype=guess_type(filename)[0])
                response.headers["Content-Encoding"] = coding
                response.vary.add("Accept-Encoding")
                return response
        return plain(filename=filename)

    return static
