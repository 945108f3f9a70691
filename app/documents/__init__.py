"""Documents (公文): a template and its figures become a PDF; this room knows no subject."""
from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
REPORTS = ROOT / "reports"
"""One folder for each kind of paper: template, style, schema of its figures, sample."""
