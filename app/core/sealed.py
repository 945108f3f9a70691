"""Sealed values: what a column of personal data holds and shows (加密字段)."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy import Text
from sqlalchemy.types import TypeDecorator


class Sealer(Protocol):
    """Who can close and open a value; the security room provides one at start."""

    def seal(self, plain: str, table: str, column: str, uid: str, mask: str) -> str:
        """Answer the token that stands for a value of this very cell."""

    def open(self, token: str, table: str, column: str, uid: str) -> str:
        """Answer the value, or raise when the token was moved or changed."""

    def index(self, plain: str, table: str, column: str) -> str:
        """Answer the keyed digest by which equal values are found."""

    def mask(self, token: str) -> str:
        """Answer what may be shown of the value."""


_sealer: list[Sealer] = []


def set_sealer(sealer: Sealer) -> None:
    """Give the process its sealer; the last one given is used."""
    _sealer[:] = [sealer]


def sealer() -> Sealer:
    """The sealer of this process; without one nothing sensitive can be written."""
    if not _sealer:
        raise RuntimeError("No sealer is set: call app.core.sealed.set_sealer first.")
    return _sealer[0]


@dataclass(frozen=True)
class Sealed:
    """A closed value. Printing it anywhere gives the mask, never the value."""

    token: str

    @property
    def mask(self) -> str:
        """What may be shown of the value."""
        return sealer().mask(self.token)

    def __str__(self) -> str:
        return self.mask

    __repr__ = __str__


class SealedText(TypeDecorator[Any]):
    """A text column that only ever receives tokens; clear text is refused here, whatever the path."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        """Let tokens through and stop everything else."""
        if value is None:
            return None
        if not isinstance(value, Sealed):
            raise TypeError("A sealed column was given clear text.")
        return value.token

    def process_result_value(self, value: str | None, dialect: Any) -> Sealed | None:
        """Wrap what the database holds."""
        return None if value is None else Sealed(value)
