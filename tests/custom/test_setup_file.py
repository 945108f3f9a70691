"""The county's set-up goes out as one file and comes back the same; a dry run names every conflict and keeps nothing."""
from __future__ import annotations

import copy
import io
import json

import pytest
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import delete, func, select

from app.security.models import UserAccount
from app.security.saved_views import SavedView
from app.web.custom.models import CustomField, Dictionary, FormLayout
from tests.custom.county import PATH


@pytest.fixture
def whole(county, system_admin, db_session):
    """A county with one thing of each part, as its file."""
    where = system_admin.send("/dictionaries/add", label="评定档次").headers["Location"]
    for words in ("一档", "二档"):
        system_admin.send(f"{where}/values", label=words)
    first = county("档次", "choice", dictionary_id=where.rpartition("/")[2], filtered="y")
    county("未评原因", asked_when=f"{first}=02", required="y")
    assert system_admin.send(f"/layouts/{PATH}", act="save", **{"group-name": "本县分组", "list-0": ["name", first]}).status_code == 302
    return json.loads(system_admin.get("/setup-file/download").data)


def wipe(session):
    for model in (CustomField, FormLayout):
        session.execute(delete(model))
    session.execute(delete(Dictionary).where(~Dictionary.shipped))
    session.commit()


def tried(browser, said):
    return browser.post("/setup-file/check", content_type="multipart/form-data",
                        data={"csrf_token": browser.csrf(), "file": (io.BytesIO(json.dumps(said).encode()), "setup.json")})


def test_a_file_brings_the_same_county_back(whole, system_admin, officer, db_session):
    wipe(db_session)
    dry = tried(system_admin, whole)
    assert dry.status_code == 200, dry.get_data(as_text=True)
    assert db_session.scalar(select(func.count()).select_from(CustomField)) == 0, "a dry run keeps nothing"
    db_session.rollback()
    assert system_admin.send("/setup-file/apply", content=json.dumps(whole)).status_code == 302
    assert json.loads(system_admin.get("/setup-file/download").data) == whole
    assert "本县分组" in officer.get(f"/{PATH}/add").get_data(as_text=True)
    again = tried(system_admin, whole).get_data(as_text=True)
    assert "无变化" in again
    assert "新增</span>" not in again


def changed(said, **parts):
    made = copy.deepcopy(said)
    for name, change in parts.items():
        change(made[name])
    return made


CONFLICTS = [
    ("fields", lambda fields: fields[0].update(register="nowhere"), "没有台账“nowhere”"),
    ("fields", lambda fields: fields[0].update(label="宗教信仰"), "一律不得采集"),
    ("fields", lambda fields: fields[0].update(dictionary="d_none"), "没有字典“d_none”"),
    ("fields", lambda fields: fields[0].update(see_roles=["无此角色"]), "没有角色“无此角色”"),
    ("fields", lambda fields: fields[0].update(name="name"), "机器名以 x_ 开头"),
    ("fields", lambda fields: fields[0].update(kind="sealed"), "没有类型“sealed”"),
    ("fields", lambda fields: fields.append({"register": PATH}), "无法识别"),
    ("dictionaries", lambda every: every[0]["entries"].append({"code": "a b", "label": "甲"}), "代码只能用"),
    ("dictionaries", lambda every: every[0]["entries"][0].update(label="上访户"), "一律不得采集"),
    ("layouts", lambda every: every[0]["said"]["columns"].update(nothing={"place": 1}), "“nothing”"),
    ("layouts", lambda every: every[0]["said"]["columns"].update(name={"required": True}), "不能设为必填"),
    ("views", lambda every: every.append({"register": PATH, "name": "错查询", "query": "where=%5B", "reach": "all"}), "错查询"),
]


def test_every_conflict_is_named_and_nothing_is_read_in(whole, system_admin, db_session):
    wipe(db_session)
    for part, change, words in CONFLICTS:
        bad = changed(whole, **{part: change})
        answer = tried(system_admin, bad)
        assert answer.status_code == 422, words
        assert words in answer.get_data(as_text=True)
        assert system_admin.send("/setup-file/apply", content=json.dumps(bad)).status_code == 422
    assert db_session.scalar(select(func.count()).select_from(CustomField)) == 0
    assert db_session.scalar(select(func.count()).select_from(Dictionary).where(~Dictionary.shipped)) == 0
    db_session.rollback()


@pytest.fixture
def no_shared(app, databases):
    """Shared queries are gone afterwards; only their owner may take them away."""
    yield
    with app.app_context():
        from app.database import db
        from app.database.scope import acting, everywhere

        for (owner,) in db.session.execute(select(UserAccount.id)).all():
            db.session.rollback()
            with acting(everywhere("tests", owner)):
                db.session.execute(delete(SavedView).where(SavedView.name.in_(("有档次的", "新查询"))))
                db.session.commit()


def test_a_shared_query_goes_out_and_comes_in_as_one_s_own(no_shared, whole, officer, system_admin, db_session):
    assert officer.send(f"/views/{PATH}/save", name="有档次的", query="sort=name", reach="all").status_code == 302
    file = json.loads(system_admin.get("/setup-file/download").data)
    assert {"register": PATH, "name": "有档次的", "query": "sort=name", "reach": "all"} in file["views"]
    other = copy.deepcopy(file)
    next(view for view in other["views"] if view["name"] == "有档次的")["query"] = "sort=-name"
    assert "其他人已共享同名的查询" in tried(system_admin, other).get_data(as_text=True)
    own = {**file, "views": [{"register": PATH, "name": "新查询", "query": "sort=-name", "reach": "role", "role": "领导"}]}
    assert system_admin.send("/setup-file/apply", content=json.dumps(own)).status_code == 302
    assert "新查询" in {view["name"] for view in json.loads(system_admin.get("/setup-file/download").data)["views"]}


def test_roles_come_in_by_the_security_administrator_alone(whole, system_admin, make_user, db_session):
    guard = make_user("安全管理员")
    file = json.loads(guard.get("/setup-file/download").data)
    assert "roles" not in whole
    assert {role["name"] for role in file["roles"]} >= {"领导", "审计员"}
    wanted = {"pingan": "setup", "format": 1, "roles": [{"name": "查阅员", "rights": [["can_read", PATH]]}]}
    assert "略过" in tried(system_admin, wanted).get_data(as_text=True)
    mixed = {**wanted, "roles": [{"name": "全能员", "rights": [["can_read", PATH], ["can_write", "roles"]]}]}
    assert tried(guard, mixed).status_code == 422
    assert guard.send("/setup-file/apply", content=json.dumps(wanted)).status_code == 302
    assert db_session.scalar(select(func.count()).select_from(Role).where(Role.name == "查阅员")) == 1
    db_session.delete(db_session.scalar(select(Role).where(Role.name == "查阅员")))
    db_session.commit()


@pytest.mark.parametrize("content", ["", "[]", "{", "null", '{"pingan": "setup"}', '{"pingan": "setup", "format": 1, "people": []}',
                                     '{"pingan": "setup", "format": 1, "fields": {}}', '{"pingan": "setup", "format": 1, "fields": [5]}'])
def test_a_file_that_is_none_is_refused_in_words(content, system_admin):
    for answer in (system_admin.send("/setup-file/apply", content=content), system_admin.post(
            "/setup-file/check", content_type="multipart/form-data", data={"csrf_token": system_admin.csrf(), "file": (io.BytesIO(
                content.encode()), "x.json")})):
        assert answer.status_code == 422
        assert 'role="alert"' in answer.get_data(as_text=True)


