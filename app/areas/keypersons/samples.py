"""Invented service files for the demo county: region 000000 is nobody's, so the numbers are nobody's."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.keypersons.groups import StatutoryGroup
from app.core import identifiers

HOW_MANY = 60
AGES = {StatutoryGroup.children: (6, 15), StatutoryGroup.elderly: (66, 88)}
LATEST = {StatutoryGroup.drug_recovery: 700, StatutoryGroup.community_correction: 300}
GROUPS = list(StatutoryGroup)


def invented_id(rng: random.Random, group: StatutoryGroup) -> str:
    """A number of the right form that no register office ever gave."""
    youngest, oldest = AGES.get(group, (20, 60))
    born = date(today().year - rng.randint(youngest, oldest), rng.randint(1, 12), rng.randint(1, 28))
    first = f"000000{born:%Y%m%d}{rng.randint(1, 999):03d}"
    return first + identifiers.resident_check(first)


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[Any]:
    """Sixty files over villages of all towns."""
    from app.areas.keypersons.files import FileState, KeyPersonFile

    villages = [d for d in divisions if d.kind in (DivisionKind.village, DivisionKind.community)]
    for place in range(HOW_MANY):
        group = GROUPS[place % len(GROUPS)]
        village = villages[place * len(villages) // HOW_MANY]
        starts = today() - timedelta(days=rng.randint(20, LATEST.get(group, 900)))
        file = KeyPersonFile(
            division_code=village.code, statutory_group=group, name=rng.choice("张王李赵刘") + "测试",
            id_number=invented_id(rng, group), phone=f"199000{40000 + place:05d}", address=f"{village.name}演示{place + 1}号",
            starts_on=starts, review_on=today() + timedelta(days=rng.randint(-5, 200)), reviewer=rng.choice("孙吴郑冯") + "某某",
            helper=rng.choice("陈褚卫蒋") + "某某", helper_phone=f"199000{50000 + place:05d}",
            notice_given_on=starts + timedelta(days=3), needs="定期走访，协助办理救助手续（演示）。", state=FileState.open,
        )
        if group is StatutoryGroup.community_correction:
            file.ends_on = starts + timedelta(days=rng.randint(365, 900))
        if group is StatutoryGroup.children:
            file.guardian_name, file.guardian_phone, file.guardian_relation = "张某测试", f"199000{60000 + place:05d}", "祖父母"
        if place % 12 == 7:
            file.state, file.closed_on = FileState.closed, today() - timedelta(days=rng.randint(1, 15))
        file.review_on = max(file.review_on, starts)
        yield file
