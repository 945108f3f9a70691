"""Why a person sees something: the answer in words is what the pages really answer."""
from __future__ import annotations

import pytest
from sqlalchemy import select

from app.core.register import registers
from app.security.models import UserAccount
from app.security.why import explain
from tests.conftest import PASSWORD

COUNTY, TOWN, VILLAGE = "371625", "371625101", "371625101200"
PEOPLE = [("县级业务人员", COUNTY), ("镇街录入员", TOWN), ("村社区录入员", VILLAGE), ("领导", "371625102"), ("督查指导员", TOWN),
          ("系统管理员", COUNTY), ("安全管理员", None), ("镇街录入员", None)]


@pytest.fixture
def security_admin(make_user):
    return make_user("安全管理员")


@pytest.fixture(scope="module")
def rows(app):
    """For every register one row of each division that has any."""
    from app.database import db
    from app.database.scope import acting, everywhere

    with app.app_context(), acting(everywhere("test")):
        queries = {r.name: select(getattr(r.model, r.scope_column), r.model.id).order_by(r.model.id) for r in registers()}
        return {name: dict(db.session.execute(query).all()) for name, query in queries.items()}


@pytest.fixture
def enter(app, accounts, db_session):
    """Somebody with a role and a post, signed in: browser and account."""
    def make(role, place=None):
        browser, name = app.test_client(), accounts(role, place, "below")
        browser.sign_in(name, PASSWORD)
        return browser, db_session.scalar(select(UserAccount).where(UserAccount.username == name))
    return make


@pytest.mark.parametrize(("role", "place"), PEOPLE, ids=[f"{role}-{place}" for role, place in PEOPLE])
def test_the_explanation_is_what_the_pages_answer(role, place, enter, rows):
    (person, user), wrong = enter(role, place), []
    for register in registers():
        opens = person.get(f"/{register.name}/list/").status_code == 200
        if explain(user, register, "").reads != opens:
            wrong.append((register.name, "list", opens))
        for code, pk in list(rows[register.name].items())[::250] + [(c, i) for c, i in rows[register.name].items() if c in (COUNTY, TOWN, VILLAGE)]:
            found = person.get(f"/{register.name}/show/{pk}").status_code == 200
            if explain(user, register, code).sees != found:
                wrong.append((register.name, code, found))
    assert not wrong, wrong


def test_a_closed_account_sees_nothing_whatever_its_roles(person, db_session):
    user = person("县级业务人员")
    user.active = False
    db_session.commit()
    answer = explain(user, next(r for r in registers() if r.name == "legal_contracts"), COUNTY)
    assert (answer.reads, answer.sees, answer.writes) == (False, False, False)
    assert answer.verbs[0].roles == ("县级业务人员",)


def test_the_page_names_roles_and_posts_and_opens_no_record(security_admin, enter, statements):
    _browser, user = enter("镇街录入员", TOWN)
    with statements() as seen:
        page = security_admin.get(f"/why/?person={user.id}&register=legal_contracts&division={VILLAGE}").get_data(as_text=True)
    assert all(words in page for words in ("镇街录入员", "曹王镇", "法律顾问合同"))
    assert not [each for each in seen if "FROM legal_contract" in each]
    assert len(seen) <= 14, "\n".join(seen)


def test_people_are_found_by_name_and_only_by_whoever_gives_rights(security_admin, clerk, enter):
    _browser, user = enter("镇街录入员", TOWN)
    found = security_admin.get(f"/why/people?q={user.username}").json["results"]
    assert str(user.id) in {each["id"] for each in found}
    assert clerk.get("/why/people?q=a").status_code == 403
    assert clerk.get("/why/").status_code == 403


@pytest.mark.parametrize("question", ["person=99999999", "person=x", "register=nothing", "person=%00"])
def test_what_does_not_exist_is_not_explained(security_admin, question):
    assert security_admin.get(f"/why/?{question}").status_code == 404
