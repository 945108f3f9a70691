"""Governance centres, their people and the six-in-place checklist (综治中心)."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("centres", _("Governance centres"), icon="building-community", order=20)
