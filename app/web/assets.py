"""What every page is dressed with: files with their hash, icons, tags and the strict content policy (页面资源)."""
from __future__ import annotations

import hashlib
import json
import secrets
from functools import lru_cache
from pathlib import Path

from flask import Flask, Response, current_app, g, has_request_context, request, url_for
from flask_babel import get_locale
from markupsafe import Markup

STATIC = Path(__file__).parent / "static"
TONES = ("grey", "blue", "green", "amber", "red", "violet", "cyan")
YEAR = 365 * 24 * 3600
KEPT = ("static", "desk", "look", "appearance_css", "emblem")
"""Addresses of files, which hold nobody's data."""


def init_assets(app: Flask) -> None:
    """Give the templates their helpers and every answer its safety headers."""
    app.jinja_env.globals.update(
        asset=asset, icon=icon, tag=tag, meter=meter, csp_nonce=csp_nonce, locale=locale, county_name=county_name, version=console_version
    )
    app.after_request(guard)


def asset(name: str) -> str:
    """Address of a static file, with its hash so that a browser may keep it for a year."""
    return _address(request.script_root, name, version(name)) if has_request_context() else url_for("static", filename=name, v=version(name))


@lru_cache(maxsize=256)
def _address(root: str, name: str, wanted: str) -> str:
    return url_for("static", filename=name, v=wanted)


def version(name: str) -> str:
    """Hash of a static file as it is on the disk now."""
    if name.startswith("dist/"):
        return built().get(name[len("dist/") :], "missing")
    path = STATIC / name
    return fingerprint(path, path.stat().st_mtime_ns)


@lru_cache(maxsize=64)
def fingerprint(path: Path, changed_at: int) -> str:
    """Hash of one of our own files; the time of change keeps the memory honest while developing."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@lru_cache(maxsize=1)
def built() -> dict[str, str]:
    """Hashes that scripts/assets wrote beside the files it built."""
    try:
        return json.loads((STATIC / "dist" / "hashes.json").read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise RuntimeError("The front-end files are not built yet: run scripts/assets.") from None


def icon(name: str, extra: str = "") -> Markup:
    """A picture from the sprite, hidden from screen readers because words always stand beside it."""
    return _picture(f"{asset('dist/icons.svg')}#{name or 'circle'}", extra)


@lru_cache(maxsize=512)
def _picture(address: str, extra: str) -> Markup:
    return Markup('<svg class="icon {}" aria-hidden="true" focusable="false"><use href="{}"></use></svg>').format(
        extra, address
    )


def tag(text: object, tone: str = "grey") -> Markup:
    """A coloured tag that always carries its words, so colour is never the only sign."""
    return Markup('<span class="tag tag-{}">{}</span>').format(tone if tone in TONES else "grey", text)


def meter(value: float | None, label: str = "") -> Markup:
    """A bar from 0 to 100 with its figure in words."""
    share = max(0, min(100, round(value or 0)))
    return Markup(
        '<span class="meter"><progress max="100" value="{0}" aria-label="{1}"></progress><span>{0}%</span></span>'
    ).format(share, label or f"{share}%")


def csp_nonce() -> str:
    """The one-time word that lets a script of this very page run."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    return g.csp_nonce


def console_version() -> str:
    """The release that runs."""
    from app import VERSION

    return VERSION


def locale() -> str:
    """Language of the page, as HTML names it."""
    return "en" if str(get_locale() or "zh").startswith("en") else "zh-Hans"


def county_name() -> str:
    """Name of the county on the sign-in page and above the menu."""
    return current_app.extensions["appearance"].get().county_name


def guard(response: Response) -> Response:
    """Set the safety and caching headers of one answer."""
    response.headers.setdefault("Content-Security-Policy", policy())
    response.headers.setdefault("X-Content-Type-Options", "nosniff")
    response.headers.setdefault("Referrer-Policy", "same-origin")
    response.headers["Cache-Control"] = caching(response)
    return response


def policy() -> str:
    """Nothing from other hosts, nothing inline; a nonce only when a page asked for one."""
    nonce = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    return (
        f"default-src 'self'; script-src 'self'{nonce}; style-src 'self'; img-src 'self' data:; object-src 'none'; "
        "frame-ancestors 'none'; base-uri 'self'; form-action 'self'"
    )


def caching(response: Response) -> str:
    """Pages hold personal data and are never stored; files with a hash in their address never change."""
    if request.endpoint not in KEPT or response.status_code >= 400:
        return "no-store"
    if g.get("passing"):
        return "no-cache"
    return f"public, max-age={YEAR}, immutable" if "v" in request.args else "no-cache"
