"""The end of a service file: it ends by law, lies closed, and is destroyed on time with a certificate."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from app.areas.divisions.calendar import today
from app.areas.keypersons.deletions import KeyPersonDeletion
from app.areas.keypersons.files import FileState, KeyPersonFile
from app.areas.keypersons.retention import QUIET, destroy_due, end_due, run, store_due
from app.areas.keypersons.visits import HelpKind, KeyPersonVisit
from app.database.scope import acting, everywhere
from tests.areas.test_keypersons import made


def ended(session, days_ago, **given):
    """A file whose last day was so many days ago."""
    last = today() - timedelta(days=days_ago)
    return made(session, starts_on=date(2015, 1, 1), review_on=date(2015, 7, 1), ends_on=last, **given)


def test_help_ends_the_day_after_its_last_day(db_session):
    over, running = ended(db_session, 1), ended(db_session, 0, number="FW-T-2")
    assert end_due(today()) >= 1
    assert (over.state, over.closed_on) == (FileState.closed, today() - timedelta(days=1))
    assert running.state is FileState.open


def test_a_closed_file_is_stored_away_after_the_quiet_days(db_session):
    old, young = ended(db_session, QUIET + 1, state=FileState.closed), ended(db_session, QUIET, number="FW-T-3", state=FileState.closed)
    store_due(today())
    assert (old.state, young.state) == (FileState.stored, FileState.closed)


def test_a_file_past_its_time_is_destroyed_with_its_visits_and_certified(db_session):
    file = ended(db_session, 3 * 366 + 5, state=FileState.stored)
    visit = KeyPersonVisit(division_code=file.division_code, file_id=file.id, visited_on=date(2016, 1, 1), kind=HelpKind.visit,
                           visitor="测试", help_given="上门走访")
    kept = ended(db_session, 10, number="FW-T-4", state=FileState.closed)
    db_session.add(visit)
    db_session.flush()
    number, pk = file.number, file.id
    assert destroy_due(today()) >= 1
    proof = db_session.scalar(select(KeyPersonDeletion).where(KeyPersonDeletion.number == number))
    assert (proof.visits, proof.deleted_on) == (1, today())
    assert db_session.scalar(select(func.count()).where(KeyPersonVisit.file_id == pk)) == 0
    assert db_session.scalar(select(func.count()).where(KeyPersonFile.id.in_([pk, kept.id]))) == 1


def test_the_certificate_says_nothing_about_the_person():
    names = {column.key for column in KeyPersonDeletion.__table__.columns}
    assert not names & {"name", "id_number", "id_number_index", "phone", "address", "guardian_name", "helper", "needs"}


def test_a_second_run_of_the_day_finds_nothing_to_do(db_session):
    ended(db_session, 2)
    assert run("2026-01-01")
    assert run("2026-01-01") is None


@pytest.mark.parametrize("column", ["helper", "ends_on", "state"])
def test_nobody_changes_a_stored_file_not_even_by_sql(db_session, column):
    file = ended(db_session, QUIET + 1, state=FileState.stored)
    value = {"helper": "改名", "ends_on": today(), "state": FileState.open}[column]
    with pytest.raises(IntegrityError, match="record is locked"):
        db_session.execute(KeyPersonFile.__table__.update().where(KeyPersonFile.id == file.id).values({column: value}))
    db_session.rollback()


def test_nobody_adds_a_visit_to_a_stored_file(db_session):
    file = ended(db_session, QUIET + 1, state=FileState.stored)
    db_session.add(KeyPersonVisit(division_code=file.division_code, file_id=file.id, visited_on=date(2016, 1, 1), kind=HelpKind.visit,
                                  visitor="测试", help_given="上门走访"))
    with acting(everywhere("某人", user_id=1)), pytest.raises(IntegrityError, match="record is locked"):
        db_session.flush()
    db_session.rollback()


def test_a_person_cannot_destroy_a_stored_file_the_clock_can(db_session):
    file = ended(db_session, QUIET + 1, state=FileState.stored)
    gone = KeyPersonFile.__table__.delete().where(KeyPersonFile.id == file.id)
    with acting(everywhere("某人", user_id=1)), pytest.raises(IntegrityError, match="record is locked"), db_session.begin_nested():
        db_session.execute(gone)
    with acting(everywhere("clock")):
        assert db_session.execute(gone).rowcount == 1


def test_the_page_of_a_stored_file_offers_no_change_and_says_why(db_session, officer):
    file = ended(db_session, QUIET + 1, state=FileState.stored)
    db_session.commit()
    page = officer.get(f"/key_person_files/show/{file.id}").get_data(as_text=True)
    assert f"/key_person_files/edit/{file.id}" not in page
    answer = officer.get(f"/key_person_files/edit/{file.id}", follow_redirects=True).get_data(as_text=True)
    assert "已封存或办结" in answer
    with acting(everywhere("clock")):
        db_session.execute(KeyPersonFile.__table__.delete().where(KeyPersonFile.id == file.id))
        db_session.commit()
