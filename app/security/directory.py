"""Passwords that a directory keeps (目录服务 LDAP): for accounts marked so, a simple bind under their own name decides.

Off unless ``PINGAN_LDAP_URL`` is set, and only then is its library loaded. Accounts, roles and posts stay here:
the directory says only whether a password is right.
"""
from __future__ import annotations

import logging
import ssl
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from flask import current_app

from app.security import passwords
from app.security.models import UserAccount

if TYPE_CHECKING:
    from ldap3 import Connection

PATIENCE = 5
LOOPBACK = ("127.0.0.1", "localhost", "::1")
log = logging.getLogger(__name__)


class DirectorySilent(RuntimeError):
    """The directory did not answer, so nobody can say whether the password is right."""


def is_on() -> bool:
    """Whether a directory is set."""
    return bool(current_app.config["LDAP_URL"])


def _connection(dn: str, password: str) -> Connection:
    from ldap3 import NONE, SIMPLE, Connection, Server, Tls

    address = urlsplit(current_app.config["LDAP_URL"])
    tls = Tls(validate=ssl.CERT_REQUIRED, ca_certs_file=current_app.config["LDAP_CA_FILE"] or None)
    server = Server(address.hostname, port=address.port, use_ssl=address.scheme == "ldaps", tls=tls, get_info=NONE, connect_timeout=PATIENCE)
    made = Connection(server, dn, password, authentication=SIMPLE, receive_timeout=PATIENCE, read_only=True, raise_exceptions=False)
    made.open()
    # A password crosses the network only within TLS.
    if address.scheme == "ldap" and address.hostname not in LOOPBACK:
        made.start_tls()
    return made


def _binds(name: str, password: str) -> bool:
    """Whether the directory takes this password for this name; DirectorySilent when it does not answer."""
    from ldap3.core.exceptions import LDAPException
    from ldap3.utils.dn import escape_rdn

    # A bind without a password is anonymous, which directories grant to everybody.
    if not password:
        return False
    try:
        connection = _connection(current_app.config["LDAP_USER_DN"].replace("{name}", escape_rdn(name)), password)
        try:
            return bool(connection.bind())
        finally:
            connection.unbind()
    except (LDAPException, OSError) as silent:
        log.error("The directory does not answer: %s", type(silent).__name__)
        raise DirectorySilent from silent


def is_right(user: UserAccount | None, name: str, password: str) -> bool:
    """Whether the password is the person's, kept here or in the directory. Names nobody has cost as much as names somebody has."""
    kept = user.password if user is not None and user.source == "local" else None
    right = passwords.is_right(kept, password)
    if not is_on() or (user is not None and user.source != "ldap"):
        return right
    return _binds(name, password) and user is not None
