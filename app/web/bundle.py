"""The console's own scripts and styles as one file of each (脚本样式合并), packed once, and the lines that run before a page is painted."""
from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache

import brotli
from flask import Flask, Response, request
from markupsafe import Markup

from app.web.assets import STATIC

SCRIPTS = ("app.js", "listing.js", "drawer.js", "asking.js", "typing.js", "tree.js")
STYLES = ("app.css",)


@dataclass(frozen=True)
class Bundle:
    """Files one after the other, as they are and packed."""

    plain: bytes
    version: str
    packed: dict[str, bytes]


@lru_cache(maxsize=8)
def _bundle(names: tuple[str, ...], changed_at: tuple[int, ...]) -> Bundle:
    """The files put together; the times of change keep the memory honest while developing."""
    plain = b"\n".join((STATIC / name).read_bytes() for name in names)
    packed = {"br": brotli.compress(plain, quality=11), "gzip": gzip.compress(plain, 9, mtime=0)}
    return Bundle(plain, hashlib.sha256(plain).hexdigest()[:12], packed)


def _now(names: tuple[str, ...]) -> Bundle:
    return _bundle(names, tuple((STATIC / name).stat().st_mtime_ns for name in names))


def _answer(names: tuple[str, ...], kind: str) -> Response:
    bundle = _now(names)
    coding = next((coding for coding in bundle.packed if coding in request.accept_encodings), None)
    response = Response(bundle.packed[coding] if coding else bundle.plain, mimetype=kind)
    response.vary.add("Accept-Encoding")
    if coding:
        response.headers["Content-Encoding"] = coding
    return response


@lru_cache(maxsize=1)
def early() -> Markup:
    """What must run before the first paint; it is ours, and free of anything that ends a script."""
    return Markup((STATIC / "early.js").read_text(encoding="utf-8"))  # noqa: S704


def init_bundle(app: Flask) -> None:
    """Serve the two files and tell the templates their versions."""
    app.jinja_env.globals.update(desk_version=lambda: _now(SCRIPTS).version, look_version=lambda: _now(STYLES).version, early=early)

    @app.get("/desk.js")
    def desk() -> Response:
        """The console's behaviour."""
        return _answer(SCRIPTS, "text/javascript")

    @app.get("/desk.css")
    def look() -> Response:
        """The console's look."""
        return _answer(STYLES, "text/css")
