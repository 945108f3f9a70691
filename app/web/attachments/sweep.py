"""The nightly sweep (清理附件): a file goes only when no record has it any more."""
from __future__ import annotations

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select, text

from app.core.task import Task, TaskRefused, Usual
from app.database import db
from app.database.scope import EVERYWHERE, current_scope
from app.web.attachments import store
from app.web.attachments.models import Attachment


def run(period: str) -> str | None:
    """Remove what nobody has."""
    if current_scope().ranges != EVERYWHERE.ranges:
        # Whoever sees fewer rows would take the files of the others for forgotten.
        raise TaskRefused(gettext("Files are swept over the whole county only."))
    used, gone = set(db.session.scalars(select(Attachment.sha256).distinct())), 0
    used |= set(db.session.scalars(text("SELECT r ->> 'sha256' FROM deleted_record, jsonb_array_elements(parts) AS p, "
                                        "jsonb_array_elements(p -> 'rows') AS r WHERE p ->> 'table' = 'attachment'")))
    for file in store.old_files():
        if store.hash_of(file) not in used or file.suffix == ".part":
            file.unlink(missing_ok=True)
            gone += file.suffix == ""
    return gettext("%(count)s files that no record has any more were removed.", count=gone) if gone else None


tasks = {
    "attachment_sweep": Task("attachment_sweep", _("Attachments: remove what no record has"), run, Usual("附件清理", "daily", 3)),
}
