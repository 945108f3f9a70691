"""Uploads on their way (待导入文件): kept for a day under a name that only their owner knows."""
from __future__ import annotations

import json
import re
import secrets
import time
from pathlib import Path

from flask import abort, current_app
from flask_login import current_user

from app.core.register import Register

KEPT = 24 * 3600


def _folder() -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - KEPT:
            old.unlink(missing_ok=True)
    return folder


def keep(register: Register, name: str, content: bytes) -> str:
    """Keep an upload until it is written; answers with its name."""
    token = secrets.token_hex(16)
    about = {"user": current_user.id, "register": register.name, "name": name}
    for suffix, data in ((".bin", content), (".json", json.dumps(about).encode())):
        file = _folder() / (token + suffix)
        file.touch(mode=0o600)
        file.write_bytes(data)
    return token


def kept(register: Register, token: str) -> tuple[str, bytes]:
    """File name and content of an upload of this person for this register; 404 otherwise."""
    about = _folder() / f"{token}.json"
    if not re.fullmatch(r"[0-9a-f]{32}", token) or not about.is_file():
        abort(404)
    known = json.loads(about.read_text())
    if (known["user"], known["register"]) != (current_user.id, register.name):
        abort(404)
    return known["name"], about.with_suffix(".bin").read_bytes()


def keep_marked(token: str, content: bytes) -> None:
    """Keep the marked copy of a large upload beside it."""
    file = _folder() / f"{token}.marked"
    file.touch(mode=0o600)
    file.write_bytes(content)


def marked(token: str) -> bytes | None:
    """The marked copy that the worker made; whoever calls has asked ``kept`` for the upload before."""
    file = _folder() / f"{token}.marked"
    return file.read_bytes() if file.is_file() else None


def drop(token: str) -> None:
    """Forget an upload that was written."""
    for suffix in (".bin", ".json", ".marked"):
        (_folder() / (token + suffix)).unlink(missing_ok=True)
