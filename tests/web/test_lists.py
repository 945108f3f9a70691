"""Lists of every register: conditions, columns, ticked rows and saved queries."""
from __future__ import annotations

import json
import re

import pytest

from app.core.register import registers
from app.web.criteria import OPERATORS, offered

pytestmark = pytest.mark.usefixtures("issued")
ALL = [pytest.param(register, id=register.name) for register in registers()]
SAMPLES = {"money": "1.5", "count": "2", "decimal": "3", "day": "2026-01-31", "month": "2026-01", "flag": "1", "link": "1", "division": "371625"}
MOST_STATEMENTS = 12


def _conditions(register):
    for name, column in offered(register).items():
        kind = column.info["kind"]
        value = next(iter(column.info["choice"])).value if kind == "choice" else SAMPLES.get(kind, "百分%_")
        for operator in OPERATORS[kind]:
            yield [name, operator, *([] if operator in ("empty", "filled") else [value, value] if operator == "between" else [value])]


@pytest.mark.parametrize("register", ALL)
def test_every_offered_condition_is_answered(register, officer):
    for condition in _conditions(register):
        where = json.dumps(["and", ["or", condition]])
        answer = officer.get(f"/api/v1/{register.name}/", query_string={"where": where})
        assert answer.status_code == 200, condition


@pytest.mark.parametrize("register", ALL)
def test_a_condition_and_its_opposite_share_out_the_rows(register, officer):
    def count(condition):
        asked = {"where": json.dumps(["and", ["and", condition]]), "count": "true"}
        return officer.get(f"/api/v1/{register.name}/", query_string=asked).get_json()["count"]

    whole = officer.get(f"/api/v1/{register.name}/?count=true").get_json()["count"]
    for name in offered(register):
        if "empty" in OPERATORS[register.columns[name].info["kind"]]:
            assert count([name, "empty"]) + count([name, "filled"]) == whole, name


@pytest.mark.parametrize("register", ALL)
def test_sealed_columns_are_never_asked_for(register, officer):
    for name in register.sealed:
        for operator in ("is", "has", "empty"):
            where = json.dumps(["and", ["and", [name, operator, "x"]]])
            assert officer.get(f"/{register.name}/list/", query_string={"where": where}).status_code == 400


NONSENSE = ["x", "[]", "[1]", '["and"]', '["and",["and"]]', '["and",["and",["title"]]]', '["not",["and",["title","has","x"]]]', "[" * 3000,
            '["and",["and",["title","has",{}]]]', '["and",["and",["nothing","has","x"]]]', '["and",["and",["due_on","is","yesterday"]]]',
            '["and",["and",["due_on","between","2026-01-01"]]]', '["and",["and",["state","in","unknown"]]]',
            '["and",["and",["title","has","\\u0000"]]]',
            json.dumps(["and", *[["and", ["title", "has", "x"]]] * 4]), json.dumps(["and", ["and", *[["title", "has", "x"]] * 7]])]


@pytest.mark.parametrize("where", NONSENSE)
def test_conditions_that_cannot_be_read_are_refused_in_words(where, officer):
    answer = officer.get("/supervision_items/list/", query_string={"where": where})
    assert answer.status_code == 400
    assert officer.get("/api/v1/supervision_items/", query_string={"where": where}).status_code == 400


@pytest.mark.parametrize("query", ["columns=no_such", "ids=1;2", "due_on_from=x", "due_on_is=maybe", "grade=unknown", "q=%00", "page=x"])
def test_an_address_that_means_nothing_is_a_bad_request(query, officer):
    assert officer.get(f"/supervision_items/list/?{query}").status_code == 400


@pytest.mark.parametrize("register", ALL)
def test_the_columns_of_the_address_are_shown_in_its_order(register, officer):
    wanted = tuple(reversed(register.listed))
    page = officer.get(f"/{register.name}/list/?columns={','.join(wanted)}").get_data(as_text=True)
    assert tuple(re.findall(r'<th scope="col" data-col="(\w+)"', page)) == wanted


@pytest.mark.parametrize("register", ALL)
def test_a_list_costs_few_statements(register, officer, statements):
    officer.get(f"/{register.name}/list/")
    with statements() as seen:
        assert officer.get(f"/{register.name}/list/").status_code == 200
    assert len(seen) <= MOST_STATEMENTS, "\n".join(seen)


def test_an_export_has_the_chosen_columns_and_rows_of_the_list(officer):
    import io

    from python_calamine import CalamineWorkbook

    rows = officer.get("/api/v1/supervision_items/?size=2").get_json()["result"]
    ids = ",".join(str(row["id"]) for row in rows)
    answer = officer.get(f"/export/supervision_items?ids={ids}&columns=title,number")
    sheet = CalamineWorkbook.from_filelike(io.BytesIO(answer.data)).get_sheet_by_index(0).to_python()
    assert {(line[0], line[1]) for line in sheet[1:]} == {(row["title"], row["number"]) for row in rows}
    assert len(sheet[0]) == 2


@pytest.mark.parametrize("register", ALL)
def test_ticked_rows_that_are_not_all_there_are_left_alone(register, clerk, officer):
    first = officer.get(f"/api/v1/{register.name}/?size=1").get_json()["result"][0]["id"]
    before = officer.get(f"/api/v1/{register.name}/?count=true").get_json()["count"]
    acts = ["delete", "export", *(f"step:{t.name}" for t in (register.workflow.transitions if register.workflow else ()))]
    for act in acts:
        answer = officer.send(f"/{register.name}/batch/", act=act, ids=[first, 2**40], note="测试理由")
        assert answer.status_code == 404, act
        assert clerk.send(f"/{register.name}/batch/", act=act, ids=[2**40], note="测试理由").status_code in (403, 404), act
    assert officer.get(f"/api/v1/{register.name}/?count=true").get_json()["count"] == before


def test_each_ticked_row_takes_the_step_whole_or_says_why_not(officer):
    from app.core.register import find

    register = find("supervision_items")
    step = next(t for t in register.workflow.transitions if not t.requires and not t.needs_note)
    rows = officer.get("/api/v1/supervision_items/?size=100").get_json()["result"]
    ready = next(row for row in rows if row["state"] in [s.value for s in step.source])
    other = next(row for row in rows if row["state"] not in [s.value for s in step.source])
    answer = officer.send("/supervision_items/batch/", act=f"step:{step.name}", ids=[ready["id"], other["id"]])
    assert answer.status_code == 302
    page = officer.get("/supervision_items/list/").get_data(as_text=True)
    assert other["title"] in page
    assert officer.get(f"/api/v1/supervision_items/{ready['id']}").get_json()["result"]["state"] == step.target.value
    assert officer.get(f"/api/v1/supervision_items/{other['id']}").get_json()["result"]["state"] == other["state"]


def _view_id(browser, name, path="/supervision_items/list/?view=0"):
    page = browser.get(path).get_data(as_text=True)
    found = re.search(rf'view=(\d+)"[^>]*>{name}<', page)
    return int(found[1]) if found else None


def test_a_saved_query_is_its_owner_s_until_it_is_shared(officer, clerk):
    officer.send("/views/supervision_items/save", name="重大事项", query="grade=major&page=3")
    pk = _view_id(officer, "重大事项")
    assert pk is not None
    assert _view_id(clerk, "重大事项") is None
    assert clerk.send(f"/views/{pk}/delete", query="").status_code == 404
    assert clerk.send(f"/views/{pk}/change", name="改名").status_code == 404
    officer.send(f"/views/{pk}/change", name="重大事项", reach="all")
    assert _view_id(clerk, "重大事项") == pk
    assert clerk.send(f"/views/{pk}/delete", query="").status_code == 404
    officer.send(f"/views/{pk}/delete", query="")
    assert _view_id(officer, "重大事项") is None


def test_only_those_who_may_share_do(clerk):
    assert clerk.send("/views/supervision_items/save", name="给大家", query="grade=major", reach="all").status_code == 403
    assert clerk.send("/views/supervision_items/save", name="给自己", query="grade=major").status_code == 302
    assert clerk.send("/views/supervision_items/save", name="坏", query="where=x").status_code == 400


def test_a_role_opens_the_list_by_its_default_and_finds_the_way_out(officer, make_user, db_session):
    from flask_appbuilder.security.sqla.models import Role
    from sqlalchemy import select

    role = db_session.scalar(select(Role.id).where(Role.name == "领导"))
    officer.send("/views/legal_contracts/save", name="领导先看", query="sort=-id", reach=f"role:{role}")
    leader = make_user("领导", "371625")
    page = leader.get("/legal_contracts/list/").get_data(as_text=True)
    assert "领导先看" in page
    assert 'class="opened-by"' in page
    assert 'class="opened-by"' not in leader.get("/legal_contracts/list/?view=0").get_data(as_text=True)
    assert 'class="opened-by"' not in officer.get("/legal_contracts/list/").get_data(as_text=True)
    officer.send(f"/views/{_view_id(officer, '领导先看', '/legal_contracts/list/?view=0')}/delete", query="")
    assert "领导先看" not in leader.get("/legal_contracts/list/").get_data(as_text=True)


def test_without_a_person_the_database_shows_no_saved_query(app, db_session):
    from sqlalchemy import create_engine, text

    engine = create_engine(app.config["SQLALCHEMY_DATABASE_URI"])
    with engine.begin() as connection:
        assert connection.scalar(text("SELECT count(*) FROM saved_view")) == 0
    engine.dispose()


def test_a_layout_is_kept_for_its_person_alone(officer, clerk):
    officer.send("/views/law_firms/layout", columns=["name"], density="dense", query="")
    heads = re.findall(r'<th scope="col" data-col="(\w+)"', officer.get("/law_firms/list/").get_data(as_text=True))
    assert heads == ["name"]
    assert len(re.findall(r'<th scope="col" data-col="(\w+)"', clerk.get("/law_firms/list/").get_data(as_text=True))) > 1
    officer.send("/views/law_firms/layout", reset="1", density="", query="")
    assert len(re.findall(r'<th scope="col" data-col="(\w+)"', officer.get("/law_firms/list/").get_data(as_text=True))) > 1
