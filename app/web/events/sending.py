"""Sending one event (推送): signed, to the checked address, following nothing it answers."""
from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import socket
import ssl
import time
from typing import Any

from flask import current_app

from app.web.events.models import Delivery
from app.web.events.targets import Target, TargetRefused, checked, resolved

PATIENCE = 10
"""Seconds to connect, and again for every silence."""
READ = 2048


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """HMAC-SHA256 over the timestamp, a point and the body, as the receiver computes it too."""
    return "v1=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


class _Plain(http.client.HTTPConnection):
    """A connection to one network address under the name of its host."""

    def __init__(self, target: Target, address: str) -> None:
        super().__init__(target.host, target.port, timeout=PATIENCE)
        self._address = address

    def connect(self) -> None:
        """Connect to the address that was checked."""
        self.sock = self._reached()

    def _reached(self) -> socket.socket:
        return socket.create_connection((self._address, self.port), PATIENCE)


class _Secure(_Plain):
    """The same within TLS; the certificate must be the host's."""

    def connect(self) -> None:
        """Connect, and let the host show its certificate."""
        context = ssl.create_default_context(cafile=current_app.config["WEBHOOK_CA_FILE"] or None)
        self.sock = context.wrap_socket(self._reached(), server_hostname=self.host)


def send(delivery: Delivery) -> tuple[int | None, str]:
    """The status that came back and what went wrong; an empty text when the address took it."""
    body = json.dumps(delivery.payload(), ensure_ascii=False).encode()
    try:
        target = checked(delivery.webhook.url)
        connection = (_Secure if target.scheme == "https" else _Plain)(target, resolved(target))
        status = _post(connection, target, body, _headers(delivery, body))
    except TargetRefused as refusal:
        return None, str(refusal)
    except (OSError, http.client.HTTPException, ValueError) as error:
        return None, f"{type(error).__name__}: {error}"[:300]
    return status, "" if 200 <= status < 300 else f"HTTP {status}"


def _headers(delivery: Delivery, body: bytes) -> dict[str, str]:
    stamp = str(int(time.time()))
    return {"Content-Type": "application/json", "User-Agent": "pingan-webhook/1", "X-Pingan-Event": str(delivery.payload()["event"]),
            "X-Pingan-Delivery": str(delivery.uid), "X-Pingan-Timestamp": stamp,
            "X-Pingan-Signature": signature(delivery.webhook.open_secret(), stamp, body)}


def _post(connection: Any, target: Target, body: bytes, headers: dict[str, str]) -> int:
    try:
        connection.request("POST", target.path, body, headers)
        answer = connection.getresponse()
        answer.read(READ)
        return int(answer.status)
    finally:
        connection.close()
