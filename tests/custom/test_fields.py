"""A field of the county's own is on every surface of its register at once, under the same words and rights as a declared one."""
from __future__ import annotations

import json

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from app.areas.legal.firms import LawFirm
from app.core import own
from app.core.register import find
from app.web.custom.models import CustomField
from tests.custom.county import PATH, fill, put, rows_of


def test_it_is_on_every_surface_without_a_restart(county, officer, firm, db_session):
    name = county("开户网点", filtered="y", help="写全称")
    assert name == "x_khwd"
    assert f'name="{name}"' in officer.get(f"/{PATH}/edit/{firm.id}").get_data(as_text=True)
    assert fill(officer, firm, **{name: "示例支行"}).status_code == 302
    assert officer.get(f"/api/v1/{PATH}/{firm.id}").json["result"][name] == "示例支行"
    page = officer.get(f"/{PATH}/show/{firm.id}").get_data(as_text=True)
    assert "开户网点" in page
    assert page.count("示例支行") >= 2, "the record's fact and its history"
    shown = officer.get(f"/{PATH}/list/?columns=name,{name}&{name}=示例").get_data(as_text=True)
    assert "示例支行" in shown
    assert officer.get(f"/api/v1/{PATH}/?{name}=示例&count=true").json["count"] == 1
    assert officer.get(f'/api/v1/{PATH}/?where=["and",["and",["{name}","empty"]]]&count=true').json["count"] >= 1
    assert "开户网点" in rows_of(officer.get(f"/import/{PATH}/template").data)[0]
    export = rows_of(officer.get(f"/export/{PATH}").data)
    assert "示例支行" in [row[export[0].index("开户网点")] for row in export]


KINDS = {
    "text": ("甲", "甲", "长" * 101), "note": ("一\n二", "一\n二", "长" * 4001), "count": (12, 12, -1), "money": ("5000.50", "5000.5", "-5"),
    "decimal": ("2.25", "2.25", "-1"), "day": ("2026-01-31", "2026-01-31", "2026-02-31"), "month": ("2026-03", "2026-03-01", "2026-13"),
    "flag": (True, True, None), "phone": ("0543-2300000", "0543-2300000", "123"), "number": ("〔2026〕1号", "〔2026〕1号", "长" * 51),
    "credit_code": ("91350100M000100Y43", "91350100M000100Y43", "91350100M000100Y44")}


def test_each_kind_is_checked_kept_asked_for_and_sorted(county, officer, firm):
    assert set(KINDS) | {"choice"} == set(own.KINDS)
    names = {kind: county(f"事项{number}", kind) for number, kind in enumerate(KINDS)}
    refused = put(officer, firm, **{names[kind]: wrong for kind, (_typed, _kept, wrong) in KINDS.items() if wrong})
    assert refused.status_code == 422
    assert {error["field"] for error in refused.json["errors"]} == {names[kind] for kind in KINDS if kind != "flag"}
    answer = put(officer, firm, **{names[kind]: typed for kind, (typed, _kept, _wrong) in KINDS.items()})
    assert answer.status_code == 200, answer.get_data(as_text=True)
    assert {kind: answer.json["result"][name] for kind, name in names.items()} == {kind: kept for kind, (_typed, kept, _wrong) in KINDS.items()}
    for kind, name in names.items():
        condition = [name, "is", "1"] if kind == "flag" else [name, "filled"]
        order = "id" if kind == "note" else f"-{name}"
        found = officer.get(f"/api/v1/{PATH}/?sort={order}&where={json.dumps(['and', ['and', condition]])}")
        assert [row["id"] for row in found.json["result"]] == [firm.id], kind
    listed = officer.get(f"/{PATH}/list/?columns=name,{','.join(n for k, n in names.items() if k != 'note')}")
    assert "2026-01-31" in listed.get_data(as_text=True)
    assert "5,000.50" in officer.get(f"/{PATH}/show/{firm.id}").get_data(as_text=True)
    table = rows_of(officer.get(f"/export/{PATH}").data)
    row = next(row for row in table if "〔2026〕1号" in row)
    assert {row[table[0].index(f"事项{number}")] for number in range(len(KINDS))} >= {"甲", "12", "5000.50", "2.25", "2026-03", "是"}


def test_a_required_field_holds_for_new_rows_in_the_database_too(county, officer, firm, db_session):
    name = county("备案编号", required="y")
    answer = fill(officer, firm)
    assert answer.status_code == 422
    db_session.execute(text("SELECT set_config('pingan.user', '1', true)"))
    db_session.add(LawFirm(division_code=firm.division_code, name="无备案所", credit_code="31370000MD0000001X"))
    with pytest.raises(IntegrityError, match="is required"):
        db_session.flush()
    db_session.rollback()
    for bad in (json.dumps({name: 5}), '{"x_unknown": "1"}'):
        with pytest.raises(IntegrityError, match=r"has another type|there is no field"):
            db_session.execute(text("UPDATE law_firm SET extra = CAST(:bad AS jsonb)"), {"bad": bad})
        db_session.rollback()


def test_a_retired_field_is_hidden_and_its_values_come_back(county, officer, system_admin, firm, db_session):
    name = county("旧事项")
    assert fill(officer, firm, **{name: "甲"}).status_code == 302
    field = db_session.scalar(select(CustomField).where(CustomField.name == name))
    assert system_admin.send(f"/fields/{PATH}/{field.id}/retire").status_code == 302
    assert name not in officer.get(f"/api/v1/{PATH}/{firm.id}").json["result"]
    assert "旧事项" not in officer.get(f"/{PATH}/show/{firm.id}").get_data(as_text=True)
    assert fill(officer, firm, name=f"{firm.name}甲").status_code == 302
    assert system_admin.send(f"/fields/{PATH}/{field.id}/revive").status_code == 302
    assert officer.get(f"/api/v1/{PATH}/{firm.id}").json["result"][name] == "甲"


def test_the_kind_is_fixed_once_there_are_values_and_the_label_is_not(county, officer, system_admin, firm, db_session):
    name = county("次序号", "count")
    assert fill(officer, firm, **{name: "3"}).status_code == 302
    field = db_session.scalar(select(CustomField).where(CustomField.name == name))
    sent = {"label": "排位号", "kind": "text", "dictionary_id": "0", "row_version": field.row_version}
    assert system_admin.send(f"/fields/{PATH}/{field.id}", **sent).status_code == 302
    db_session.expire_all()
    assert (field.kind, field.label, field.name) == ("count", "排位号", name)


def test_roles_see_and_fill_only_what_is_theirs(county, officer, clerk, leader, firm, db_session):
    seen = county("县级备注", see_roles="县级业务人员")
    filled = county("县级核定", edit_roles="县级业务人员")
    assert fill(officer, firm, **{seen: "甲", filled: "乙"}).status_code == 302
    mine = officer.get(f"/api/v1/{PATH}/{firm.id}").json["result"]
    assert (mine[seen], mine[filled]) == ("甲", "乙")
    theirs = leader.get(f"/api/v1/{PATH}/{firm.id}").json["result"]
    assert seen not in theirs
    assert theirs[filled] == "乙"
    assert leader.get(f"/{PATH}/list/?columns={seen}").status_code == 400
    assert leader.get(f'/{PATH}/list/?where=["and",["and",["{seen}","has","甲"]]]').status_code == 400
    assert "县级备注" not in leader.get(f"/{PATH}/show/{firm.id}").get_data(as_text=True)
    form = clerk.get(f"/{PATH}/add").get_data(as_text=True)
    assert seen not in form
    assert filled not in form


@pytest.mark.parametrize("given", [{"label": "宗教信仰"}, {"label": "备注", "help": "填写 G P S 坐标"}, {"label": "备注", "heading": "重点人员"}])
def test_what_is_never_kept_is_refused_with_the_law(given, system_admin):
    answer = system_admin.send(f"/fields/{PATH}/add", kind="text", dictionary_id="0", **given)
    assert answer.status_code == 422
    assert "《个人信息保护法》" in answer.get_data(as_text=True)


def test_a_label_stands_once_in_a_register(county, system_admin):
    county("特长说明")
    declared = str(find(PATH).declared.columns["name"].info["label"])
    for label in ("特长说明", declared):
        assert system_admin.send(f"/fields/{PATH}/add", label=label, kind="text", dictionary_id="0").status_code == 422


def test_pages_cost_no_statement_more(county, officer, firm, statements):
    def cost() -> int:
        with statements() as seen:
            assert officer.get(f"/{PATH}/list/").status_code == 200
            assert officer.get(f"/{PATH}/show/{firm.id}").status_code == 200
        return len(seen)

    officer.get("/")
    before = cost()
    county("一次读完")
    officer.get(f"/{PATH}/list/")
    assert cost() == before
