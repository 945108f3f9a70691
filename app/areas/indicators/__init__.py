"""Yearly figures that were published elsewhere (年度指标)."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("indicators", _("Annual indicators"), icon="chart-bar", order=60)
