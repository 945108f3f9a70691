"""Sessions on the server (会话): opened at sign-in, looked up once in a request, ended wherever they must end.

The cookie carries a random number. Everything that decides whether it still opens the console stands in ``login_session``:
whose it is, when it was last used, when it ends at the latest, and the person's epoch at the time of the password.
"""
from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from flask import current_app, g, request, session
from flask_login import login_user
from sqlalchemy import delete, or_, select, update

from app.core.base import now
from app.database import db
from app.security.agents import family
from app.security.duties import BUSINESS_DUTY, user_duties
from app.security.models import LoginSession, UserAccount
from app.security.rights import present_stamp

TOKEN_BYTES = 32
KEY, STEP_KEY = "_user_id", "step"
"""Where the cookie holds the session's number: flask-login's place, and ours between password and code."""
STEP_LIFE = timedelta(minutes=5)
NOTED_EVERY = timedelta(minutes=1)
"""A session is written to at most this often, so that reading a page does not mean a write."""
QUIET = "X-Background"
"""Header of requests that a page sends by itself; they do not keep a session alive."""


@dataclass(frozen=True)
class Visit:
    """The session of the running request."""

    id: int
    user_id: int
    epoch: int
    stage: str
    method: str
    seen_at: datetime
    proved_at: datetime
    ends_at: datetime
    idle_minutes: int

    def is_over(self, moment: datetime) -> bool:
        """Whether it was left alone too long, or has reached its end however busy it is."""
        return moment >= self.ends_at or moment >= self.seen_at + timedelta(minutes=self.idle_minutes)


FIELDS = [getattr(LoginSession, name) for name in Visit.__dataclass_fields__]


def digest(token: str) -> str:
    """What is kept of a session's number: whoever reads the table cannot use it."""
    return hashlib.sha256(token.encode()).hexdigest()


def _look_up(token: str, stage: str) -> tuple[UserAccount, Visit] | None:
    found = db.session.execute(
        select(UserAccount, present_stamp(), *FIELDS).join(LoginSession, LoginSession.user_id == UserAccount.id)
        .where(LoginSession.token_digest == digest(token)), execution_options={"populate_existing": True}).first()
    if found is None:
        return None
    user, g.rights_stamp, visit = found[0], found[1], Visit(*found[2:])
    good = user.active and user.epoch == visit.epoch and visit.stage == stage and not visit.is_over(now())
    return (user, visit) if good else None


def person_of(token: str) -> UserAccount | None:
    """The person of a session, by one statement; the session is kept for the rest of the request."""
    found = _look_up(token, "open") if token else None
    g.visit = found[1] if found else None
    if found is None:
        return None
    _note_use(found[1])
    return found[0]


def visit() -> Visit | None:
    """The session of this request, if somebody is signed in."""
    kept: Visit | None = g.get("visit")
    return kept


def _note_use(seen: Visit) -> None:
    moment = now()
    if request.headers.get(QUIET) or moment - seen.seen_at < NOTED_EVERY:
        return
    # On a connection of its own: a page that only reads never commits, and one that fails rolls back.
    with db.engine.begin() as connection:
        connection.execute(update(LoginSession).where(
            LoginSession.id == seen.id, LoginSession.seen_at < moment - NOTED_EVERY).values(seen_at=moment))


def _idle_minutes(user: UserAccount) -> int:
    """How long a session may rest; administrators' and auditors' rest for half as long."""
    config = current_app.config
    special = user_duties(db.session).get(user.id, set()) - {BUSINESS_DUTY}
    return int(config["ADMIN_IDLE_MINUTES"] if special else config["IDLE_MINUTES"])


def _add(user: UserAccount, method: str, stage: str, life: timedelta) -> str:
    token, moment = secrets.token_urlsafe(TOKEN_BYTES), now()
    db.session.add(LoginSession(
        token_digest=digest(token), user_id=user.id, epoch=user.epoch, stage=stage, method=method, created_at=moment, seen_at=moment,
        proved_at=moment, ends_at=moment + life, idle_minutes=_idle_minutes(user), address=(request.remote_addr or "")[:64],
        agent=family(request.user_agent.string)))
    db.session.flush()
    return token


def _start_clean() -> None:
    """Drop what the browser brought and the session it came with, but for the language."""
    language = session.get("locale")
    forget_this()
    session.clear()
    if language:
        session["locale"] = language


def forget_this() -> None:
    """End the sessions whose numbers this browser holds."""
    held = [digest(session[key]) for key in (KEY, STEP_KEY) if isinstance(session.get(key), str)]
    if held:
        db.session.execute(delete(LoginSession).where(LoginSession.token_digest.in_(held)))


def open_session(user: UserAccount, method: str = "password") -> None:
    """Begin a session with a number of its own; the caller commits."""
    _start_clean()
    session[KEY] = _add(user, method, "open", timedelta(hours=current_app.config["SESSION_HOURS"]))
    _make_room(user)
    sign_in_here(user)


def sign_in_here(user: UserAccount) -> None:
    """Let the rest of this request know who signed in, without anything more in the cookie."""
    token = session[KEY]
    login_user(user)
    session[KEY] = token
    if user.language:
        session["locale"] = user.language
    for key in ("_id", "_fresh"):
        session.pop(key, None)
    found = _look_up(token, "open")
    g.visit = found[1] if found else None


def reopen(user: UserAccount) -> None:
    """After a change that ended all sessions of this person: a new one for the browser in which it was made."""
    method = g.visit.method if g.get("visit") else "password"
    db.session.flush()
    db.session.refresh(user)
    open_session(user, method)


def open_step(user: UserAccount) -> None:
    """Remember on the server that the password was right, for the second step alone."""
    _start_clean()
    session[STEP_KEY] = _add(user, "password", "code", STEP_LIFE)


def person_at_step() -> UserAccount | None:
    """Whose password was just proved in this browser, while the second step is still open."""
    token = session.get(STEP_KEY)
    found = _look_up(token, "code") if isinstance(token, str) else None
    return found[0] if found else None


def _make_room(user: UserAccount) -> None:
    """End what has run out, and the longest unused sessions beyond the number a person may have."""
    mine = select(LoginSession.id).where(LoginSession.user_id == user.id, LoginSession.stage == "open")
    kept = mine.order_by(LoginSession.seen_at.desc(), LoginSession.id.desc()).limit(current_app.config["SESSIONS_PER_PERSON"])
    db.session.execute(delete(LoginSession).where(LoginSession.user_id == user.id, LoginSession.stage == "open", or_(
        LoginSession.ends_at < now(), LoginSession.id.not_in(kept))))


def sessions_of(user_id: int) -> list[Any]:
    """The open sessions of a person that still work, the latest used first."""
    moment = now()
    found = db.session.scalars(select(LoginSession).where(
        LoginSession.user_id == user_id, LoginSession.stage == "open", LoginSession.ends_at > moment).order_by(LoginSession.seen_at.desc()))
    return [each for each in found if moment < each.seen_at + timedelta(minutes=each.idle_minutes)]


def end_session(user_id: int, session_id: int) -> bool:
    """End one session of that person; False when there is none such."""
    done = db.session.execute(delete(LoginSession).where(LoginSession.user_id == user_id, LoginSession.id == session_id))
    return bool(done.rowcount)


def end_others(user_id: int, but: int | None = None) -> int:
    """End the sessions of that person, all but one; answer how many there were."""
    query = delete(LoginSession).where(LoginSession.user_id == user_id)
    done = db.session.execute(query if but is None else query.where(LoginSession.id != but))
    return int(done.rowcount)


def sweep() -> int:
    """Drop the rows of sessions that have ended by themselves."""
    return int(db.session.execute(delete(LoginSession).where(LoginSession.ends_at < now())).rowcount)
