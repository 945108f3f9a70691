"""Doing one run: the task's rows and the run log's "done" are committed together, or neither is."""
from __future__ import annotations

import logging
from datetime import datetime

from flask_babel import gettext as _
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

from app.core.base import now
from app.core.task import TaskRefused
from app.database.scope import acting, everywhere
from app.jobs.deferral import SILENCE, give_up, lost_jobs, retry
from app.jobs.runs import JobRun, Status
from app.jobs.tasks import errands, tasks

TRANSIENT = (OperationalError, InterfaceError)
"""The database went away or refused for the moment: worth another try."""
ATTEMPTS = 3
log = logging.getLogger(__name__)


def _locked(session: Session, run_id: int) -> JobRun | None:
    return session.get(JobRun, run_id, with_for_update={"of": JobRun}, populate_existing=True)


def _start(session: Session, run_id: int) -> JobRun | None:
    """Mark the run as running; None if there is nothing left to do for it."""
    run = _locked(session, run_id)
    if run is None or run.status in (Status.done, Status.nothing, Status.failed):
        session.rollback()
        return None
    run.status, run.started_at, run.finished_at = Status.running, now(), None
    session.commit()
    return run


def _finish(session: Session, run_id: int, started_at: datetime, status: Status, message: str, *, error: str = "") -> None:
    """Write the end down and commit, unless another worker has taken the run over meanwhile."""
    run = _locked(session, run_id)
    if run is None or run.status is not Status.running or run.started_at != started_at:
        session.rollback()
        log.warning("Run %s was taken over by another worker; this one's work is dropped.", run_id)
        return
    run.status, run.finished_at, run.message, run.error = status, now(), message, error[:300] or None
    run.seconds = round((run.finished_at - started_at).total_seconds(), 1)
    session.commit()


def _do(session: Session, run_id: int, task: str, period: str, started_at: datetime) -> None:
    found = tasks().get(task)
    if found is None:
        raise TaskRefused(_("The task %(task)s does not exist; choose another in the schedule.", task=task))
    message = found.run(period)
    session.flush()
    if message is None:
        _finish(session, run_id, started_at, Status.nothing, _("There was nothing to do."))
    else:
        _finish(session, run_id, started_at, Status.done, str(message))


def _told(error: Exception) -> str:
    """The words for people: a refusal's own, else where to look; never a traceback."""
    ours = isinstance(error, ValueError) and type(error).__module__.startswith("app.")
    if ours and str(error):
        return str(error)
    return _("The task stopped with an error. The worker's log says where; start the run again after it is mended.")


def execute(session: Session, run_id: int, attempt: int = 1) -> None:
    """Do the run; a transient error is raised for the queue to try again, any other is written down."""
    run = _start(session, run_id)
    if run is None:
        return
    task, period, who, started_at = run.task, run.period, run.who, run.started_at
    with acting(everywhere(who)):
        try:
            _do(session, run_id, task, period, started_at)
        except Exception as error:
            session.rollback()
            log.exception("Run %s (%s %s) failed", run_id, task, period)
            if isinstance(error, TRANSIENT) and attempt < ATTEMPTS:
                raise
            _finish(session, run_id, started_at, Status.failed, _told(error), error=type(error).__name__)


def do_errand(session: Session, name: str) -> None:
    """Do an errand; what goes wrong is logged, and the clock sends it again while there is work."""
    with acting(everywhere(name)):
        try:
            errands()[name].run()
        except Exception:
            session.rollback()
            log.exception("The errand %s failed.", name)


def rescue(session: Session, silence: float = SILENCE) -> int:
    """Put runs of dead workers back into the queue; one that killed its worker each time is given up."""
    lost = lost_jobs(session, silence)
    for job_id, run_id, attempts in lost:
        if run_id is None:
            give_up(session, job_id)  # The clock sends an errand again by itself.
            continue
        run = _locked(session, run_id)
        again = run is not None and attempts + 1 < ATTEMPTS
        (retry if again else give_up)(session, job_id)
        if run is not None and run.status is Status.running:
            run.status = Status.queued if again else Status.failed
            run.message = _("The worker stopped in the middle; the run was queued again.") if again else _(
                "The worker stopped in the middle each time it tried. Look into its log, then start the run again.")
    session.flush()
    return len(lost)
