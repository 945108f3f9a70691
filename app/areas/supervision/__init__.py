"""Supervision items, from filing to closing (督查督办)."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("supervision", _("Supervision"), icon="eye-check", order=50)
