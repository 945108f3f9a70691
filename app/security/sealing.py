"""Sealing personal data (加密): the only module of the console that touches a cipher.

A token reads ``v1.<key>.<mask>.<nonce and ciphertext>``. It is bound to its table, column and row, and to the mask it
shows, so a token that is moved or altered does not open. Keys are derived from one master key kept outside the database.
"""
from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import unicodedata
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from flask import Flask

from app.core.sealed import set_sealer

VERSION = "v1"
KEY_BYTES, NONCE_BYTES = 32, 12


class SealBroken(ValueError):
    """A token does not belong where it was found, was altered, or needs a key that is not here."""


class BadSealingKey(ValueError):
    """The master key is missing or not one."""


def _b64(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def master_key(config: Any) -> bytes:
    """The master key of the settings, or of the file in the data folder."""
    text = str(config.get("SEALING_KEY") or "").strip()
    path = Path(config.get("DATA_DIR") or ".") / "sealing.key"
    if not text and path.is_file():
        text = path.read_text(encoding="utf-8").strip()
    try:
        key = _bytes(text.replace("+", "-").replace("/", "_").rstrip("="))
    except ValueError as error:
        raise BadSealingKey("SEALING_KEY must be 32 random bytes in base64.") from error
    if len(key) != KEY_BYTES:
        raise BadSealingKey(f"SEALING_KEY must be 32 random bytes in base64; restore it from its safe place as {path.name} in the data folder.")
    return key


def normalised(plain: str) -> str:
    """The spelling under which equal values meet: half-width, upper case, no spaces."""
    return "".join(unicodedata.normalize("NFKC", plain).upper().split())


def mask_of(plain: str, kind: str) -> str:
    """What may be shown of a value; a short one shows almost nothing."""
    if kind == "hidden":
        return "****"
    text = plain.strip()
    if kind in ("id", "phone"):
        return f"{text[:3]}{'*' * (len(text) - 7)}{text[-4:]}" if len(text) >= 11 else "*" * max(len(text), 4)
    if kind == "address":
        return f"{text[:6]}****" if len(text) > 12 else f"{text[:3]}****"
    return f"{text[:1]}{'*' * max(len(text) - 1, 1)}"


class Sealer:
    """Closes and opens values with keys derived from the master key."""

    def __init__(self, master: bytes) -> None:
        self._master = master
        key = self._derive("seal")
        self._cipher = AESGCM(key)
        self.key_id = hashlib.sha256(b"key id" + key).hexdigest()[:8]

    def _derive(self, purpose: str) -> bytes:
        return HKDF(SHA256(), KEY_BYTES, salt=None, info=f"pingan|{purpose}".encode()).derive(self._master)

    @staticmethod
    def _bound(key_id: str, mask: str, table: str, column: str, uid: str) -> bytes:
        return f"{VERSION}|{key_id}|{mask}|{table}|{column}|{uid}".encode()

    def seal(self, plain: str, table: str, column: str, uid: str, mask: str) -> str:
        """The token for a value of this very cell; the same value never gives the same token."""
        shown, nonce = _b64(mask_of(plain, mask).encode()), secrets.token_bytes(NONCE_BYTES)
        closed = self._cipher.encrypt(nonce, plain.encode(), self._bound(self.key_id, shown, table, column, uid))
        return ".".join((VERSION, self.key_id, shown, _b64(nonce + closed)))

    def open(self, token: str, table: str, column: str, uid: str) -> str:
        """The value; SealBroken unless token, place and key belong together."""
        version, key_id, shown, body = self._parts(token)
        if (version, key_id) != (VERSION, self.key_id):
            raise SealBroken(f"The value was sealed with the key {key_id}, which is not the key of this console.")
        try:
            data = _bytes(body)
            return self._cipher.decrypt(data[:NONCE_BYTES], data[NONCE_BYTES:], self._bound(key_id, shown, table, column, uid)).decode()
        except (InvalidTag, ValueError) as error:
            raise SealBroken("A sealed value was moved or altered; it does not open.") from error

    @staticmethod
    def _parts(token: str) -> list[str]:
        parts = token.split(".")
        if len(parts) != 4:
            raise SealBroken("A sealed value is damaged.")
        return parts

    def mask(self, token: str) -> str:
        """What may be shown; a damaged token shows stars."""
        try:
            return _bytes(self._parts(token)[2]).decode()
        except ValueError:
            return "****"

    def index(self, plain: str, table: str, column: str) -> str:
        """The keyed digest by which equal values of one column are found."""
        key = self._derive(f"index|{table}|{column}")
        return hmac.new(key, normalised(plain).encode(), hashlib.sha256).hexdigest()


def install(app: Flask) -> None:
    """Give the process its sealer."""
    set_sealer(Sealer(master_key(app.config)))
