"""The second factor: six figures once, ten recovery codes once, one lock with the password, and nobody without it who must have it."""
from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from app.core.base import now
from app.security import second_factor
from app.security.models import RecoveryCode, SecondFactor, SignInAttempt, UserAccount

from .conftest import RIGHT

TRIES = 5


def _secret(db_session, user):
    return second_factor.secret_of(second_factor.found(db_session, user.id))


def _code(db_session, user, ahead=0):
    return second_factor.code_at(_secret(db_session, user), second_factor.step_of(now()) + ahead)


@pytest.fixture
def with_factor(person, db_session):
    """A maker of people whose second factor is on; answers person and recovery codes."""

    def make(role=None):
        user = person(role)
        second_factor.begin(db_session, user)
        codes = second_factor.confirm(db_session, user, _code(db_session, user, -1))
        assert codes
        db_session.commit()
        return user, codes

    return make


@pytest.fixture
def step(enter, app):
    """Signs in up to the second step, then sends the code."""

    def send(user, code, browser=None):
        browser = browser or app.test_client()
        answer = enter(user.username, browser=browser)
        assert answer.headers["Location"].startswith("/login/code")
        page = browser.get("/login/code").get_data(as_text=True)
        token = re.search(r'name="csrf_token" value="([^"]+)"', page)[1]
        return browser.post("/login/code", data={"csrf_token": token, "code": code})

    return send


def test_codes_are_those_of_the_standard():
    # RFC 6238, appendix B, its SHA-1 rows, by their last six figures.
    known = {59: "287082", 1111111109: "081804", 1234567890: "005924", 2000000000: "279037", 20000000000: "353130"}
    assert {at: second_factor.code_at(b"12345678901234567890", at // 30) for at in known} == known


def test_set_up_on_the_page_then_sign_in_with_password_and_code(person, enter, client, app, db_session):
    user, other = person(), app.test_client()
    enter(user.username)
    enter(user.username, browser=other)
    assert client.send("/account/second-factor/begin").status_code == 302
    page = client.get("/account/second-factor").get_data(as_text=True)
    assert '<svg role="img"' in page
    assert re.search(r'factor-secret">([A-Z2-7 ]+)<', page)[1].replace(" ", "") == second_factor.secret_text(second_factor.found(db_session, user.id))
    assert client.send("/account/second-factor/confirm", code="000000x").status_code == 422
    assert not second_factor.is_on(db_session, user.id)
    page = client.send("/account/second-factor/confirm", code=_code(db_session, user)).get_data(as_text=True)
    codes = re.findall(r"<li>([a-z0-9-]{19})</li>", page)
    assert len(set(codes)) == second_factor.RECOVERY_CODES
    assert codes[0] not in client.get("/account/second-factor").get_data(as_text=True)
    assert other.get("/account").status_code == 302, "sessions opened by a password alone are over"
    browser = app.test_client()
    assert enter(user.username, browser=browser).headers["Location"].startswith("/login/code")
    assert browser.get("/account").status_code == 302, "the password alone opens nothing"


@pytest.mark.parametrize("spelling", ["{}", " {} ", "{0[0]}{0[1]}{0[2]} {0[3]}{0[4]}{0[5]}", "wide"])
def test_a_code_enters_once_however_it_is_typed(with_factor, step, db_session, spelling):
    user, _codes = with_factor()
    code = _code(db_session, user)
    typed = "".join(chr(ord(c) + 0xFEE0) for c in code) if spelling == "wide" else spelling.format(code)
    assert step(user, typed).status_code == 302
    assert step(user, code).status_code == 401
    assert step(user, f"{code[:3]} {code[3:]}").status_code == 401


@pytest.mark.parametrize(("ahead", "taken"), [(-3, False), (0, True), (1, True), (3, False)])
def test_a_phone_may_be_half_a_minute_off(with_factor, step, db_session, monkeypatch, ahead, taken):
    user, _codes = with_factor()
    db_session.execute(update(SecondFactor).where(SecondFactor.user_id == user.id).values(last_step=0))
    db_session.commit()
    assert (step(user, _code(db_session, user, ahead)).status_code == 302) is taken


def test_of_two_at_once_exactly_one_is_taken(with_factor, app, db_session):
    from app.database import db

    user, _codes = with_factor()
    for race in range(20):
        db_session.execute(update(SecondFactor).where(SecondFactor.user_id == user.id).values(last_step=0))
        db_session.commit()
        code, taken, start = _code(db_session, user), [], threading.Barrier(2)

        def take(code=code, taken=taken, start=start):
            with app.app_context():
                start.wait()
                if second_factor.accept(db.session, user.id, code):
                    taken.append(1)
                db.session.commit()

        threads = [threading.Thread(target=take) for _each in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(taken) == 1, f"race {race}"


def test_a_recovery_code_works_once_and_is_kept_as_a_digest(with_factor, step, db_session):
    user, codes = with_factor()
    kept = set(db_session.scalars(select(RecoveryCode.digest).where(RecoveryCode.user_id == user.id)))
    assert not kept & set(codes)
    assert step(user, codes[0].upper().replace("-", " ")).status_code == 302
    assert step(user, codes[0]).status_code == 401
    assert second_factor.codes_left(db_session, user.id) == second_factor.RECOVERY_CODES - 1


def test_one_persons_recovery_code_is_nothing_to_another(with_factor, step):
    (one, _own), (_other, codes) = with_factor(), with_factor()
    assert step(one, codes[0]).status_code == 401


def test_wrong_codes_lock_like_wrong_passwords_and_the_right_password_between_does_not_help(with_factor, step, enter, app, db_session):
    user, _codes = with_factor()
    for _each in range(TRIES):
        assert step(user, "000000").status_code == 401
    assert enter(user.username, browser=app.test_client()).status_code == 401
    failed = db_session.scalar(select(func.count()).select_from(SignInAttempt).where(
        SignInAttempt.name == user.username, SignInAttempt.outcome == "failed"))
    assert failed == TRIES


def test_the_second_step_ends_after_five_minutes(with_factor, enter, app, db_session):
    from app.security.models import LoginSession

    user, _codes = with_factor()
    browser = app.test_client()
    enter(user.username, browser=browser)
    db_session.execute(update(LoginSession).where(LoginSession.user_id == user.id).values(ends_at=now() - timedelta(seconds=1)))
    db_session.commit()
    assert browser.get("/login/code").headers["Location"].startswith("/login/")


def test_the_secret_is_sealed_in_the_database_and_bound_to_its_person(with_factor, db_session):
    (one, _c), (two, _d) = with_factor(), with_factor()
    kept = second_factor.found(db_session, one.id)
    assert second_factor.secret_text(kept) not in kept.secret
    stolen = SecondFactor(user_id=two.id, secret=kept.secret)
    with pytest.raises(ValueError, match="moved or altered"):
        second_factor.secret_text(stolen)


def test_new_recovery_codes_replace_the_former(with_factor, step, db_session):
    user, codes = with_factor()
    fresh = second_factor.new_recovery_codes(db_session, user.id)
    db_session.commit()
    assert step(user, codes[3]).status_code == 401
    assert step(user, fresh[3]).status_code == 302


@pytest.mark.parametrize(("role", "needed"), [
    (None, False), ("系统管理员", True), ("安全管理员", True), ("审计员", True), ("镇街录入员", True), ("县级业务人员", True), ("领导", False),
])
def test_who_must_have_one(person, app, db_session, role, needed):
    user = person(role)
    with app.test_request_context():
        from app.database import db

        assert second_factor.is_needed(db.session.get(UserAccount, user.id)) is needed


@pytest.fixture
def required(app, monkeypatch):
    monkeypatch.setitem(app.config, "SECOND_FACTOR", "required")


def test_who_must_have_one_has_seven_days_then_sees_nothing_else(required, person, enter, client, db_session):
    user = person("审计员")
    assert enter(user.username).headers["Location"] == "/"
    db_session.expire_all()
    assert timedelta(days=6) < user.factor_due_at - now() <= second_factor.GRACE
    assert client.get("/audit/").status_code == 200
    user.factor_due_at = now() - timedelta(minutes=1)
    db_session.commit()
    assert client.get("/audit/").headers["Location"] == "/account/second-factor"
    assert client.get("/api/v1/legal_contracts/").status_code == 403
    assert client.get("/account/second-factor").status_code == 200
    client.send("/account/second-factor/begin")
    assert client.send("/account/second-factor/confirm", code=_code(db_session, user)).status_code == 200
    assert client.get("/audit/").status_code == 200


def test_signing_in_again_gives_no_new_days(required, person, enter, app, db_session):
    user = person("审计员")
    enter(user.username)
    db_session.expire_all()
    due = user.factor_due_at
    enter(user.username, browser=app.test_client())
    db_session.expire_all()
    assert user.factor_due_at == due


def test_a_person_with_other_rights_is_asked_for_nothing(required, person, enter, db_session):
    user = person("领导")
    enter(user.username)
    db_session.expire_all()
    assert user.factor_due_at is None


def test_switching_off_gives_whoever_must_have_one_no_days(required, with_factor, step, client, db_session):
    user, _codes = with_factor("审计员")
    step(user, _code(db_session, user), client)
    assert client.send("/account/second-factor/off").status_code == 302
    assert client.get("/audit/").headers["Location"] == "/account/second-factor"


def test_a_security_administrator_resets_it_for_others_and_not_for_themselves(with_factor, make_user, clerk, system_admin, step, client, db_session):
    security_admin = make_user("安全管理员")
    user, _codes = with_factor()
    step(user, _code(db_session, user), client)
    assert system_admin.send(f"/access/{user.id}/factor/reset").status_code == 403
    assert clerk.send(f"/access/{user.id}/factor/reset").status_code == 403
    assert security_admin.send(f"/access/{user.id}/factor/reset").status_code == 302
    assert client.get("/account").status_code == 302
    assert not second_factor.is_on(db_session, user.id)
    assert security_admin.send(f"/access/{user.id}/factor/reset").status_code == 409


def test_administrators_see_and_end_sessions_and_nobody_else_does(person, enter, client, system_admin, make_user, clerk):
    user = person()
    for admin in (system_admin, make_user("安全管理员")):
        enter(user.username)
        assert "werkzeug" not in admin.get(f"/access/{user.id}").get_data(as_text=True).lower()
        assert clerk.get(f"/access/{user.id}").status_code == 403
        assert clerk.send(f"/access/{user.id}/end").status_code == 403
        assert admin.send(f"/access/{user.id}/end/999999999").status_code == 404
        assert admin.send(f"/access/{user.id}/end").status_code == 302
        assert client.get("/account").status_code == 302


def test_with_the_setting_off_nobody_is_asked(with_factor, enter, client, app, monkeypatch):
    user, _codes = with_factor()
    monkeypatch.setitem(app.config, "SECOND_FACTOR", "off")
    assert enter(user.username, RIGHT).headers["Location"] == "/"
    assert client.get("/account/second-factor").status_code == 404


def test_the_last_security_administrator_is_helped_on_the_server(with_factor, app, db_session):
    user, _codes = with_factor("安全管理员")
    answer = app.test_cli_runner().invoke(args=["security", "reset-second-factor", user.username])
    assert answer.exit_code == 0, answer.output
    db_session.expire_all()
    assert not second_factor.is_on(db_session, user.id)
    assert app.test_cli_runner().invoke(args=["security", "reset-second-factor", user.username]).exit_code == 1


def test_no_other_door_takes_the_password_alone(with_factor, person, app):
    (user, _codes), plain = with_factor(), person()
    with app.test_request_context():
        manager = app.appbuilder.sm
        assert manager.auth_user_db(user.username, RIGHT) is None
        assert manager.auth_user_db(plain.username, RIGHT).username == plain.username
