"""Machine names made from labels (机器名): the initials of the pinyin, with a sign before them that no declared column has."""
from __future__ import annotations

import re
from collections.abc import Collection

from pypinyin import Style, lazy_pinyin

LONGEST = 30


def machine_name(label: str, taken: Collection[str], sign: str = "x") -> str:
    """A name of small letters, figures and underlines that is not taken: 学校数量 becomes x_xxsl."""
    letters = "".join(lazy_pinyin(label, style=Style.FIRST_LETTER)).lower()
    stem = f"{sign}_{re.sub('[^a-z0-9]+', '_', letters).strip('_')[:LONGEST] or 'field'}"
    numbered = (stem if number == 1 else f"{stem}_{number}" for number in range(1, 1000))
    return next(name for name in numbered if name not in taken)
