"""Make documents (生成公文): figures checked, template filled, pages laid out in a limited process of their own."""
from __future__ import annotations

import json
import os
import selectors
import subprocess
import sys
import threading
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from markupsafe import Markup

from app.documents import ROOT, fonts, lint, schema, template
from app.documents.errors import LayoutRefused, RenderFailed

SECONDS = 60
# A process is replaced after so many documents or so much memory (KB), so that neither can creep.
DOCUMENTS = 200
MEMORY = 700 * 1024
KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FALLBACK_LIBRARY_PATH")


@dataclass(frozen=True)
class Made:
    """A document on disk."""

    path: Path
    pages: int
    size: int
    sha256: str


class Renderer:
    """One warm process that lays out a document at a time; it starts when first needed."""

    def __init__(self, work: Path, own_fonts: Path | None = None, seconds: float = SECONDS) -> None:
        self.work = work
        self.own_fonts = own_fonts
        self.seconds = seconds
        self._lock = threading.Lock()
        self._process: subprocess.Popen[str] | None = None
        self._owner = 0
        self._made = 0

    def make(self, folder: Path, figures: dict[str, Any], target: Path) -> Made:
        """Check the figures, fill the template of the folder, and write the PDF to the target if its layout is right."""
        schema.check(folder, figures)
        html, draft = template.fill(folder, figures), target.with_name(f"{target.name}.draft")
        try:
            made = self.lay_out(folder, str(html), draft)
            if wrong := lint.faults(draft, Markup(html).striptags(), self.own_fonts):
                raise LayoutRefused("；".join(map(str, wrong[:10])))
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
        return replace(made, path=target)

    def lay_out(self, folder: Path, html: str, target: Path) -> Made:
        """Write the PDF of the HTML, which may read the folder and the shared one only."""
        order = {"html": html, "folder": str(folder.resolve()), "target": str(target.resolve())}
        with self._lock:
            told = self._order(order)
        if "error" in told:
            raise RenderFailed(f"The document {folder.name} could not be laid out: {told['error']}")
        return Made(target, told["pages"], told["size"], told["sha256"])

    def close(self) -> None:
        """End the process."""
        if self._process and self._owner == os.getpid():
            self._process.kill()
            self._process.wait()
            for pipe in (self._process.stdin, self._process.stdout):
                if pipe:
                    pipe.close()
        self._process = None

    def _start(self) -> subprocess.Popen[str]:
        if not fonts.is_ready():
            raise RenderFailed("The typefaces are missing; run scripts/fonts once")
        environment = {name: os.environ[name] for name in KEPT if name in os.environ}
        environment["FONTCONFIG_FILE"] = str(fonts.configure(self.work, self.own_fonts))
        self._owner, self._made = os.getpid(), 0
        return subprocess.Popen(
            [sys.executable, "-m", "app.documents.child"], cwd=ROOT, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )

    def _order(self, order: dict[str, Any]) -> dict[str, Any]:
        # After a fork the pipes belong to the parent: the child starts a process of its own.
        if not self._process or self._owner != os.getpid() or self._process.poll() is not None:
            self._process = self._start()
        line = self._exchange(self._process, json.dumps(order) + "\n")
        told: dict[str, Any] = json.loads(line)
        self._made += 1
        if self._made >= DOCUMENTS or told["memory"] > MEMORY:
            self.close()
        return told

    def _exchange(self, process: subprocess.Popen[str], order: str) -> str:
        assert process.stdin
        assert process.stdout
        try:
            process.stdin.write(order)
            process.stdin.flush()
        except BrokenPipeError:
            self.close()
            raise RenderFailed("The layout process ended before it took the document") from None
        with selectors.DefaultSelector() as waiting:
            waiting.register(process.stdout, selectors.EVENT_READ)
            if not waiting.select(self.seconds):
                self.close()
                raise RenderFailed(f"The document took more than {self.seconds:g} seconds and was stopped")
        line = process.stdout.readline()
        if not line:
            self.close()
            raise RenderFailed("The layout process ended; the document may need more memory than it is given")
        return line
