"""Service files: the closed list, its laws, its ends, and what may never be stored."""
from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.exc import IntegrityError

from app.areas.keypersons.files import FileState, KeyPersonFile, workflow
from app.areas.keypersons.groups import RULES, StatutoryGroup, years_after
from app.areas.keypersons.visits import KeyPersonVisit
from app.core import identifiers
from app.core.register import find
from app.core.sealed import Sealed

VILLAGE = "371625101"
ID_NUMBER = "00000019900101001" + identifiers.resident_check("00000019900101001")
NEVER = ("religion", "ethnic", "nation", "opinion", "petition", "political", "risk", "grade", "score", "latitude",
         "longitude", "location", "face", "crime", "offence", "conviction", "diagnosis", "cult", "hiv")


def made(session, **given) -> KeyPersonFile:
    """A file of an invented person, saved."""
    facts = {
        "division_code": VILLAGE, "statutory_group": StatutoryGroup.drug_recovery, "name": "张测试", "id_number": ID_NUMBER,
        "phone": "19900000001", "address": "测试村1号", "starts_on": date(2026, 1, 10), "review_on": date(2026, 7, 10),
        "reviewer": "测试",
    }
    file = KeyPersonFile(**{**facts, **given})
    session.add(file)
    session.flush()
    return file


def test_the_list_has_seven_groups_and_each_names_its_law():
    assert set(RULES) == set(StatutoryGroup)
    assert len(RULES) == 7
    for group, rule in RULES.items():
        assert rule.basis.startswith("《中华人民共和国"), group
        assert "条" in rule.basis
        assert rule.kept >= 1


def test_nobody_enters_outside_the_list(db_session):
    with pytest.raises(ValueError, match="petitioner"):
        made(db_session, statutory_group="petitioner")
    db_session.rollback()


def test_the_database_holds_the_list_even_against_plain_sql(db_session):
    file = made(db_session)
    with pytest.raises(IntegrityError, match="statutory_group_known"):
        db_session.execute(text("UPDATE key_person_file SET statutory_group = 'petitioner' WHERE id = :i"), {"i": file.id})
    db_session.rollback()


@pytest.mark.parametrize("model", [KeyPersonFile, KeyPersonVisit])
def test_no_column_holds_what_is_never_stored(model):
    names = [column.key for column in inspect(model).columns]
    assert [name for name in names for word in NEVER if word in name.split("_") or name.startswith(word)] == []


def test_the_law_and_the_end_come_from_the_group(db_session):
    file = made(db_session)
    assert file.legal_basis == RULES[StatutoryGroup.drug_recovery].basis
    assert file.ends_on == date(2029, 1, 10)
    assert file.retention_until == date(2032, 1, 10)
    assert file.number.startswith("FW-2026-")


def test_a_group_without_a_fixed_term_has_no_end_until_one_is_given(db_session):
    file = made(db_session, statutory_group=StatutoryGroup.elderly)
    assert (file.ends_on, file.retention_until) == (None, None)
    file.ends_on = date(2026, 12, 31)
    db_session.flush()
    assert file.retention_until == date(2027, 12, 31)


def test_a_law_typed_by_hand_does_not_stay(db_session):
    file = made(db_session, legal_basis="无")
    assert file.legal_basis == RULES[StatutoryGroup.drug_recovery].basis
    assert not {"legal_basis", "retention_until", "closed_on", "state"} & set(find("key_person_files").writable)


def test_a_file_closed_early_ends_that_day_and_is_kept_from_then(db_session):
    file = made(db_session)
    file.state, file.closed_on = FileState.closed, date(2026, 6, 1)
    db_session.flush()
    assert (file.ends_on, file.retention_until) == (date(2026, 6, 1), date(2029, 6, 1))


@pytest.mark.parametrize("given", [
    pytest.param({"ends_on": date(2026, 1, 9)}, id="an end before the start"),
    pytest.param({"review_on": date(2026, 1, 9)}, id="a review before the start"),
])
def test_dates_out_of_order_are_refused(db_session, given):
    with pytest.raises(IntegrityError):
        made(db_session, **given)
    db_session.rollback()


def test_a_file_is_never_destroyed_before_its_end(db_session):
    file = made(db_session)
    with pytest.raises(IntegrityError, match="kept_past_end"):
        db_session.execute(text("UPDATE key_person_file SET retention_until = ends_on - 1 WHERE id = :i"), {"i": file.id})
    db_session.rollback()


def test_personal_data_reaches_the_database_closed_only(db_session):
    file = made(db_session)
    row = db_session.execute(text("SELECT * FROM key_person_file WHERE id = :i"), {"i": file.id}).one()
    assert not [word for word in ("张测试", ID_NUMBER, "19900000001", "测试村1号") if word in str(row)]
    db_session.expire(file)
    again = db_session.scalar(select(KeyPersonFile).where(KeyPersonFile.id == file.id))
    assert isinstance(again.id_number, Sealed)
    assert ID_NUMBER not in f"{again.id_number} {again.id_number!r}"


def test_a_file_goes_from_help_to_storage_and_says_why_it_ended():
    assert [step.name for step in workflow.offered(KeyPersonFile(state=FileState.open))] == ["close"]
    assert workflow.find("close").needs_note
    assert workflow.offered(KeyPersonFile(state=FileState.stored)) == ()


def test_a_leap_day_has_its_day_in_other_years():
    assert years_after(date(2024, 2, 29), 3) == date(2027, 2, 28)
