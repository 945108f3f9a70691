"""Access tokens (访问令牌): never wider than their owner, shown once, counted, and ended wherever they must end."""
from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update

from app.core.base import now
from app.core.register import find
from app.security.accounts import create_system
from app.security.models import UserAccount
from app.security.tokens import MARK, ApiToken, make
from app.security.unused import close_unused
from tests.conftest import COUNTY, TOWN
from tests.test_exits import OTHERS

ITEMS = "/api/v1/supervision_items/"


@pytest.fixture
def token_of(app, accounts, db_session):
    """Makes tokens of somebody with a role and a post; they are gone afterwards."""
    made = []

    def token(role="镇街录入员", place=TOWN, registers=(), verbs=("read", "write", "delete"), within=None, days=90):
        owner = db_session.scalar(select(UserAccount).where(UserAccount.username == accounts(role, place)))
        row, secret = make(owner, "测试程序", list(registers), list(verbs), within, days, None)
        made.append(row.id)
        db_session.commit()
        return secret

    yield token
    db_session.rollback()
    db_session.execute(ApiToken.__table__.delete().where(ApiToken.id.in_(made)))
    db_session.commit()


@pytest.fixture
def ask(app):
    """Sends a request as a program does: without cookies."""
    def send(token, path=ITEMS, method="GET", body=None, scheme="Bearer", **headers):
        return app.test_client().open(path, method=method, json=body, headers={"Authorization": f"{scheme} {token}", **headers})

    return send


def codes(answer):
    return {row["division_code"][:9] for row in answer.get_json()["result"]}


def test_a_token_reads_what_its_owner_reads_and_writes_without_a_form_token(token_of, ask, db_session):
    token = token_of()
    assert codes(ask(token, f"{ITEMS}?size=200")) == {TOWN}
    assert ask(token, scheme="bearer").status_code == 200
    row = ask(token, f"{ITEMS}?size=1").get_json()["result"][0]
    changed = ask(token, f"{ITEMS}{row['id']}", "PATCH", {"title": row["title"]}, **{"If-Match": str(row["row_version"])})
    assert changed.status_code in (200, 422)
    kept = db_session.scalars(select(ApiToken).where(ApiToken.name == "测试程序").order_by(ApiToken.id.desc())).first()
    assert token.startswith(kept.prefix)
    assert token not in (kept.digest, kept.prefix)
    assert now() - kept.used_at < timedelta(minutes=1)


def test_the_trail_says_which_program_it_was(token_of, ask, db_session):
    token = token_of("县级业务人员", COUNTY)
    made = ask(token, "/api/v1/units/", "POST", {"division_code": TOWN, "name": "令牌留痕单位", "kind": find("units").columns["kind"].info["choice"](
        next(iter(find("units").columns["kind"].info["choice"]))).value})
    assert made.status_code == 201, made.get_json()
    actor = db_session.scalar(text("SELECT actor FROM audit_entry WHERE table_name = 'unit' AND row_id = :i"), {"i": made.get_json()["result"]["id"]})
    assert actor.endswith("· 测试程序")
    db_session.execute(find("units").table.delete().where(find("units").table.c.name == "令牌留痕单位"))
    db_session.commit()


@pytest.mark.parametrize(("scope", "path", "method", "status"), [
    ({"registers": ["units"]}, ITEMS, "GET", 403), ({"registers": ["supervision_items"]}, ITEMS, "GET", 200),
    ({"verbs": ["read"]}, ITEMS, "POST", 403), ({"verbs": ["write"]}, ITEMS, "GET", 403), ({"verbs": ["read"]}, f"{ITEMS}1", "DELETE", 403),
    ({"role": "领导", "place": COUNTY}, ITEMS, "POST", 403), ({"role": "系统管理员", "place": COUNTY}, ITEMS, "GET", 403),
])
def test_it_may_what_both_it_and_its_owner_may(scope, path, method, status, token_of, ask):
    assert ask(token_of(**scope), path, method, {}).status_code == status


def test_a_division_narrows_and_never_widens(token_of, ask):
    assert codes(ask(token_of("县级业务人员", COUNTY, within=TOWN), f"{ITEMS}?size=200")) == {TOWN}
    assert ask(token_of(within=COUNTY), f"{ITEMS}?division_code={OTHERS}").get_json()["result"] == []
    assert ask(token_of(within=OTHERS), ITEMS).get_json()["result"] == []


@pytest.mark.parametrize("token", ["", "x", f"{MARK}x", MARK + "x" * 500, f"{MARK}\u00ff", "a b c"])
def test_a_wrong_token_opens_nothing_even_beside_a_good_cookie(token, ask, officer):
    assert ask(token.encode().decode("latin-1")).status_code == 401
    answer = officer.get(ITEMS, headers={"Authorization": f"Bearer {token.encode().decode('latin-1')}"})
    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, 'Bearer realm="pingan"')
    assert officer.post(ITEMS, json={}, headers={"Authorization": "Bearer x"}).status_code == 401


def test_it_opens_no_page(token_of, ask):
    token = token_of()
    assert ask(token, "/supervision_items/list/").status_code == 302
    assert ask(token, "/account/tokens").status_code == 302
    assert ask(token, "/api/v1/openapi.json").status_code == 200


def test_it_ends_when_revoked_expired_or_its_owner_is_closed_and_does_not_come_back(token_of, ask, db_session):
    token = token_of("督查指导员", TOWN)
    row = db_session.scalars(select(ApiToken).where(ApiToken.name == "测试程序").order_by(ApiToken.id.desc())).first()
    pk, owner = row.id, row.user_id
    assert ask(token).status_code == 200
    db_session.execute(update(ApiToken).where(ApiToken.id == pk).values(expires_at=now() - timedelta(seconds=1)))
    db_session.commit()
    assert ask(token).status_code == 401
    db_session.execute(update(ApiToken).where(ApiToken.id == pk).values(expires_at=now() + timedelta(days=1)))
    for active in (False, True):
        db_session.execute(text("UPDATE ab_user SET active = :a WHERE id = :i"), {"a": active, "i": owner})
        db_session.commit()
        assert ask(token).status_code == 401
    db_session.expire_all()
    assert db_session.get(ApiToken, pk).revoked_at is not None


def test_rights_taken_from_the_owner_are_taken_from_the_token_at_once(token_of, ask, db_session, accounts):
    token = token_of("督查指导员", TOWN)
    assert ask(token).status_code == 200
    owner = db_session.scalar(select(UserAccount).where(UserAccount.username == accounts("督查指导员", TOWN)))
    roles, owner.roles = list(owner.roles), []
    db_session.commit()
    assert ask(token).status_code == 403
    owner.roles = roles
    db_session.commit()
    assert ask(token).status_code == 200


def test_too_many_requests_in_a_minute_are_told_to_wait(token_of, ask, app, monkeypatch):
    monkeypatch.setitem(app.config, "API_PER_MINUTE", 2)
    token = token_of()
    answers = [ask(token) for _n in range(6)]
    over = next(answer for answer in answers if answer.status_code == 429)
    assert over.get_json()["code"] == "too_many_requests"
    assert 0 < int(over.headers["Retry-After"]) <= 60
    assert ask(token_of()).status_code == 200, "each token is counted for itself"


def typed(browser, path="/account/tokens", **more):
    return browser.send(path, **{"name": "数据交换平台", "verbs": ["read"], "days": "30", **more})


def shown(answer):
    found = re.search(r'id="new-token">([^<]+)<', answer.get_data(as_text=True))
    return found[1] if found else ""


def test_people_make_their_own_on_a_page_see_it_once_and_revoke_it(clerk, ask, db_session):
    answer = typed(clerk, registers=["supervision_items"], within=TOWN)
    token = shown(answer)
    assert ask(token).status_code == 200
    page = clerk.get("/account/tokens").get_data(as_text=True)
    assert token not in page
    assert token[:12] in page
    number = re.search(r"/account/tokens/(\d+)/revoke", page)[1]
    other = clerk.application.test_client()
    assert other.post(f"/account/tokens/{number}/revoke").status_code in (400, 401)
    assert clerk.send(f"/account/tokens/{number}/revoke").status_code == 302
    assert ask(token).status_code == 401
    assert clerk.send(f"/account/tokens/{number}/revoke").status_code == 404
    told = db_session.scalars(text("SELECT action FROM audit_entry WHERE table_name = 'ab_user' ORDER BY id DESC LIMIT 2")).all()
    assert told == ["revoke_token", "token"]


@pytest.mark.parametrize("wrong", [{"name": ""}, {"name": "x" * 81}, {"days": "9999"}, {"verbs": []}, {"verbs": ["reveal"]},
                                   {"registers": ["nothing"]}, {"within": OTHERS}, {"within": "x"}])
def test_a_wish_that_goes_too_far_is_told(wrong, clerk):
    answer = typed(clerk, **wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.get_data(as_text=True)
    assert not shown(answer)


def test_a_fresh_proof_is_asked_for(clerk, db_session):
    db_session.execute(text("UPDATE login_session SET proved_at = now() - interval '1 hour'"))
    db_session.commit()
    answer = typed(clerk)
    assert (answer.status_code, shown(answer)) == (200, "")
    assert "_proof" in answer.get_data(as_text=True)


def test_another_system_has_an_account_of_its_own(system_admin, clerk, make_user, ask, client, db_session):
    made = system_admin.send("/users/add", full_name="县数据交换平台", username="exchange-1", system="1")
    assert 'id="one-time"' not in made.get_data(as_text=True)
    system = db_session.scalar(select(UserAccount).where(UserAccount.username == "exchange-1"))
    pk = system.id
    assert (system.source, system.must_change) == ("system", False)
    assert client.send("/login/", username="exchange-1", password="anything").status_code == 401
    token = shown(typed(system_admin, f"/users/{pk}/tokens"))
    assert ask(token).status_code == 403, "nobody gave the account a role yet"
    security = make_user("安全管理员")
    role = db_session.scalar(text("SELECT id FROM ab_role WHERE name = '督查指导员'"))
    assert security.send(f"/users/{pk}/grants", roles=role, division=TOWN, reach="below").status_code == 302
    assert codes(ask(token, f"{ITEMS}?size=200")) == {TOWN}
    assert system_admin.send(f"/users/{pk}/reset").status_code == 403, "it never becomes a person"
    for stranger in (clerk, security):
        assert typed(stranger, f"/users/{pk}/tokens").status_code == 403
    person = db_session.scalar(select(UserAccount.id).where(UserAccount.username == "tester1"))
    assert typed(system_admin, f"/users/{person}/tokens").status_code == 403, "nobody makes tokens of other people"
    number = db_session.scalar(select(ApiToken.id).where(ApiToken.user_id == pk))
    assert system_admin.send(f"/users/{pk}/tokens/{number}/revoke").status_code == 302
    assert ask(token).status_code == 401


def test_an_account_whose_token_is_used_is_not_unused(app, db_session, ask):
    system = create_system(db_session, "exchange-2", "对接平台")
    _row, secret = make(system, "程序", [], ["read"], None, 30, None)
    db_session.flush()
    db_session.execute(text("UPDATE ab_user SET created_on = now() - interval '400 days', changed_on = now() - interval '400 days' "
                            "WHERE username = 'exchange-2'"))
    db_session.commit()
    assert ask(secret).status_code == 403
    assert "exchange-2" not in close_unused()
    db_session.execute(update(ApiToken).where(ApiToken.name == "程序").values(used_at=now() - timedelta(days=300)))
    assert "exchange-2" in close_unused()
    db_session.rollback()
    db_session.execute(text("UPDATE ab_user SET active = false WHERE username = 'exchange-2'"))
    db_session.commit()


def test_tokens_can_be_switched_off(clerk, app, monkeypatch):
    for setting in ("systems", "off"):
        monkeypatch.setitem(app.config, "TOKENS", setting)
        assert typed(clerk).status_code == 403
        assert "make-h" not in clerk.get("/account/tokens").get_data(as_text=True)
