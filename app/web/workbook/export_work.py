"""Making an export and writing it down (导出留痕), in the page or in the queue alike."""
from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from flask_babel import gettext as _

from app.audit import record
from app.core.progress import Tell, silent
from app.core.register import Register
from app.jobs.assignments import Assignment
from app.web.workbook import files
from app.web.workbook.allowed import register_for
from app.web.workbook.cover import make_cover
from app.web.workbook.export import how_many, make_export

MOST = 1_000_000


def noted_export(register: Register, args: Mapping[str, str], kind: str, path: Path, reason: str, tell: Tell = silent) -> int:
    """Write the file and the entry of the trail; how many rows there are. The caller commits."""
    cover = make_cover(register, args, reason)
    rows = make_export(register, args, kind, path, cover, tell)
    record("export", register.table.name, None, None, f"{kind}, {rows}: {reason or cover.asked[:200]}")
    return rows


def run_export(assignment: Assignment, tell: Tell) -> str:
    """A large export, as its person; the file waits under the assignment."""
    register, given = register_for(assignment.register, "export"), assignment.given
    total = how_many(register, given["args"], MOST)
    path = files.fresh(given["kind"])
    try:
        rows = noted_export(register, given["args"], given["kind"], path, given["reason"], lambda done, _all: tell(min(done, total), total))
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    assignment.came, assignment.next_url = {"file": path.name}, f"/export/file/{assignment.id}"
    return _("%(rows)s rows are ready to be downloaded.", rows=rows)


assignments = {"export": run_export}
