"""Invented supervision items for the demo county, over the last twelve weeks."""
from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from app.areas.divisions.calendar import today
from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.supervision.states import FINISHED, ItemState

TOWN_LEVEL = (DivisionKind.town, DivisionKind.subdistrict, DivisionKind.zone)
WEEKS = 12
# Each subject goes with its category.
SUBJECTS = (
    ("02", "沿街商铺消防通道被占用"), ("01", "农贸市场夜间照明不足"), ("03", "相邻宅基地边界纠纷未调结"),
    ("04", "工地拖欠务工人员工资"), ("83", "学校周边交通秩序混乱"), ("02", "出租房电动车入户充电"),
    ("99", "村内机井缺少护栏"), ("00", "综治中心值班记录补正"), ("01", "老旧小区门禁损坏"), ("03", "土地流转费支付争议"),
)
AT_WORK = (ItemState.filed, ItemState.assigned, ItemState.received, ItemState.handling, ItemState.handling, ItemState.review)


def demo_rows(session: Any, divisions: list[Division], rng: random.Random) -> Iterator[Any]:
    """Eight to ten items for each town; some are overdue."""
    towns = [division for division in divisions if division.kind in TOWN_LEVEL]
    for town in towns:
        for place in range(rng.randint(8, 10)):
            yield _item(town, place, rng)


def _item(town: Division, place: int, rng: random.Random) -> Any:
    from app.areas.supervision.items import ItemGrade, ItemSource, SupervisionItem

    category, title = SUBJECTS[(place + rng.randint(0, 2)) % len(SUBJECTS)]
    filed = today() - timedelta(days=rng.randint(1, WEEKS * 7))
    due = filed + timedelta(days=rng.choice((10, 15, 20, 30)))
    # Most items whose time is over were closed in time; about one in six is left overdue.
    done = due < today() + timedelta(days=3) and place % 6 != 1
    state = ItemState.closed if done else rng.choice(AT_WORK)
    return SupervisionItem(
        division_code=town.code, title=f"{title}（演示）", category=category, source=rng.choice(list(ItemSource)),
        grade=rng.choices(list(ItemGrade), (6, 3, 1))[0], problem=f"{town.name}：{title}，需限期整改（演示）。",
        responsible_unit=f"{town.name}综治办", responsible_person=rng.choice("赵钱孙李周吴") + "某某",
        instructor=rng.choice("郑王冯陈褚卫") + "某某", registered_on=filed, due_on=due, state=state,
        received_on=filed + timedelta(days=1) if state not in (ItemState.filed, ItemState.assigned) else None,
        measures="现场核查，明确责任人，限期整改（演示）。", result="已整改到位（演示）。" if state in FINISHED else None,
        closed_on=_closing(filed, due, rng) if done else None,
    )


def _closing(filed: date, due: date, rng: random.Random) -> date:
    return max(filed, min(today(), due - timedelta(days=rng.randint(-2, 6))))
