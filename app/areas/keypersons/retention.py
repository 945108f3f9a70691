"""The end of a service file (到期处理): help ends by law, the file is stored away, and is destroyed when its time is over."""
from __future__ import annotations

from datetime import date

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import func, select

from app.areas.divisions.calendar import today
from app.areas.keypersons.deletions import certificate
from app.areas.keypersons.files import FileState, KeyPersonFile
from app.areas.keypersons.visits import KeyPersonVisit
from app.core.task import Task, Usual
from app.database import db
from app.database.scope import current_scope, noted

QUIET = 30
"""Days between the end of the help and the storing away, in which a mistake can still be mended."""


def end_due(day: date) -> int:
    """Close the open files whose last day has passed."""
    due = db.session.scalars(select(KeyPersonFile).where(KeyPersonFile.state == FileState.open, KeyPersonFile.ends_on < day))
    return _moved(due, FileState.closed, gettext("The help ended on its last day."))


def store_due(day: date) -> int:
    """Store away the closed files that nobody reopened."""
    due = db.session.scalars(select(KeyPersonFile).where(
        KeyPersonFile.state == FileState.closed, KeyPersonFile.ends_on < date.fromordinal(day.toordinal() - QUIET)))
    return _moved(due, FileState.stored, gettext("Stored away %(days)s days after the help ended.", days=QUIET))


def _moved(files: object, state: FileState, why: str) -> int:
    count = 0
    with noted(why):
        for file in list(files):  # type: ignore[call-overload]
            if state is FileState.closed:
                file.closed_on = file.ends_on
            file.state, count = state, count + 1
        db.session.flush()
    return count


def destroy_due(day: date) -> int:
    """Destroy the files whose keeping time is over, with their visits, and certify each."""
    due = list(db.session.scalars(select(KeyPersonFile).where(
        KeyPersonFile.state != FileState.open, KeyPersonFile.retention_until < day)))
    with noted(gettext("Destroyed: the keeping time is over.")):
        for file in due:
            visits = db.session.scalar(select(func.count()).where(KeyPersonVisit.file_id == file.id)) or 0
            db.session.add(certificate(file, visits, day, current_scope().actor or "clock"))
            db.session.delete(file)
        db.session.flush()
    return len(due)


def run(period: str) -> str | None:
    """Do all three for today, whatever day's run it is: what is over stays over."""
    ended, stored, destroyed = end_due(today()), store_due(today()), destroy_due(today())
    if not (ended or stored or destroyed):
        return None
    return gettext("Files: %(ended)s ended, %(stored)s stored away, %(destroyed)s destroyed.", ended=ended, stored=stored, destroyed=destroyed)


tasks = {
    "key_person_retention": Task("key_person_retention", _("Service files: end, store away, destroy"), run,
                                 Usual("重点人群服务档案到期处理", "daily", 2)),
}
