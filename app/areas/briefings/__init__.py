"""Briefings (简报): what the county's work comes to, on paper. The top floor: it reads the other areas, and none reads it."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("briefings", _("Briefings"), icon="file-text", order=70)
