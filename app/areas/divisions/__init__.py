"""The ground floor: the county's divisions and the units that report (行政区划与单位)."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("divisions", _("Divisions and units"), icon="sitemap", order=10)
