"""The queue's worker side: procrastinate over the console's own database."""
from __future__ import annotations

import logging
import time
from typing import Any

from flask import Flask
from procrastinate import App, JobContext, PsycopgConnector, RetryStrategy
from procrastinate.exceptions import ConnectorException
from psycopg import OperationalError as ConnectionLost
from psycopg_pool import PoolTimeout
from sqlalchemy.engine import make_url
from sqlalchemy.exc import OperationalError

from app.database import db
from app.jobs.assignment_work import execute as execute_assignment
from app.jobs.assignment_work import rescue_assignments
from app.jobs.deferral import ASSIGNMENT, ERRAND, QUEUE, TASK
from app.jobs.work import ATTEMPTS, TRANSIENT, do_errand, execute, rescue

AGAIN_AFTER = 3
"""Seconds between two attempts to reach a database that is away."""
log = logging.getLogger(__name__)


def connection_arguments(app: Flask) -> dict[str, Any]:
    """What psycopg needs to log in as the app's role; as arguments, so that no folder name needs escaping."""
    url = make_url(app.config["SQLALCHEMY_DATABASE_URI"])
    _args, arguments = url.get_dialect()().create_connect_args(url)
    arguments.pop("context", None)
    return arguments


def make_queue(app: Flask) -> App:
    """The queue with its three tasks, which work inside the given application."""
    connector = PsycopgConnector(kwargs=connection_arguments(app), min_size=1, max_size=3, timeout=10)
    queue = App(connector=connector)
    policy = RetryStrategy(max_attempts=ATTEMPTS - 1, wait=20, retry_exceptions=TRANSIENT)

    @queue.task(name=TASK, queue=QUEUE, pass_context=True, retry=policy)
    def run_period(context: JobContext, run_id: int) -> None:
        with app.app_context():
            execute(db.session, run_id, attempt=context.job.attempts + 1)

    @queue.task(name=ERRAND, queue=QUEUE)
    def run_errand(name: str) -> None:
        with app.app_context():
            do_errand(db.session, name)

    @queue.task(name=ASSIGNMENT, queue=QUEUE, pass_context=True, retry=policy)
    def run_assignment(context: JobContext, assignment_id: int, user_id: int) -> None:
        execute_assignment(app, assignment_id, user_id, attempt=context.job.attempts + 1)

    return queue


def _work(app: Flask, *, wait: bool) -> None:
    with app.app_context():
        rescue(db.session)
        rescue_assignments(db.session)
        db.session.commit()
    # Done jobs leave the queue at once: the run log remembers them.
    make_queue(app).run_worker(queues=[QUEUE], concurrency=1, wait=wait, delete_jobs="successful")


def run_worker(app: Flask, *, wait: bool = True) -> None:
    """Work until told to stop; SIGTERM lets the running job end first. A lost database is waited for."""
    while True:
        try:
            return _work(app, wait=wait)
        except (ConnectorException, ConnectionLost, OperationalError, PoolTimeout) as error:
            if not wait:
                raise
            log.error("The worker lost its database (%s); it tries again in %s s.", type(error).__name__, AGAIN_AFTER)
            time.sleep(AGAIN_AFTER)
