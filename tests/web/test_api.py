"""The interface (接口): strict in what it takes, steady in its pages, and nothing done twice or overwritten unseen."""
from __future__ import annotations

import pytest
from sqlalchemy import delete, func, select

from app.core.register import find, registers
from app.database import db
from app.web.api.repeats import ApiAnswer
from app.web.workbook.columns import required
from tests.conftest import TOWN
from tests.forms import new_row

pytestmark = pytest.mark.usefixtures("issued")
ALL = [pytest.param(r, id=r.name) for r in registers()]
ITEMS = find("supervision_items")
API = "/api/v1/supervision_items/"


def typed(register, code, **given):
    """Values for a new row as JSON has them."""
    made = {}
    for name, word in new_row(register, code).items():
        kind = register.columns[name].info["kind"]
        made[name] = int(word) if kind in ("count", "link") else bool(word) if kind == "flag" else word
    return made | given


def send(person, method, path, body=None, **headers):
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return person.open(path, method=method, json=body, headers={"X-CSRFToken": person.csrf(), **named})


@pytest.fixture
def made(clerk, db_session):
    """Adds items of the clerk's town and takes them away again."""
    ids = []

    def add(**given):
        answer = send(clerk, "POST", API, typed(ITEMS, TOWN, **given))
        assert answer.status_code == 201, answer.get_json()
        ids.append(answer.get_json()["result"]["id"])
        return answer.get_json()["result"]

    yield add
    db_session.rollback()
    db_session.execute(delete(ITEMS.model).where(ITEMS.model.id.in_(ids)))
    db_session.commit()


@pytest.mark.parametrize("register", ALL)
def test_pages_by_cursor_hold_every_row_once(register, officer):
    path, whole = f"/api/v1/{register.name}/", officer.get(f"/api/v1/{register.name}/?size=200").get_json()
    ids = [row["id"] for row in whole["result"]]
    for sort in ("", *dict.fromkeys((*register.order[:1], next(n for n, c in register.columns.items() if c.info["kind"] not in ("sealed", "note"))))):
        seen, cursor = [], ""
        for _page in range(len(ids) // 60 + 2):
            body = officer.get(path, query_string={"size": 60, **({"sort": sort} if sort else {}), **({"cursor": cursor} if cursor else {}),
                                                   "fields": "id"}).get_json()
            seen += [row["id"] for row in body["result"]]
            cursor = body["next"]
            if not cursor:
                break
        if whole["next"] is None:
            assert sorted(seen) == sorted(ids), sort
        assert len(set(seen)) == len(seen), sort
    assert "count" not in whole
    assert officer.get(f"{path}?size=1&count=true").get_json()["count"] >= min(len(ids), 1)


def test_a_row_added_meanwhile_neither_repeats_nor_hides_another(clerk, made):
    titles = [made(title=f"分页稳定{n}")["id"] for n in range(4)]
    first = clerk.get(f"{API}?title=分页稳定&size=2").get_json()
    late = made(title="分页稳定9")["id"]
    second = clerk.get(f"{API}?title=分页稳定&size=2&cursor={first['next']}").get_json()
    got = [row["id"] for row in (*first["result"], *second["result"])]
    assert sorted(got) == sorted(titles)
    assert late not in got
    assert second["next"] is None


@pytest.mark.parametrize("query", ["cursor=x", "size=0", "size=201", "size=x", "sort=nothing", "fields=nothing", "titel=x", "count=maybe", "state=x",
                                   "due_on_from=x", "where=x", "sort=-due_on&cursor={next}", "state=open&cursor={next}"])
def test_a_query_that_makes_no_sense_is_refused_with_a_code_and_words(query, officer):
    mark = officer.get(f"{API}?size=1").get_json()["next"]
    answer = officer.get(f"{API}?{query.format(next=mark)}")
    body = answer.get_json()
    assert (answer.status_code, answer.mimetype, body["status"]) == (400, "application/problem+json", 400)
    assert body["code"] in ("bad_request", "bad_cursor", "bad_parameter", "unknown_field", "unknown_parameter")
    assert body["detail"]


def test_only_the_asked_fields_come_and_relations_come_as_ids(officer):
    rows = officer.get("/api/v1/centre_assessments/?size=3&fields=year,centre_id").get_json()["result"]
    assert all(set(row) == {"id", "row_version", "year", "centre_id"} and isinstance(row["centre_id"], int) for row in rows)
    centre = rows[0]["centre_id"]
    own = officer.get(f"/api/v1/centre_assessments/?centre_id={centre}&fields=centre_id").get_json()["result"]
    assert {row["centre_id"] for row in own} == {centre}


def test_a_change_must_name_the_version_that_was_read(clerk, made):
    row = made(title="版本前提")
    path = f"{API}{row['id']}"
    tag = clerk.get(path).headers["ETag"]
    assert send(clerk, "PUT", path, {"title": "甲"}).status_code == 428
    assert send(clerk, "DELETE", path).status_code in (403, 428)
    changed = send(clerk, "PATCH", path, {"title": "甲"}, If_Match=tag)
    assert (changed.status_code, changed.get_json()["result"]["title"]) == (200, "甲")
    assert changed.headers["ETag"] != tag
    late = send(clerk, "PUT", path, {"title": "乙"}, If_Match=tag)
    assert (late.status_code, late.get_json()["code"]) == (412, "version_mismatch")
    assert clerk.get(path).get_json()["result"]["title"] == "甲"
    assert send(clerk, "PUT", path, {"title": "丙", "row_version": 1}).status_code == 412
    assert send(clerk, "PUT", path, {"title": "丙"}, If_Match="*").status_code == 200


def test_a_field_is_emptied_by_null_and_keeps_what_is_not_named(clerk, made):
    name = next(n for n, c in ITEMS.writable.items() if c.nullable and c.info["kind"] in ("text", "note"))
    row = made(title="清空字段", **{name: "有内容"})
    body = send(clerk, "PUT", f"{API}{row['id']}", {name: None}, If_Match="*").get_json()["result"]
    assert (body[name], body["title"]) == (None, "清空字段")


@pytest.mark.parametrize("register", [p for p in ALL if not p.values[0].frozen])
def test_wrong_values_are_told_field_by_field(register, officer):
    wrong = {name: {"x": 1} for name in register.writable} | {"nothing": 1}
    answer = send(officer, "POST", f"/api/v1/{register.name}/", wrong)
    if answer.status_code == 403:
        return
    assert answer.status_code == 422
    assert {each["field"] for each in answer.get_json()["errors"]} == set(wrong)
    needed = {name for name, column in register.writable.items() if required(column) and column.info["kind"] != "flag"}
    missing = send(officer, "POST", f"/api/v1/{register.name}/", {}).get_json()
    assert needed <= {each["field"] for each in missing["errors"]}


@pytest.mark.parametrize(("body", "mime", "status"), [
    (b"{", "application/json", 400), (b"[]", "application/json", 400), (b'{"title": NaN}', "application/json", 400), (b"{}", "text/plain", 415),
    (b'{"title": "\\ud800"}', "application/json", 400), (b"[" * 100_000, "application/json", 400), (b"\xff", "application/json", 400),
    (b'{"title": ' + b"1" * 9000 + b"}", "application/json", 400),
])
def test_a_body_that_is_no_json_is_refused(body, mime, status, clerk):
    answer = clerk.post(API, data=body, content_type=mime, headers={"X-CSRFToken": clerk.csrf()})
    assert (answer.status_code, answer.mimetype) == (status, "application/problem+json")


def test_the_cookie_alone_changes_nothing(clerk):
    answer = clerk.post(API, json={})
    assert (answer.status_code, answer.mimetype) == (400, "application/problem+json")


def _count(title):
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(ITEMS.model).where(ITEMS.model.title == title))


def test_the_same_request_sent_again_is_done_once(clerk, officer, db_session):
    body = typed(ITEMS, TOWN, title="幂等一次")
    first = send(clerk, "POST", API, body, Idempotency_Key="key-1")
    again = send(clerk, "POST", API, body, Idempotency_Key="key-1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.get_json() == first.get_json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert again.headers["Location"] == first.headers["Location"] == f"{API}{first.get_json()['result']['id']}"
    assert _count("幂等一次") == 1
    other = send(clerk, "POST", API, {**body, "title": "另一条"}, Idempotency_Key="key-1")
    assert (other.status_code, other.get_json()["code"]) == (422, "idempotency_key_reused")
    assert send(officer, "POST", API, body, Idempotency_Key="key-1").status_code == 201, "the keys of others are their own"
    assert _count("幂等一次") == 2
    assert send(clerk, "POST", API, {**body, "title": ""}, Idempotency_Key="key-2").status_code == 422
    assert send(clerk, "POST", API, body, Idempotency_Key="key-2").status_code == 201, "a refusal keeps no key"
    db_session.execute(delete(ITEMS.model).where(ITEMS.model.title == "幂等一次"))
    db_session.execute(ApiAnswer.__table__.delete())
    db_session.commit()


def test_many_rows_go_in_together_or_not_at_all(clerk, db_session):
    rows = [typed(ITEMS, TOWN, title=f"批量{n}") for n in range(3)]
    refused = send(clerk, "POST", f"{API}bulk", {"rows": [rows[0], {**rows[1], "title": 5}, "x"]})
    assert refused.status_code == 422
    assert [(each["row"], each["field"]) for each in refused.get_json()["errors"]] == [(1, "title"), (2, "")]
    assert _count("批量0") == 0
    done = send(clerk, "POST", f"{API}bulk", {"rows": rows})
    assert [each["created"] for each in done.get_json()["result"]] == [True] * 3
    assert _count("批量2") == 1
    for bad in ({}, {"rows": []}, {"rows": {}}, {"rows": rows, "mode": "x"}, {"rows": rows, "more": 1}, {"rows": [{}] * 501}):
        assert send(clerk, "POST", f"{API}bulk", bad).status_code == 422
    db_session.execute(delete(ITEMS.model).where(ITEMS.model.title.in_([row["title"] for row in rows])))
    db_session.commit()


@pytest.mark.parametrize("register", [p for p in ALL if p.values[0].key and not p.values[0].frozen])
def test_upsert_changes_the_row_of_the_key_and_adds_what_is_new(register, officer, db_session):
    rows = [typed(register, TOWN) for _n in range(2)]
    rows = [{**dict.fromkeys(register.key, f"接口{n}"), **row} for n, row in enumerate(rows)]
    path = f"/api/v1/{register.name}/bulk"
    first = send(officer, "POST", path, {"rows": rows[:1], "mode": "upsert"})
    if first.status_code == 403:
        return
    assert first.status_code == 200, first.get_json()
    second = send(officer, "POST", path, {"rows": rows, "mode": "upsert"})
    assert second.status_code == 200, second.get_json()["errors"]
    assert [each["created"] for each in second.get_json()["result"]] == [False, True]
    assert second.get_json()["result"][0]["id"] == first.get_json()["result"][0]["id"]
    twice = send(officer, "POST", path, {"rows": [rows[0], rows[0]], "mode": "upsert"})
    assert [each["row"] for each in twice.get_json()["errors"]] == [1]
    stale = send(officer, "POST", path, {"rows": [{**rows[0], "row_version": 99}], "mode": "upsert"})
    assert [each["field"] for each in stale.get_json()["errors"]] == ["row_version"]
    ids = [each["id"] for each in second.get_json()["result"]]
    db_session.execute(delete(register.model).where(register.model.id.in_(ids)))
    db_session.commit()


def test_a_list_costs_few_statements(officer, statements):
    officer.get(API)
    with statements() as seen:
        assert officer.get(API).status_code == 200
    assert len(seen) <= 3, "\n".join(seen)
