"""Law firms, lawyers and the legal-adviser contracts (法律顾问)."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("legal", _("Legal services"), icon="scale", order=30)
