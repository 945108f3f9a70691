"""Large files in the queue (大文件后台处理): the dry run and the writing of an upload, done by the worker as its person."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext as _

from app.core.progress import Tell
from app.core.register import Register
from app.core.task import TaskRefused
from app.jobs.assignments import Assignment
from app.web.workbook import batches, uploads
from app.web.workbook.allowed import register_for
from app.web.workbook.check import Checked, Problem, check
from app.web.workbook.mark import make_marked
from app.web.workbook.read import Sheet, Unmapped, Unreadable, read
from app.web.workbook.write import write

SHOWN = 200


def _opened(assignment: Assignment) -> tuple[Register, str, bytes, Sheet]:
    register = register_for(assignment.register, "import")
    file, content = uploads.kept(register, assignment.given["token"])
    try:
        sheet = read(register, file, content, batches.known_words(register, assignment.user_id))
    except (Unreadable, Unmapped) as error:
        raise TaskRefused(_("The file cannot be read any more; upload it again.")) from error
    return register, file, content, sheet


def summary(checked: Checked, unknown: tuple[str, ...]) -> dict[str, Any]:
    """The outcome of a dry run as it is kept: figures, and the first problems as people read them."""
    def told(problem: Problem) -> list[Any]:
        return [problem.row, problem.place, str(problem.label), problem.written[:200], problem.advice, problem.name]

    return {"rows": checked.rows, "ready": len(checked.ready), "bad_rows": checked.bad_rows, "unknown": list(unknown),
            "problems": len(checked.problems), "first": [told(each) for each in checked.problems[:SHOWN]],
            "left_out": len(checked.left_out), "first_left_out": [told(each) for each in checked.left_out[:10]]}


def run_check(assignment: Assignment, tell: Tell) -> str:
    """The dry run; nothing is written but what came of it and the marked copy."""
    register, _file, _content, sheet = _opened(assignment)
    checked = check(register, sheet, tell)
    assignment.came = summary(checked, sheet.unknown)
    assignment.next_url = f"/import/{register.name}/{assignment.given['token']}/checked/{assignment.id}"
    if checked.problems:
        uploads.keep_marked(assignment.given["token"], make_marked(register, sheet, checked))
        return _("%(bad)s of %(rows)s rows have errors.", bad=checked.bad_rows, rows=checked.rows)
    return _("%(rows)s rows checked, no errors.", rows=checked.rows)


def run_import(assignment: Assignment, tell: Tell) -> str:
    """The writing: all good rows in the one transaction that also says the assignment is done."""
    register, file, content, sheet = _opened(assignment)
    total = len(sheet.lines)
    # Checking and writing are two passes of about the same length, told as one.
    checked = check(register, sheet, lambda done, _rows: tell(done // 2, total))
    if not checked.ready or (checked.problems and not assignment.given["good_only"]):
        raise TaskRefused(_("Some rows do not pass any more; check the file again. Nothing was written."))
    outcome = write(register, checked, file, content, lambda done, rows: tell(total // 2 + done * total // (2 * max(rows, 1)), total))
    if isinstance(outcome, Problem):
        raise TaskRefused(_("Row %(row)s: %(advice)s", row=outcome.row, advice=outcome.advice))
    # The address is plain: it is opened in a browser, not from the worker.
    assignment.next_url = f"/{register.name}/list/"
    left = _(" %(count)s rows were left out.", count=outcome.left_out) if outcome.left_out else ""
    return _("Imported: %(added)s new, %(changed)s updated.", added=outcome.added, changed=outcome.changed) + left


assignments = {"check": run_check, "import": run_import}
