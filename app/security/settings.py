"""What a person may set for themselves (个人设置): language, row height, page size and the tabs of recent pages."""
from __future__ import annotations

from collections.abc import Mapping

from app.security.models import UserAccount

USUAL = "normal"
"""How a layout writes the usual row height, which is not the same as saying nothing."""
DENSITIES = ("", "dense", "airy")
SIZES = (20, 50, 100)
LANGUAGES = ("", "zh", "en")


class Unknown(ValueError):
    """Something was sent that the page does not offer."""


def put(user: UserAccount, sent: Mapping[str, str]) -> None:
    """Keep what was chosen; Unknown if it is no choice. The caller commits."""
    density, size, language = sent.get("density", ""), sent.get("page_size", ""), sent.get("language", "")
    if density not in DENSITIES or size not in map(str, SIZES) or language not in LANGUAGES:
        raise Unknown
    user.density, user.page_size, user.language = density, int(size), language
    user.shows_tabs = sent.get("shows_tabs") == "1"
