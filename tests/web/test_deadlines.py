"""Tabs of what is due soon and overdue (即将到期、已超期), and sums below lists: of every register that declares them."""
from __future__ import annotations

import re
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from app.areas.divisions.calendar import today
from app.core.deadline import LATE, SOON
from app.core.register import registers

pytestmark = pytest.mark.usefixtures("issued")
DUE = [pytest.param(r, id=r.name) for r in registers() if r.deadline]
SUMMED = [pytest.param(r, id=r.name) for r in registers() if r.summed]
LABELS = {SOON: "即将到期", LATE: "已超期"}
LIST_STATEMENTS = 8


def _tab(page, label):
    found = re.search(rf'>{label} <span class="count">(\d+)', page)
    assert found, f"no tab {label}"
    return int(found[1])


def _rows(page):
    return len(re.findall(r"<tr data-row>", page))


@pytest.mark.parametrize("which", [SOON, LATE])
@pytest.mark.parametrize("register", DUE)
def test_the_number_on_the_tab_is_the_rows_behind_it_everywhere(register, which, officer, db_session):
    condition = register.deadline.condition(register.model, register.states, which, today())
    right = db_session.scalar(select(func.count()).where(condition))
    page = officer.get(f"/{register.name}/list/?due={which}&size=100").get_data(as_text=True)
    told = officer.get(f"/api/v1/{register.name}/?due={which}&count=true&size=1").get_json()
    assert _tab(page, LABELS[which]) == told["count"] == right
    assert _rows(page) == min(right, 100)
    every = officer.get(f"/{register.name}/list/").get_data(as_text=True)
    assert _tab(every, LABELS[which]) == right


@pytest.mark.parametrize("register", DUE)
def test_every_late_row_says_how_late_it_is(register, officer):
    page = officer.get(f"/{register.name}/list/?due={LATE}&size=100&columns={','.join(register.listed)}").get_data(as_text=True)
    assert len(re.findall(r'<span class="tag tag-red">(?:逾期|超期) ?\d+ ?天', page)) >= _rows(page) > 0


@pytest.mark.parametrize("register", DUE)
def test_the_tabs_cost_no_further_statement_and_nonsense_is_refused(register, officer, statements):
    with statements() as seen:
        assert officer.get(f"/{register.name}/list/?due=late").status_code == 200
    assert len(seen) <= LIST_STATEMENTS, "\n".join(seen)
    assert len([each for each in seen if each.count("LIMIT") > 2]) <= 1, "the counts are one statement"
    assert officer.get(f"/{register.name}/list/?due=x").status_code == 400


@pytest.mark.parametrize("register", [pytest.param(r, id=r.name) for r in registers() if not r.deadline])
def test_a_register_without_a_due_day_knows_no_such_tabs(register, officer):
    assert officer.get(f"/{register.name}/list/?due=late").status_code == 400


@pytest.mark.parametrize("register", SUMMED)
def test_sums_are_those_that_are_declared_and_right(register, officer, db_session):
    columns = ",".join(dict.fromkeys((*register.listed, *register.summed)))
    page = officer.get(f"/{register.name}/list/?columns={columns}").get_data(as_text=True)
    foot = page[page.index("<tfoot>"):page.index("</tfoot>")]
    for name in register.summed:
        total = db_session.scalar(select(func.sum(getattr(register.model, name))))
        words = re.sub(r"[^0-9.]", "", re.search(rf'data-label="[^"]*{register.columns[name].info["label"]}[^"]*">([^<]*)<', foot)[1].split()[0])
        assert Decimal(words) == Decimal(total)
