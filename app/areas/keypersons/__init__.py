"""Service files of people whom a law entitles to help (重点人群服务)."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("keypersons", _("Key-person services"), icon="heart-handshake", order=40)
