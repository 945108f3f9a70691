"""Where events may go (推送目标): only to addresses that the operator listed, and never by a detour.

``PINGAN_WEBHOOK_TARGETS`` lists origins (``https://hooks.county.example``) and networks (``10.1.0.0/16``). An address must have a listed
origin; what its name resolves to must be a public address or lie in a listed network. The connection goes to the very address that was
checked, so a name that changes its mind between two questions leads nowhere else.
"""
from __future__ import annotations

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

LONGEST = 500
PORTS = {"http": 80, "https": 443}


class TargetRefused(ValueError):
    """Nothing is sent there; the text says why."""


@dataclass(frozen=True)
class Target:
    """An address that may be sent to."""

    scheme: str
    host: str
    port: int
    path: str

    @property
    def origin(self) -> str:
        """Scheme, name and port, spelt one way."""
        return f"{self.scheme}://{self.host}:{self.port}"


def read(url: str) -> Target:
    """The parts of an address; TargetRefused when it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError as error:
        raise TargetRefused(_("This is not an address such as https://hooks.county.example/events.")) from error
    plain = url.isascii() and url.isprintable() and " " not in url and len(url) <= LONGEST
    if not (plain and port and parts.scheme in PORTS and parts.hostname) or parts.username or parts.password or parts.fragment:
        raise TargetRefused(_("This is not an address such as https://hooks.county.example/events."))
    return Target(parts.scheme, parts.hostname, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def _listed() -> tuple[set[str], list[ipaddress.IPv4Network | ipaddress.IPv6Network]]:
    words = str(current_app.config["WEBHOOK_TARGETS"]).split()
    return {read(word).origin for word in words if "://" in word}, [ipaddress.ip_network(word) for word in words if "://" not in word]


def checked(url: str) -> Target:
    """An address with a listed origin, or TargetRefused."""
    target = read(url)
    if target.origin not in _listed()[0]:
        raise TargetRefused(_("The operator has not listed this address (PINGAN_WEBHOOK_TARGETS)."))
    return target


def resolved(target: Target) -> str:
    """The network address to connect to; TargetRefused when one of those behind the name is private and not listed."""
    try:
        found = {info[4][0] for info in socket.getaddrinfo(target.host, target.port, type=socket.SOCK_STREAM)}
    except OSError as error:
        raise TargetRefused(_("The name %(host)s is not known.", host=target.host)) from error
    networks = _listed()[1]
    for text in sorted(found):
        if not _open(ipaddress.ip_address(str(text).partition("%")[0]), networks):
            raise TargetRefused(_("%(host)s leads to the inner address %(address)s, whose network is not listed.", host=target.host, address=text))
    return str(min(found, key=lambda each: ":" in str(each)))


def _open(address: ipaddress.IPv4Address | ipaddress.IPv6Address, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    address = getattr(address, "ipv4_mapped", None) or address
    if any(address.version == network.version and address in network for network in networks):
        return True
    return address.is_global and not address.is_multicast
