"""How the console itself fares (运行状况): clock, worker, queue, database, backup, disk and time, each with words and the way on.

Nothing here says anything about a business row: only counts of runs, sizes and ages.
"""
from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from flask import current_app
from flask_babel import gettext as _
from sqlalchemy import BigInteger, Date, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.core.base import Base, now
from app.database import db
from app.database.dump import last_backup
from app.jobs.deferral import LEADER_LOCK, QUEUE, SILENCE

BACKUP_DAYS = (2, 7)
"""Ages of a backup, in days, from which it is amber and red."""
QUEUE_MINUTES = (5, 60)
"""Minutes that a run may wait."""
DISK_SHARE = (0.15, 0.05)
"""Shares of the disk that should be left."""
DRIFT_SECONDS = (2, 60)
"""Seconds by which the database's time may differ from the console's."""
GROWTH_DAYS = 30


class SizeSample(Base):
    """The size of the database on one day, so that its growth can be told."""

    __tablename__ = "size_sample"

    day: Mapped[date] = mapped_column(Date, primary_key=True)
    bytes: Mapped[int] = mapped_column(BigInteger)


@dataclass(frozen=True)
class Sign:
    """One thing to know: how it stands, what to do if it does not stand well, and where to look."""

    name: str
    label: str
    words: str
    tone: str
    url: str
    advice: str = ""

    @property
    def verdict(self) -> str:
        """The tone in words."""
        return {"green": _("In order"), "amber": _("Look at it"), "red": _("Act now")}.get(self.tone, _("Not known"))


_FACTS = text("""
    SELECT now() AS at,
      EXISTS (SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND classid = 0 AND objid = CAST(:lock AS oid) AND granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS clock,
      (SELECT max(last_heartbeat) FROM procrastinate_workers) AS beat,
      (SELECT count(*) FROM procrastinate_jobs WHERE queue_name = :queue AND status = 'todo') AS waiting,
      (SELECT min(queued_at) FROM job_run WHERE status = 'queued') AS since,
      (SELECT count(*) FROM job_run WHERE status = 'failed') AS failed,
      (SELECT count(*) FROM job_run WHERE status = 'failed' AND queued_at > now() - interval '7 days') AS lately,
      pg_database_size(current_database()) AS bytes,
      (SELECT bytes FROM size_sample WHERE day >= current_date - :days ORDER BY day LIMIT 1) AS earlier,
      (SELECT min(day) FROM size_sample WHERE day >= current_date - :days) AS earlier_day
""")
_SAMPLE = text("""
    INSERT INTO size_sample (day, bytes) SELECT current_date, pg_database_size(current_database())
    WHERE NOT EXISTS (SELECT 1 FROM size_sample WHERE day = current_date) ON CONFLICT DO NOTHING
""")


def sample(session: Session) -> None:
    """Note today's size once; the caller commits."""
    session.execute(_SAMPLE)


def samples(session: Session, most: int = GROWTH_DAYS) -> list[SizeSample]:
    """The latest sizes, newest first."""
    return list(session.scalars(select(SizeSample).order_by(SizeSample.day.desc()).limit(most)))


def size_words(size: float) -> str:
    """Bytes as people say them."""
    for unit in ("B", "KB", "MB", "GB"):
        if abs(size) < 1024:
            return f"{size:.0f} {unit}" if unit in ("B", "KB") else f"{size:.1f} {unit}"
        size /= 1024
    return f"{size:.1f} TB"


def age_words(age: timedelta) -> str:
    """A time gone by, in its largest unit."""
    minutes = max(0, int(age.total_seconds() // 60))
    if minutes < 60:
        return _("%(count)s minutes ago", count=minutes) if minutes else _("just now")
    return _("%(count)s hours ago", count=minutes // 60) if minutes < 48 * 60 else _("%(count)s days ago", count=minutes // 1440)


def _tone(value: float, amber: float, red: float) -> str:
    return "red" if value >= red else "amber" if value >= amber else "green"


def signs() -> list[Sign]:
    """Everything there is to know, read by one statement and one look at the disk."""
    facts = db.session.execute(_FACTS, {"lock": LEADER_LOCK, "queue": QUEUE, "days": GROWTH_DAYS}).mappings().one()
    data = Path(current_app.config["DATA_DIR"])
    return [_clock(facts), _worker(facts), _queue(facts), _failed(facts), _database(facts), _backup(data), _disk(data), _time(facts)]


def _clock(facts: Any) -> Sign:
    words = _("running: it starts what is due") if facts["clock"] else _("not running: nothing is started by itself")
    return Sign("clock", _("Clock"), words, "green" if facts["clock"] else "red", "/schedules/",
                _("Restart the console; its start brings the clock up. See “Start” in the operations guide."))


def _worker(facts: Any) -> Sign:
    beat: datetime | None = facts["beat"]
    alive = beat is not None and facts["at"] - beat < timedelta(seconds=SILENCE)
    words = _("running") if alive else _("last seen %(ago)s", ago=age_words(facts["at"] - beat)) if beat else _("not running")
    return Sign("worker", _("Worker"), words, "green" if alive else "red", "/runs/?status=running",
                _("Restart the console; runs that were cut off are queued again by themselves."))


def _queue(facts: Any) -> Sign:
    minutes = (facts["at"] - facts["since"]).total_seconds() / 60 if facts["since"] and facts["waiting"] else 0
    words = _("%(count)s runs waiting", count=facts["waiting"])
    words += _(", the longest since %(ago)s", ago=age_words(facts["at"] - facts["since"])) if minutes else ""
    return Sign("queue", _("Queue"), words, _tone(minutes, *QUEUE_MINUTES), "/runs/?status=queued",
                _("A long queue means that the worker stands still or one run takes long; look at the run that is being worked on."))


def _failed(facts: Any) -> Sign:
    words = _("%(lately)s in the last 7 days, %(count)s in all", lately=facts["lately"], count=facts["failed"])
    return Sign("failed", _("Failed runs"), words, "amber" if facts["lately"] else "green", "/runs/?status=failed",
                _("Read what came of each, mend the cause, and start it again from there."))


def _database(facts: Any) -> Sign:
    words = size_words(facts["bytes"])
    if facts["earlier"] is not None:
        grown = facts["bytes"] - facts["earlier"]
        words += _(", %(sign)s%(size)s since %(day)s", sign="+" if grown >= 0 else "−", size=size_words(abs(grown)), day=facts["earlier_day"])
    return Sign("database", _("Database"), words, "green", "/running/#sizes")


def _backup(data: Path) -> Sign:
    advice = _("Run scripts/backup FOLDER every night, onto another disk, and try a restore every few months.")
    made = last_backup(data)
    if made is None:
        return Sign("backup", _("Last backup"), _("none was made from this data folder yet"), "red", "/running/#backup", advice)
    age = now() - made
    return Sign("backup", _("Last backup"), age_words(age), _tone(age / timedelta(days=1), *BACKUP_DAYS), "/running/#backup", advice)


def _disk(data: Path) -> Sign:
    usage = shutil.disk_usage(data)
    left = usage.free / usage.total
    tone = "red" if left < DISK_SHARE[1] else "amber" if left < DISK_SHARE[0] else "green"
    words = _("%(free)s of %(total)s left", free=size_words(usage.free), total=size_words(usage.total))
    return Sign("disk", _("Disk"), words, tone, "/running/#disk",
                _("Move old backups and logs elsewhere, or enlarge the disk that holds the data folder."))


def _time(facts: Any) -> Sign:
    drift = abs((facts["at"] - now()).total_seconds())
    words = _("database and console agree") if drift < DRIFT_SECONDS[0] else _("%(count)s seconds apart", count=round(drift))
    return Sign("time", _("Time"), words, _tone(drift, *DRIFT_SECONDS), "/running/#time",
                _("Set both machines by the same time server; codes of the second factor and time limits depend on it."))
