"""Putting a run into the queue, and taking lost ones back, inside the caller's own transaction."""
from __future__ import annotations

import json

from procrastinate.schema import SchemaManager
from sqlalchemy import text
from sqlalchemy.orm import Session

QUEUE = "pingan"
TASK, ERRAND, ASSIGNMENT = "run_period", "run_errand", "run_assignment"
SILENCE = 30
"""Seconds without a heartbeat after which a worker counts as dead; workers report every 10."""

LEADER_LOCK = 371_625_002
"""The advisory lock that the leading clock holds."""

_DEFER = text("""
    SELECT unnest(procrastinate_defer_jobs_v1(ARRAY[ROW(
        :queue, :task, 0, :lock, :queueing_lock, CAST(:args AS jsonb), NULL::timestamptz
    )]::procrastinate_job_to_defer_v1[]))
""")
_WAITING = text("SELECT 1 FROM procrastinate_jobs WHERE queueing_lock = :queueing_lock AND status = 'todo'")
_LOST = text("""
    SELECT job.id, job.args, job.attempts
      FROM procrastinate_jobs job LEFT JOIN procrastinate_workers worker ON worker.id = job.worker_id
     WHERE job.status = 'doing' AND job.queue_name = :queue AND job.task_name = ANY(:tasks)
       AND (worker.id IS NULL OR worker.last_heartbeat < now() - make_interval(secs => :silence))
       FOR UPDATE OF job SKIP LOCKED
""")


def queue_schema_sql() -> str:
    """The queue's own tables and functions, for the migration that creates them (through ``text``, as it has percent signs)."""
    return SchemaManager.get_schema()


def defer(session: Session, run_id: int, schedule_id: int) -> int | None:
    """Queue the run; None if it waits there already. It becomes visible with the caller's commit, or never."""
    values = {"queueing_lock": f"run:{run_id}"}
    if session.scalar(_WAITING, values):
        return None
    # The lock keeps the periods of one schedule in their order, on however many workers.
    values |= {"queue": QUEUE, "task": TASK, "lock": f"schedule:{schedule_id}", "args": json.dumps({"run_id": run_id})}
    return session.scalar(_DEFER, values)


def defer_errand(session: Session, name: str) -> None:
    """Queue an errand, unless it waits there already; only the clock does so, which is alone."""
    values = {"queueing_lock": f"errand:{name}"}
    if not session.scalar(_WAITING, values):
        session.execute(_DEFER, values | {"queue": QUEUE, "task": ERRAND, "lock": None, "args": json.dumps({"name": name})})


def lost_jobs(session: Session, silence: float = SILENCE) -> list[tuple[int, int | None, int]]:
    """Jobs whose worker died: job, run (none for an errand) and attempts, locked until the caller commits."""
    found = session.execute(_LOST, {"queue": QUEUE, "tasks": [TASK, ERRAND], "silence": silence})
    return [(job_id, args.get("run_id"), attempts) for job_id, args, attempts in found]


def defer_assignment(session: Session, assignment_id: int, user_id: int) -> None:
    """Queue a person's assignment; it becomes visible with the caller's commit, or never. One person's assignments keep their order."""
    session.execute(_DEFER, {"queue": QUEUE, "task": ASSIGNMENT, "lock": f"assignments:{user_id}", "queueing_lock": f"assignment:{assignment_id}",
                             "args": json.dumps({"assignment_id": assignment_id, "user_id": user_id})})


def lost_assignments(session: Session, silence: float = SILENCE) -> list[tuple[int, int, int, int]]:
    """Assignments whose worker died: job, assignment, person and attempts, locked until the caller commits."""
    found = session.execute(_LOST, {"queue": QUEUE, "tasks": [ASSIGNMENT], "silence": silence})
    return [(job_id, args["assignment_id"], args["user_id"], attempts) for job_id, args, attempts in found]


def retry(session: Session, job_id: int) -> None:
    """Let a lost job be fetched again."""
    session.execute(text("SELECT procrastinate_retry_job_v2(:id, now(), NULL, NULL, NULL)"), {"id": job_id})


def give_up(session: Session, job_id: int) -> None:
    """End a lost job for good."""
    session.execute(text("SELECT procrastinate_finish_job_v1(:id, 'failed', false)"), {"id": job_id})
