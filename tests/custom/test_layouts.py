"""Layouts dress a register's form and list, only ever stricter, and every version can come back."""
from __future__ import annotations

import re

from sqlalchemy import func, select

from app.web.custom.models import FormLayout
from tests.custom.county import PATH, put, rows_of


def sent(browser, **more):
    """The layout page's own fields as they stand."""
    page = browser.get(f"/layouts/{PATH}").get_data(as_text=True)
    places = dict(re.findall(r'name="(place-[a-z_]+)"[^>]* value="(\d+)"', page))
    return browser.send(f"/layouts/{PATH}", **{"act": "save", **places, **more})


def test_a_layout_orders_groups_and_demands_on_every_surface(county, system_admin, officer, firm, db_session):
    own = county("服务半径", "count")
    assert sent(system_admin, **{f"place-{own}": "1", f"group-{own}": "本县要求", "must-head": "1", "help-head": "写主任姓名"}).status_code == 302
    form = officer.get(f"/{PATH}/edit/{firm.id}").get_data(as_text=True)
    assert form.index("本县要求") < form.index('name="name"')
    assert "写主任姓名" in form
    head = next(text for text in rows_of(officer.get(f"/import/{PATH}/template").data)[0] if "负责人" in text or "主任" in text)
    assert head.endswith("*")
    refused = put(officer, firm, head=None)
    assert refused.status_code == 422
    assert [error["field"] for error in refused.json["errors"]] == ["head"]


def test_a_list_opens_with_the_columns_of_the_role(county, system_admin, officer, leader, db_session):
    own = county("服务半径", "count")
    page = system_admin.get(f"/layouts/{PATH}").get_data(as_text=True)
    place = re.findall(r'<th scope="col" data-verbatim>([^<]+)</th>', page).index("领导")
    assert sent(system_admin, **{"list-0": ["name"], f"list-{place}": ["name", own]}).status_code == 302
    assert "服务半径" in leader.get(f"/{PATH}/list/").get_data(as_text=True).split("<tbody", 1)[0].split("<thead", 1)[1]
    heads = officer.get(f"/{PATH}/list/").get_data(as_text=True).split("<tbody", 1)[0].split("<thead", 1)[1]
    assert heads.count("data-col=") == 1


def test_a_preview_keeps_nothing_and_versions_come_back(county, system_admin, officer, firm, db_session):
    preview = sent(system_admin, act="preview", **{"group-name": "预览分组"})
    assert preview.status_code == 200
    assert "预览分组" in preview.get_data(as_text=True)
    assert db_session.scalar(select(func.count()).select_from(FormLayout)) == 0
    assert sent(system_admin, **{"group-name": "第一版"}).status_code == 302
    assert sent(system_admin, **{"group-name": "第二版"}).status_code == 302
    assert "第二版" in officer.get(f"/{PATH}/edit/{firm.id}").get_data(as_text=True)
    assert system_admin.send(f"/layouts/{PATH}/restore/1").status_code == 302
    assert "第一版" in officer.get(f"/{PATH}/edit/{firm.id}").get_data(as_text=True)
    assert system_admin.send(f"/layouts/{PATH}/restore/0").status_code == 302
    assert "第一版" not in officer.get(f"/{PATH}/edit/{firm.id}").get_data(as_text=True)
    assert system_admin.send(f"/layouts/{PATH}/restore/99").status_code == 404


def test_a_layout_says_nothing_that_is_never_kept(county, system_admin):
    answer = sent(system_admin, **{"group-name": "重点人员"})
    assert answer.status_code == 422
    assert "重点人员" in answer.get_data(as_text=True), "what was typed is still there"
