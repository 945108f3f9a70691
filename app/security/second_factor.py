"""The second factor (双因素): six figures from a person's phone, each taken once, and ten codes for the day the phone is lost.

Codes follow RFC 6238. The secret is sealed like personal data; recovery codes are kept as digests of 80 random bits.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from datetime import datetime, timedelta
from typing import Any

import segno
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.hazmat.primitives.twofactor.totp import TOTP
from flask import current_app
from markupsafe import Markup
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from app.core.base import now
from app.core.sealed import sealer
from app.security import passwords
from app.security.duties import BUSINESS_DUTY, duties_of
from app.security.models import RecoveryCode, SecondFactor, UserAccount

FIGURES, SECONDS, SECRET_BYTES = 6, 30, 20
DRIFT = 1
"""Steps by which a phone's clock may be wrong, on either side."""
RECOVERY_CODES = 10
GRACE = timedelta(days=7)
CELL = ("second_factor", "secret")


def _totp(secret: bytes) -> TOTP:
    # Every authenticator knows SHA-1 here, many know nothing else; what breaks SHA-1 elsewhere does not touch HMAC.
    return TOTP(secret, FIGURES, SHA1(), SECONDS)  # noqa: S303


def step_of(moment: datetime) -> int:
    """The number of the half-minute."""
    return int(moment.timestamp()) // SECONDS


def code_at(secret: bytes, step: int) -> str:
    """The six figures of a step."""
    return _totp(secret).generate(step * SECONDS).decode()


def plain(text: str) -> str:
    """A code as it was meant: half-width, without the spaces and hyphens people put in."""
    return "".join(c for c in unicodedata.normalize("NFKC", text).lower() if c.isalnum())


def mode() -> str:
    """off, offered or required."""
    return str(current_app.config["SECOND_FACTOR"])


def found(session: Session, user_id: int) -> SecondFactor | None:
    """The person's second factor, confirmed or only begun."""
    return session.get(SecondFactor, user_id, populate_existing=True)


def is_on(session: Session, user_id: int) -> bool:
    """Whether the person signs in with a second factor."""
    kept = session.scalar(select(SecondFactor.confirmed_at).where(SecondFactor.user_id == user_id))
    return kept is not None and mode() != "off"


def is_needed(user: UserAccount) -> bool:
    """Whether somebody with these rights must have one: administrators, auditors and whoever opens sealed data."""
    pairs = current_app.appbuilder.sm.pairs(user.id)  # type: ignore[attr-defined]
    return bool(duties_of(pairs) - {BUSINESS_DUTY}) or any(verb == "can_reveal" for verb, _subject in pairs)


def set_due(session: Session, user: UserAccount) -> bool:
    """Write down until when the person may do without, or that nothing is asked; whether something is."""
    wanted = mode() == "required" and not is_on(session, user.id) and is_needed(user)
    user.factor_due_at = (user.factor_due_at or now() + GRACE) if wanted else None
    return wanted


def is_overdue(user: UserAccount) -> bool:
    """Whether the time without a second factor is over."""
    return mode() == "required" and user.factor_due_at is not None and user.factor_due_at <= now()


def begin(session: Session, user: UserAccount) -> SecondFactor:
    """A new secret that counts once a first code has proved it; a confirmed one is never touched."""
    kept = found(session, user.id)
    if kept is not None and kept.confirmed_at is not None:
        return kept
    secret = base64.b32encode(secrets.token_bytes(SECRET_BYTES)).decode()
    kept = kept or SecondFactor(user_id=user.id, created_at=now())
    kept.secret, kept.last_step = sealer().seal(secret, *CELL, str(user.id), "hidden"), 0
    session.add(kept)
    session.flush()
    return kept


def secret_text(factor: SecondFactor) -> str:
    """The secret as it is typed into a phone."""
    return sealer().open(factor.secret, *CELL, str(factor.user_id))


def secret_of(factor: SecondFactor) -> bytes:
    """The secret itself."""
    return base64.b32decode(secret_text(factor))


def picture(factor: SecondFactor, user: UserAccount, title: str) -> Markup:
    """The secret as a QR code, drawn as lines in the page itself."""
    address = _totp(secret_of(factor)).get_provisioning_uri(user.username, str(current_app.config["COUNTY_NAME"]))
    drawn = segno.make(address, error="l").svg_inline(scale=4, svgclass="qr", lineclass=None, title=title, omitsize=True)
    return Markup(drawn.replace("<svg ", '<svg role="img" ', 1))  # noqa: S704  # Made by the library from our own text.


def accept(session: Session, user_id: int, text: str, *, pending: bool = False) -> bool:
    """Take a code if it is right and its step was not taken before; of two at once exactly one is taken."""
    factor, code = found(session, user_id), plain(text)
    if factor is None or (factor.confirmed_at is None) is not pending or len(code) != FIGURES:
        return False
    secret, present = secret_of(factor), step_of(now())
    steps = [s for s in range(present - DRIFT, present + DRIFT + 1) if hmac.compare_digest(code_at(secret, s).encode(), code.encode())]
    if not steps:
        return False
    # The condition stands in the statement, so that the database decides between two processes.
    taken = session.execute(update(SecondFactor).where(SecondFactor.user_id == user_id, SecondFactor.last_step < steps[-1]).values(
        last_step=steps[-1]), execution_options={"synchronize_session": False})
    return bool(taken.rowcount)


def confirm(session: Session, user: UserAccount, text: str) -> list[str] | None:
    """Switch the begun second factor on if the code is right; the recovery codes, or None."""
    if not accept(session, user.id, text, pending=True):
        return None
    session.execute(update(SecondFactor).where(SecondFactor.user_id == user.id).values(confirmed_at=now()))
    user.factor_due_at = None
    return new_recovery_codes(session, user.id)


def _digest(user_id: int, code: str) -> str:
    return hashlib.sha256(f"{user_id}:{plain(code)}".encode()).hexdigest()


def new_recovery_codes(session: Session, user_id: int) -> list[str]:
    """Ten codes, shown once; the former ones are worth nothing from here on."""
    codes = [passwords.one_time() for _each in range(RECOVERY_CODES)]
    session.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user_id))
    session.add_all(RecoveryCode(user_id=user_id, digest=_digest(user_id, code)) for code in codes)
    session.flush()
    return codes


def recover(session: Session, user_id: int, text: str) -> bool:
    """Take a recovery code, once."""
    used = session.execute(update(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.digest == _digest(user_id, text), RecoveryCode.used_at.is_(None),
    ).values(used_at=now()), execution_options={"synchronize_session": False})
    return bool(used.rowcount)


def codes_left(session: Session, user_id: int) -> int:
    """How many recovery codes are not used yet."""
    return session.scalar(select(func.count()).select_from(RecoveryCode).where(
        RecoveryCode.user_id == user_id, RecoveryCode.used_at.is_(None))) or 0


def remove(session: Session, user_id: int) -> bool:
    """Take the second factor away; a trigger ends the person's sessions."""
    gone: Any = session.execute(delete(SecondFactor).where(SecondFactor.user_id == user_id))
    return bool(gone.rowcount)
