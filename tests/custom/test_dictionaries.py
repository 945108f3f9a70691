"""Dictionaries: values with days, locked shipped ones, merging that reaches every record and can be taken back."""
from __future__ import annotations

import json
from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import IntegrityError

from app.areas.divisions.calendar import today
from app.audit import AuditEntry
from app.core.register import registers
from app.web.custom.models import Dictionary, DictionaryEntry
from tests.custom.county import PATH, fill, put


@pytest.fixture
def grades(system_admin, db_session, county):
    """A dictionary of three values, used by a field."""
    where = system_admin.send("/dictionaries/add", label="评定档次").headers["Location"]
    for words in ("一档", "二档", "三档"):
        assert system_admin.send(f"{where}/values", label=words).status_code == 302
    db_session.rollback()
    return db_session.scalar(select(Dictionary).where(Dictionary.label == "评定档次"))


def entry(session, dictionary, code):
    session.expire_all()
    return session.scalar(select(DictionaryEntry).where(DictionaryEntry.dictionary_id == dictionary.id, DictionaryEntry.code == code))


def test_a_choice_offers_values_that_stand_today_and_keeps_others(grades, county, officer, system_admin, firm, db_session):
    name = county("档次", "choice", dictionary_id=str(grades.id))
    form = officer.get(f"/{PATH}/edit/{firm.id}").get_data(as_text=True)
    assert "一档" in form
    assert fill(officer, firm, **{name: "02"}).status_code == 302
    over = (today() - timedelta(days=30)).isoformat()
    second = entry(db_session, grades, "02")
    assert system_admin.send(f"/dictionaries/{grades.id}/values/{second.id}", label="二档", position="2", valid_to=over).status_code == 302
    assert put(officer, firm, **{name: "01"}).status_code == 200
    assert put(officer, firm, **{name: "02"}).status_code == 422, "it cannot be chosen any more"
    assert "二档" in officer.get(f"/{PATH}/show/{firm.id}").get_data(as_text=True), "the history still has words for it"
    assert put(officer, firm, **{name: "nowhere"}).status_code == 422
    listed = officer.get(f"/{PATH}/list/?columns=name,{name}&where=%5B%22and%22%2C%5B%22and%22%2C%5B%22{name}%22%2C%22in%22%2C%2201%22%5D%5D%5D")
    assert "一档" in listed.get_data(as_text=True)


def test_a_merge_rewrites_every_record_and_is_taken_back(grades, county, officer, system_admin, firm, db_session):
    name = county("档次", "choice", dictionary_id=str(grades.id))
    assert fill(officer, firm, **{name: "02"}).status_code == 302
    page = system_admin.get(f"/dictionaries/{grades.id}").get_data(as_text=True)
    assert page.count(">1</td>") == 1, "one record holds one value, though the administrator sees no record"
    first, second = entry(db_session, grades, "01"), entry(db_session, grades, "02")
    assert system_admin.send(f"/dictionaries/{grades.id}/values/{second.id}/merge", into=str(first.id)).status_code == 302
    assert officer.get(f"/api/v1/{PATH}/{firm.id}").json["result"][name] == "01"
    assert put(officer, firm, **{name: "02"}).status_code == 422
    db_session.rollback()
    noted = db_session.scalar(select(AuditEntry).where(AuditEntry.table_name == "law_firm").order_by(AuditEntry.id.desc()).limit(1))
    assert noted.changes == {name: ["02", "01"]}
    assert "二档" in noted.note
    assert system_admin.send(f"/dictionaries/{grades.id}/values/{second.id}/unmerge").status_code == 302
    assert officer.get(f"/api/v1/{PATH}/{firm.id}").json["result"][name] == "02"


def test_shipped_dictionaries_are_seen_used_and_locked(county, officer, system_admin, firm, db_session):
    shipped = db_session.scalar(select(Dictionary).where(Dictionary.name == "division_kind"))
    values = db_session.scalars(select(DictionaryEntry).where(DictionaryEntry.dictionary_id == shipped.id)).all()
    assert {value.label for value in values} >= {"村", "社区"}
    assert "村" in system_admin.get(f"/dictionaries/{shipped.id}").get_data(as_text=True)
    for path in ("rename", "delete", "values", f"values/{values[0].id}", f"values/{values[0].id}/delete"):
        assert system_admin.send(f"/dictionaries/{shipped.id}/{path}", label="甲").status_code == 403, path
    db_session.rollback()
    db_session.execute(text("SELECT set_config('pingan.user', '1', true)"))
    with pytest.raises(IntegrityError, match="a shipped dictionary stays"):
        db_session.execute(text("UPDATE dictionary_entry SET label = '甲' WHERE id = :id"), {"id": values[0].id})
    db_session.rollback()
    name = county("层级", "choice", dictionary_id=str(shipped.id))
    assert put(officer, firm, **{name: "town"}).status_code == 200


def test_every_code_table_of_the_registers_is_a_dictionary(db_session):
    tables = {column.info["choice"] for register in registers() for column in register.declared.columns.values() if column.info["kind"] == "choice"}
    assert db_session.scalar(select(func.count()).select_from(Dictionary).where(Dictionary.shipped)) >= len(tables)


def test_codes_and_dictionaries_in_use_stay(grades, county, system_admin, db_session):
    county("档次", "choice", dictionary_id=str(grades.id))
    first = entry(db_session, grades, "01")
    for path in ("delete", f"values/{first.id}/delete"):
        assert system_admin.send(f"/dictionaries/{grades.id}/{path}").status_code == 302
    assert entry(db_session, grades, "01") is not None
    with pytest.raises(IntegrityError, match="a code stays"):
        db_session.execute(text("UPDATE dictionary_entry SET code = '9' WHERE id = :id"), {"id": first.id})
    db_session.rollback()
    assert system_admin.send(f"/dictionaries/{grades.id}/values", label="又一档", code="01").status_code == 422


@pytest.mark.parametrize("label", ["信 众", "上访人员", "", "长" * 61])
def test_values_that_are_never_kept_or_too_long_are_refused(label, grades, system_admin):
    assert system_admin.send(f"/dictionaries/{grades.id}/values", label=label).status_code == 422
    assert system_admin.send("/dictionaries/add", label=label).status_code == 422


def test_a_field_is_asked_only_when_another_calls_for_it(grades, county, officer, firm, db_session):
    first = county("档次", "choice", dictionary_id=str(grades.id))
    second = county("未评原因", "text", required="y", asked_when=f"{first}=03")
    assert put(officer, firm, **{first: "01", second: "多余"}).status_code in (200, 422)
    assert put(officer, firm, **{first: "01"}).status_code == 200
    refused = put(officer, firm, **{first: "03"})
    assert refused.status_code == 422
    assert "三档" in refused.json["errors"][0]["message"]
    assert put(officer, firm, **{first: "03", second: "筹建中"}).status_code == 200
    with pytest.raises(IntegrityError, match="has another type"):
        db_session.execute(text("UPDATE law_firm SET extra = CAST(:bad AS jsonb)"), {"bad": json.dumps({first: "01", second: "甲"})})
    db_session.rollback()


