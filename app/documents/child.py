"""The process that lays out documents (排版进程): fed line by line, limited, and without any secret of its parent."""
from __future__ import annotations

import gc
import hashlib
import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError

from app.documents import justify, pitch
from app.documents.fetcher import ClosedFetcher

MEMORY = 2 * 1024**3


def write_safely(data: bytes, target: Path) -> None:
    """Write to a temporary file beside the target, flush it to disk, and rename it."""
    target.parent.mkdir(parents=True, exist_ok=True)
    temporary = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with temporary.open("wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def lay_out(order: dict[str, Any], faces: FontConfiguration) -> dict[str, Any]:
    """Make one PDF; the same HTML gives the same bytes, because its identifier is made of it."""
    html = order["html"]
    folder = Path(order["folder"])
    fetcher = ClosedFetcher([folder, folder.parent / "_shared"])
    document = HTML(string=html, base_url=folder.as_uri() + "/", url_fetcher=fetcher).render(font_config=faces)
    identifier = hashlib.sha256(html.encode()).hexdigest()[:32].encode()
    data = document.write_pdf(pdf_identifier=identifier)
    write_safely(data, Path(order["target"]))
    return {"pages": len(document.pages), "size": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def answer(line: str, faces: FontConfiguration) -> dict[str, Any]:
    """Do one order and tell what came of it."""
    try:
        return lay_out(json.loads(line), faces)
    # FatalURLFetchingError is a BaseException: a plain `except Exception` would let it kill the process.
    except (Exception, FatalURLFetchingError) as error:
        return {"error": f"{type(error).__name__}: {error}"}


def main() -> None:
    """Take orders from standard input until it closes."""
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    # Whatever a library prints must not end up between the answers.
    answers = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    justify.spread_between_characters()
    pitch.hold_the_pitch()
    faces = FontConfiguration()
    # Garbage collection is a third of the time of a layout; it runs between the documents instead.
    gc.freeze()
    gc.disable()
    for line in sys.stdin:
        told = answer(line, faces)
        gc.collect()
        told["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        answers.write(json.dumps(told) + "\n")
        answers.flush()


if __name__ == "__main__":
    main()
