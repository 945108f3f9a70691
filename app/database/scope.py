"""Whose rows a transaction may touch (数据范围): put on every transaction from here and nowhere else."""
from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace

from sqlalchemy import event, text
from sqlalchemy.orm import Session

from app.database import db

SLOTS = 4
"""How many separate ranges one person can hold; each is a pair of settings the policies read."""


class TooManyRanges(ValueError):
    """A person's posts lie in more separate places than a policy has room for."""


@dataclass(frozen=True, order=True)
class Range:
    """The codes from ``low`` up to but not including ``high``, in byte order."""

    low: str
    high: str

    @classmethod
    def below(cls, code: str) -> Range:
        """A division with everything under it."""
        return cls(code, code + "~")

    @classmethod
    def alone(cls, code: str) -> Range:
        """A division and nothing under it."""
        return cls(code, code + " ")

    def holds(self, code: str) -> bool:
        """Whether the code lies in the range."""
        return self.low <= code < self.high


def merged(ranges: Iterable[Range]) -> tuple[Range, ...]:
    """The same codes in the fewest ranges; TooManyRanges past the room there is."""
    kept: list[Range] = []
    for each in sorted(ranges, key=lambda r: (r.low, [-ord(c) for c in r.high])):
        if kept and each.low < kept[-1].high:
            kept[-1] = replace(kept[-1], high=max(kept[-1].high, each.high))
        else:
            kept.append(each)
    if len(kept) > SLOTS:
        raise TooManyRanges(f"At most {SLOTS} separate divisions.")
    return tuple(kept)


@dataclass(frozen=True)
class Scope:
    """The rows somebody may touch, and the name under which it is written down."""

    ranges: tuple[Range, ...] = ()
    user_id: int | None = None
    actor: str = ""

    def holds(self, code: str | None) -> bool:
        """Whether a row of that division lies in the scope."""
        return code is not None and any(each.holds(code) for each in self.ranges)

    def settings(self) -> dict[str, str]:
        """The settings that the policies and triggers read."""
        values = {"pingan.user": str(self.user_id or ""), "pingan.actor": self.actor}
        for slot in range(SLOTS):
            each = self.ranges[slot] if slot < len(self.ranges) else Range("", "")
            values[f"pingan.lo{slot}"], values[f"pingan.hi{slot}"] = each.low, each.high
        return values


NOWHERE = Scope()
EVERYWHERE = Scope(ranges=(Range("", "~"),), actor="system")

_scope: ContextVar[Scope] = ContextVar("pingan_scope", default=NOWHERE)
_note: ContextVar[str] = ContextVar("pingan_note", default="")


def current_scope() -> Scope:
    """The scope of the running request, job or command."""
    return _scope.get()


def everywhere(actor: str = "system", user_id: int | None = None) -> Scope:
    """All rows, for jobs and commands, under a name."""
    return replace(EVERYWHERE, actor=actor, user_id=user_id)


def _put(connection: object) -> None:
    values = {**_scope.get().settings(), "pingan.note": _note.get()}
    calls = ", ".join(f"set_config('{name}', :v{i}, true)" for i, name in enumerate(values))
    connection.execute(text(f"SELECT {calls}"), {f"v{i}": v for i, v in enumerate(values.values())})  # type: ignore[attr-defined]


def _refresh() -> None:
    """Apply a changed scope to the transaction that is already open, if there is one."""
    if not db.session.registry.has():
        return
    session = db.session()
    if session.in_transaction() and session.is_active:
        _put(session.connection())


@event.listens_for(Session, "after_begin")
def _on_begin(session: Session, transaction: object, connection: object) -> None:
    # The settings live as long as the transaction, so a new one has none: nowhere need not be said.
    if _scope.get() != NOWHERE or _note.get():
        _put(connection)


def bind_request_scope(scope: Scope) -> None:
    """Use the scope for the rest of this request; the web room resets it when the request ends."""
    _scope.set(scope)
    _refresh()


@contextmanager
def acting(scope: Scope) -> Iterator[None]:
    """Work within a scope, and leave the former one behind."""
    token = _scope.set(scope)
    _refresh()
    try:
        yield
    finally:
        _scope.reset(token)
        _refresh()


@contextmanager
def noted(note: str) -> Iterator[None]:
    """Write words beside whatever is changed within."""
    token = _note.set(note)
    _refresh()
    try:
        yield
    finally:
        _note.reset(token)
        _refresh()
