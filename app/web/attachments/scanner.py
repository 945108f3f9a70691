"""The virus scanner (病毒扫描): clamd, asked by its own protocol about every file before anything else looks into it.

``PINGAN_SCANNER`` names its socket. When it is set and does not answer, no file is taken: a scanner that is away must not mean an open door.
Protocol: https://docs.clamav.net/manual/Usage/Scanning.html#clamd (INSTREAM).
"""
from __future__ import annotations

import logging
import socket
import struct
from urllib.parse import urlsplit

from flask import current_app
from flask_babel import gettext as _

from app.web.attachments.kinds import AttachmentRefused

PATIENCE, PIECE, LONGEST_ANSWER = 30, 1 << 16, 4096
log = logging.getLogger(__name__)


def _reached(address: str) -> socket.socket:
    parts = urlsplit(address)
    if parts.scheme == "unix":
        made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.settimeout(PATIENCE)
        if fault := made.connect_ex(parts.path):
            made.close()
            raise OSError(fault, "no scanner at this socket")
        return made
    return socket.create_connection((parts.hostname, parts.port), PATIENCE)


def _asked(address: str, content: bytes) -> str:
    """What clamd says of the content, such as ``stream: OK``."""
    with _reached(address) as link:
        link.sendall(b"zINSTREAM\0")
        for start in range(0, len(content), PIECE):
            piece = content[start:start + PIECE]
            link.sendall(struct.pack(">I", len(piece)) + piece)
        link.sendall(struct.pack(">I", 0))
        said = b""
        while not said.endswith(b"\0") and len(said) < LONGEST_ANSWER and (more := link.recv(LONGEST_ANSWER)):
            said += more
    return said.rstrip(b"\0").decode("utf-8", "replace").strip()


def refuse_infected(content: bytes) -> None:
    """Pass a clean file; AttachmentRefused when it is infected, or when the scanner cannot say. Without a scanner everything passes."""
    address = current_app.config["SCANNER"]
    if not address:
        return
    try:
        said = _asked(address, content)
    except OSError as error:
        log.error("The virus scanner does not answer: %s", type(error).__name__)
        said = ""
    if said.endswith(" FOUND"):
        log.warning("A file was refused by the virus scanner: %s", said[:200])
        raise AttachmentRefused(_("The virus scanner found something in this file (%(name)s); it is not taken.",
                                  name=said.removeprefix("stream: ").removesuffix(" FOUND")[:80]))
    if said != "stream: OK":
        raise AttachmentRefused(_("The virus scanner does not answer, so no file is taken now. Try again later, or tell your administrator."))
