"""The attachments of a record as its page shows them (附件栏)."""
from __future__ import annotations

from typing import Any

from flask import current_app, url_for

from app.core.register import Register
from app.web.addresses import record_url
from app.web.attachments.allowed import may_see, open_for_change
from app.web.attachments.kinds import KINDS
from app.web.attachments.models import Attachment, Side, count_of, of_record
from app.web.cells import shown


def box(register: Register, row: Any, refused: list[str] | None = None) -> dict[str, Any]:
    """Everything the box of files prints."""
    seen, open_ = may_see(register), open_for_change(register, row)
    files = [_line(register, each, who, open_) for each, who in of_record(register, row)] if seen else []
    sides = {side.value: [file for file in files if file["side"] == side.value] for side in Side}
    return {
        "add_url": url_for("AttachmentPage.add", name=register.name, pk=row.id) if open_ else None, "most": current_app.config["ATTACHMENT_MB"],
        "seen": seen, "count": len(files) if seen else count_of(register, row), "sides": sides, "kinds": list(Side),
        "refused": refused or [], "accept": ",".join(f".{ending}" for kind in KINDS.values() for ending in kind.endings),
    }


def _line(register: Register, file: Attachment, who: str, open_: bool) -> dict[str, Any]:
    kind, url = KINDS[file.type], record_url("AttachmentPage.file", file.id)
    return {
        "id": file.id, "name": file.name, "side": file.kind, "who": who, "at": shown(file.created_at, "time"), "size": _size(file.size),
        "view_url": url if kind.inline else None, "save_url": f"{url}?save", "icon": kind.icon,
        "small_url": record_url("AttachmentPage.small", file.id) if kind.image and not register.sensitive else None,
        "remove_url": record_url("AttachmentPage.remove", file.id) if open_ else None,
    }


def _size(size: int) -> str:
    return f"{size / 1024 / 1024:.1f} MB" if size >= 1024 * 1024 else f"{max(1, round(size / 1024))} KB"
