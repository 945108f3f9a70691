"""Exports: what the list shows, small ones at once, large ones by the worker, with a cover that says what was asked."""
from __future__ import annotations

import csv
import io
import re

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy import delete, select, text

from app.core.register import find
from app.database.scope import acting, everywhere
from app.jobs.assignments import Assignment
from app.jobs.queue import run_worker
from app.security.models import UserAccount
from tests.conftest import TOWN

REGISTER = find("legal_contracts")


@pytest.fixture
def large(app, db_session):
    """More than three rows are large."""
    before, app.config["EXPORT_AT_ONCE"] = app.config["EXPORT_AT_ONCE"], 3
    yield
    app.config["EXPORT_AT_ONCE"] = before
    db_session.rollback()
    db_session.execute(text("DELETE FROM procrastinate_jobs"))
    for user_id in db_session.scalars(select(UserAccount.id)).all():
        with acting(everywhere("tests", user_id)):
            db_session.execute(delete(Assignment))
    db_session.commit()


def sheets(content):
    book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    return [book.get_sheet_by_index(place).to_python() for place in range(len(book.sheet_names))]


def test_the_cover_says_what_was_asked_in_words(officer):
    data, cover = sheets(officer.get(f"/export/legal_contracts?state=active&division_code={TOWN}&q=%E6%94%BF&columns=number,client,fee").data)
    said = {row[0]: row[1] for row in cover}
    assert "履行中" in said["查询条件"]
    assert "政" in said["查询条件"]
    assert TOWN not in said["查询条件"], "a division is named, not numbered"
    assert len(data[0]) == 3
    assert int(said["行数"]) == len(data) - 1


def test_the_order_and_the_columns_of_the_list_hold(officer):
    data = sheets(officer.get("/export/legal_contracts?sort=-number&columns=number").data)[0]
    numbers = [row[0] for row in data[1:]]
    assert numbers == sorted(numbers, reverse=True)
    assert len(data[0]) == 1


def test_a_text_file_opens_in_excel(officer):
    answer = officer.get("/export/legal_contracts?format=csv")
    assert answer.data.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert len({len(row) for row in rows}) == 1
    assert officer.get("/export/legal_contracts?format=exe").status_code == 400


def test_a_large_export_is_made_by_the_worker_for_its_person_alone(app, officer, clerk, large):
    answer = officer.get("/export/legal_contracts?sort=number")
    assert answer.status_code == 303
    assignment = answer.headers["Location"]
    run_worker(app, wait=False)
    file = re.search(r'href="(/export/file/\d+)"', officer.get(assignment).get_data(as_text=True))[1]
    assert len(sheets(officer.get(file).data)[0]) > 4
    assert clerk.get(file).status_code == 404
    assert clerk.get(assignment).status_code == 404
    assert app.test_client().get(file).status_code == 401


def test_the_worker_exports_within_the_divisions_of_its_person(app, clerk, large):
    assignment = clerk.get("/export/legal_contracts").headers.get("Location") or clerk.get("/export/supervision_items").headers["Location"]
    run_worker(app, wait=False)
    file = re.search(r'href="(/export/file/\d+)"', clerk.get(assignment).get_data(as_text=True))[1]
    rows = sheets(clerk.get(file).data)[0]
    assert len(rows) > 1
    assert all(row[0].startswith(TOWN) for row in rows[1:])


def test_every_export_stands_in_the_trail(officer, db_session):
    officer.get("/export/legal_contracts?state=active")
    note = db_session.scalar(text("SELECT note FROM audit_entry WHERE action = 'export' ORDER BY id DESC LIMIT 1"))
    assert note.startswith("xlsx, ")
    assert "履行中" in note
