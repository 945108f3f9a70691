"""Large imports in the queue: under the person's own scope and rights, and all or nothing however the worker dies."""
from __future__ import annotations

import io
import os
import random
import re
import signal
import time

import pytest
import xlsxwriter
from flask_appbuilder.security.sqla.models import Role
from sqlalchemy import delete, func, select, text

from app.areas.legal.contracts import LegalContract
from app.areas.legal.firms import LawFirm
from app.core.register import find
from app.database import db
from app.database.scope import acting, everywhere
from app.jobs.assignment_work import execute
from app.jobs.assignments import Assignment
from app.jobs.queue import run_worker
from app.security.models import UserAccount
from tests.conftest import TOWN

REGISTER, ROWS = find("legal_contracts"), 60
ROUNDS = int(os.environ.get("PINGAN_KILL_ROUNDS", "3"))
"""How often the worker is killed; `PINGAN_KILL_ROUNDS=50` is the long run."""


@pytest.fixture(autouse=True)
def quiet(app, db_session):
    """Files of more than ten rows are large here; afterwards nothing is left of them."""
    before, app.config["IMPORT_AT_ONCE"] = app.config["IMPORT_AT_ONCE"], 10
    yield
    app.config["IMPORT_AT_ONCE"] = before
    db_session.rollback()
    db_session.execute(delete(LegalContract).where(LegalContract.number.like("量%")))
    db_session.execute(text("DELETE FROM procrastinate_jobs"))
    for user_id in db_session.scalars(select(UserAccount.id)).all():
        with acting(everywhere("tests", user_id)):
            db_session.execute(delete(Assignment))
    db_session.commit()


@pytest.fixture
def book(app, db_session):
    """A workbook of new contracts of one town; ``wrong`` rows have no firm."""
    from app.web.workbook.columns import header, import_columns

    firm = db_session.scalar(select(LawFirm.name).limit(1))

    def make(rows=ROWS, wrong=0, prefix="量"):
        out, names = io.BytesIO(), ("division_code", "number", "client", "firm_id", "starts_on", "ends_on", "fee")
        made = xlsxwriter.Workbook(out, {"in_memory": True})
        sheet = made.add_worksheet()
        with app.test_request_context():
            sheet.write_row(0, 0, [header(import_columns(REGISTER)[name]) for name in names])
        for row in range(rows):
            sheet.write_row(row + 1, 0, [TOWN, f"{prefix}{row}", "某镇人民政府", "没有这家所" if row < wrong else firm,
                                         "2026-01-01", "2026-12-31", "5000"])
        made.close()
        return out.getvalue()

    return make


def sent(browser, content):
    """Upload it; the address of the assignment."""
    answer = browser.post("/import/legal_contracts/check", content_type="multipart/form-data",
                          data={"csrf_token": browser.csrf(), "file": (io.BytesIO(content), "大.xlsx")})
    assert answer.status_code == 303, answer.get_data(as_text=True)[:500]
    return answer.headers["Location"]


def checked(app, browser, content):
    """Upload it and let the worker check it; the page with the outcome, and the token of the upload."""
    assignment = sent(browser, content)
    run_worker(app, wait=False)
    page = browser.get(assignment).get_data(as_text=True)
    there = re.search(r'href="(/import/legal_contracts/([0-9a-f]{32})/checked/\d+)"', page)
    assert there, page
    return browser.get(there[1]), there[2]


def written(browser, token, **fields):
    answer = browser.send(f"/import/legal_contracts/{token}/write", **fields)
    assert answer.status_code == 303
    return answer.headers["Location"]


def found():
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(LegalContract).where(LegalContract.number.like("量%")))


def test_a_large_file_is_checked_and_written_by_the_worker(app, officer, book, db_session):
    page, token = checked(app, officer, book())
    assert page.status_code == 200
    assert found() == 0
    assignment = written(officer, token)
    assert "load delay:2s" in officer.get(assignment).get_data(as_text=True)
    assert assignment in officer.get("/bell").json["html"], "the bell leads back to it"
    assert written(officer, token) == assignment, "a second press is the same assignment"
    run_worker(app, wait=False)
    assert found() == ROWS
    assert "load delay:2s" not in officer.get(assignment).get_data(as_text=True)
    entries = db_session.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'insert' AND table_name = 'legal_contract' "
                                     "AND changes -> 'number' ->> 1 LIKE '量%' AND actor LIKE '测试%'"))
    assert entries == ROWS, "every row stands in the trail under the person's name"
    assert "量59" in officer.get("/legal_contracts/list/?q=量59").get_data(as_text=True)


def test_wrong_rows_are_told_and_only_the_good_ones_written_when_chosen(app, officer, book):
    page, token = checked(app, officer, book(wrong=2))
    assert "D2" in page.get_data(as_text=True)
    assert officer.get(f"/import/legal_contracts/{token}/marked").status_code == 200
    refused = written(officer, token)
    run_worker(app, wait=False)
    assert "alert-danger" in officer.get(refused).get_data(as_text=True)
    assert found() == 0
    written(officer, token, only="good")
    run_worker(app, wait=False)
    assert found() == ROWS - 2


def test_nobody_else_sees_the_assignment(app, officer, clerk, book):
    assignment = sent(officer, book())
    assert clerk.get(assignment).status_code == 404
    assert assignment not in clerk.get("/assignments/").get_data(as_text=True)
    assert assignment in officer.get("/assignments/").get_data(as_text=True)
    assert app.test_client().get(assignment).status_code == 401


def give(db_session, username, role):
    """Let the account hold this role alone."""
    user_id = db_session.scalar(select(UserAccount.id).where(UserAccount.username == username))
    role_id = db_session.scalar(select(Role.id).where(Role.name == role))
    db_session.execute(text("DELETE FROM ab_user_role WHERE user_id = :user"), {"user": user_id})
    db_session.execute(text("INSERT INTO ab_user_role (user_id, role_id) VALUES (:user, :role)"), {"user": user_id, "role": role_id})
    db_session.commit()


def test_rights_that_were_taken_away_meanwhile_stop_the_worker(app, make_user, accounts, book, db_session):
    person, name = make_user("县级业务人员", "371625", "alone"), accounts("县级业务人员", "371625", "alone")
    page, token = checked(app, person, book())
    assert page.status_code == 200
    assignment = written(person, token)
    give(db_session, name, "领导")
    run_worker(app, wait=False)
    give(db_session, name, "县级业务人员")
    assert found() == 0
    again = make_user("县级业务人员", "371625", "alone")
    assert "alert-danger" in again.get(assignment).get_data(as_text=True), "the change ended the session, not the assignment's record"


def killed_after(app, assignment_id, user_id, seconds):
    """Let another process do the assignment and kill it; whether it was still at work."""
    child = os.fork()
    if child == 0:  # pragma: no cover - the child never returns.
        try:
            db.engine.dispose(close=False)
            execute(app, assignment_id, user_id)
        finally:
            os._exit(0)
    time.sleep(seconds)
    if os.waitpid(child, os.WNOHANG)[0]:
        return False
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return True


def test_a_killed_worker_writes_nothing_and_the_next_one_all(app, officer, accounts, book, db_session):
    user_id = db_session.scalar(select(UserAccount.id).where(UserAccount.username == accounts("县级业务人员", "371625")))
    dice, killed = random.Random(4), 0
    for number in range(ROUNDS):
        _page, token = checked(app, officer, book(400, prefix=f"量{number}-"))
        assignment, before = int(written(officer, token).rsplit("/", 1)[1]), found()
        db_session.rollback()
        if killed_after(app, assignment, user_id, dice.uniform(0.05, 1.5)):
            killed += 1
            assert found() in (before, before + 400), "all or nothing"
        with acting(everywhere("tests")):
            db_session.execute(text("UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE status = 'todo'"))
            db_session.commit()
        run_worker(app, wait=False)
        assert found() == before + 400
        with acting(everywhere("tests", user_id)):
            assert db_session.scalar(select(Assignment.status).where(Assignment.id == assignment)).value == "done"
    assert killed, "not once was the worker met at its work"
