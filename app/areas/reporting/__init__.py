"""Half-month reporting of the county's units (半月报): what is due, who has sent it, who has not."""
from __future__ import annotations

from flask_babel import lazy_gettext as _

from app.core.register import Area

area = Area("reporting", _("Half-month reporting"), icon="calendar", order=45)
