"""Registers become pages, forms and interfaces here."""
from __future__ import annotations

from typing import Any


def pages() -> tuple[type[Any], ...]:
    """The hand-written pages of this room."""
    from app.web.api.pages import pages as interface
    from app.web.appearance.page import pages as appearance
    from app.web.attachments.api import pages as files
    from app.web.attachments.pages import AttachmentPage
    from app.web.bell import pages as bell
    from app.web.drafts_page import DraftPage
    from app.web.events.pages import pages as events
    from app.web.help_page import pages as guide
    from app.web.lookup import LookupPage, SearchPage
    from app.web.views_page import SavedViewPage
    from app.web.workbook.pages import pages as workbook

    return (AttachmentPage, LookupPage, SearchPage, DraftPage, SavedViewPage, *workbook, *appearance, *bell, *guide, *interface, *events, *files)
