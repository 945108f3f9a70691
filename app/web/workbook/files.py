"""Files of exports (导出文件): in a closed folder, gone at once when handed over, or after some days when the worker made them."""
from __future__ import annotations

import re
import secrets
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from app.jobs.assignments import DAYS


def _folder() -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "exports"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for old in folder.iterdir():
        if old.stat().st_mtime < time.time() - DAYS * 24 * 3600:
            old.unlink(missing_ok=True)
    return folder


def fresh(kind: str) -> Path:
    """A place for a new file, which only the console's account can read."""
    path = _folder() / f"{secrets.token_hex(16)}.{kind}"
    path.touch(mode=0o600)
    return path


@contextmanager
def passing(kind: str) -> Iterator[Path]:
    """A file that loses its name at the end; whoever has it open reads on."""
    path = fresh(kind)
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def kept(name: str) -> Path | None:
    """A file of the worker's, if its days are not over."""
    path = _folder() / name
    return path if re.fullmatch(r"[0-9a-f]{32}\.[a-z]{3,4}", name) and path.is_file() else None
