"""The folder of files (附件目录): each lies once under the hash of its content, whatever it is called and whoever has it."""
from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

from flask import current_app

GRACE = 24 * 3600
"""Seconds for which a file without a row is left alone: its row may be about to be written."""
SMALL, PIECES = ".thumb", "uploads"
"""The ending of small pictures, and the folder of files that are still on their way."""


def folder() -> Path:
    """Where the files lie."""
    made = Path(current_app.config["DATA_DIR"]) / "files"
    made.mkdir(parents=True, exist_ok=True, mode=0o700)
    return made


def place(sha256: str) -> Path:
    """Where the file of that hash lies, or would."""
    return folder() / sha256[:2] / sha256


def keep(content: bytes) -> str:
    """Put a content into the folder, whole or not at all; answers with its hash."""
    sha256 = hashlib.sha256(content).hexdigest()
    target = place(sha256)
    if target.exists():
        os.utime(target)  # Somebody begins to use it again, so its time of grace begins anew.
    else:
        _write(target, content)
    return sha256


def keep_small(sha256: str, content: bytes) -> None:
    """Put the small picture beside its file."""
    _write(place(sha256).with_suffix(SMALL), content)


def _write(target: Path, content: bytes) -> None:
    target.parent.mkdir(exist_ok=True, mode=0o700)
    draft = target.with_name(f"{target.name}.{secrets.token_hex(4)}.part")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(target)


def old_files() -> Iterator[Path]:
    """The files past their time of grace, half-written ones included."""
    for each in (*folder().glob("??/*"), *folder().glob(f"{PIECES}/*.part")):
        if each.stat().st_mtime < time.time() - GRACE:
            yield each


def hash_of(file: Path) -> str:
    """The hash that a file of the folder belongs to."""
    return file.name.partition(".")[0]
