"""Doing an assignment: its rows and its "done" are committed together, or neither is, under the rights its person has at that moment."""
from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from flask import Flask, g
from flask_babel import force_locale
from flask_babel import gettext as _
from sqlalchemy import select, update
from sqlalchemy.orm import Session
from werkzeug.exceptions import HTTPException

from app.core.base import now
from app.core.progress import Tell
from app.core.task import TaskRefused
from app.database import db
from app.database.scope import Scope, acting
from app.jobs.assignments import Assignment, deeds
from app.jobs.deferral import SILENCE, give_up, lost_assignments, retry
from app.jobs.runs import Status
from app.jobs.work import ATTEMPTS, TRANSIENT
from app.security.models import UserAccount
from app.security.scope_of import scope_for

log = logging.getLogger(__name__)


def _locked(assignment_id: int) -> Assignment | None:
    return db.session.get(Assignment, assignment_id, with_for_update=True, populate_existing=True)


def _start(assignment_id: int) -> Assignment | None:
    """Mark the assignment as running; None if there is nothing left to do for it."""
    assignment = _locked(assignment_id)
    if assignment is None or not assignment.is_open:
        db.session.rollback()
        return None
    assignment.status, assignment.started_at, assignment.finished_at, assignment.done = Status.running, now(), None, 0
    db.session.commit()
    return assignment


def _finish(assignment_id: int, started_at: datetime | None, status: Status, message: str) -> None:
    """Write the end down and commit, unless another worker has taken the assignment over meanwhile."""
    db.session.flush()
    mine = select(Assignment.id).where(Assignment.id == assignment_id, Assignment.status == Status.running, Assignment.started_at == started_at)
    if db.session.scalar(mine.with_for_update()) is None:
        db.session.rollback()
        log.warning("Assignment %s was taken over by another worker; this one's work is dropped.", assignment_id)
        return
    db.session.execute(update(Assignment).where(Assignment.id == assignment_id).values(
        status=status, finished_at=now(), message=message[:2000], done=Assignment.total))
    db.session.commit()


def _teller(assignment_id: int) -> Tell:
    """Says how far it is in a transaction of its own, once a second at most."""
    said = [0.0]

    def tell(done: int, total: int) -> None:
        if time.monotonic() - said[0] < 1:
            return
        said[0] = time.monotonic()
        with Session(db.engine) as aside:
            aside.execute(update(Assignment).where(Assignment.id == assignment_id).values(done=done, total=total))
            aside.commit()

    return tell


@contextmanager
def _as_person(user_id: int) -> Iterator[None]:
    """Act as the person would by hand now: the same account, rights and divisions; TaskRefused when the account is closed."""
    person = db.session.get(UserAccount, user_id)
    if person is None or not person.active:
        raise TaskRefused(_("The account is closed."))
    scope = scope_for(person)
    db.session.expunge(person)
    g._login_user = person
    with acting(scope):
        yield


def _told(error: Exception) -> str:
    """The words for people: a refusal's own, else where to look; never a traceback."""
    if isinstance(error, HTTPException):
        return _("You may not do this any more, or what it needs is gone.")
    ours = isinstance(error, ValueError) and type(error).__module__.startswith("app.")
    fault = _("The work stopped with an error; nothing was written. Start it again, or tell your administrator.")
    return str(error) if ours and str(error) else fault


def execute(app: Flask, assignment_id: int, user_id: int, attempt: int = 1) -> None:
    """Do the assignment; a transient error is raised for the queue to try again, any other is written down."""
    with app.test_request_context(), acting(Scope(user_id=user_id)):
        assignment = _start(assignment_id)
        if assignment is None:
            return
        started_at, kind = assignment.started_at, assignment.kind
        with force_locale(assignment.language):
            try:
                with _as_person(user_id):
                    message = deeds()[kind](assignment, _teller(assignment_id))
                    _finish(assignment_id, started_at, Status.done, message)
            except Exception as error:
                db.session.rollback()
                if isinstance(error, TRANSIENT) and attempt < ATTEMPTS:
                    raise
                if not isinstance(error, ValueError | HTTPException):
                    log.exception("Assignment %s (%s) failed", assignment_id, kind)
                _finish(assignment_id, started_at, Status.failed, _told(error))


def rescue_assignments(session: Session, silence: float = SILENCE) -> int:
    """Put assignments of dead workers back into the queue; one that killed its worker each time is given up."""
    lost = lost_assignments(session, silence)
    for job_id, assignment_id, user_id, attempts in lost:
        again = attempts + 1 < ATTEMPTS
        (retry if again else give_up)(session, job_id)
        words = {"status": Status.queued} if again else {"status": Status.failed, "finished_at": now(), "message": _(
            "The worker stopped in the middle each time it tried; nothing was written. Tell your administrator.")}
        with acting(Scope(user_id=user_id)):
            session.execute(update(Assignment).where(Assignment.id == assignment_id, Assignment.status == Status.running).values(**words))
    session.flush()
    return len(lost)
