"""What is looked for is found by its words, numbers and initials, within the caller's scope and rights alone."""
from __future__ import annotations

import re
from contextlib import contextmanager
from datetime import date

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import ProgrammingError

from app.areas.legal.contracts import LegalContract
from app.core.register import find, registers
from app.database import db
from app.database.scope import NOWHERE, Range, Scope, acting, everywhere
from app.web import searching

MINE, OTHERS = "371625101", "371625102"
REGISTER = find("legal_contracts")


def found(words, **options):
    return searching.found_ids(REGISTER, words, **options)


@contextmanager
def contract(session, code, number, client):
    row = LegalContract(division_code=code, number=number, client=client, firm_id=session.scalar(text("SELECT min(id) FROM law_firm")),
                        starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    session.add(row)
    session.flush()
    yield row
    session.rollback()


@pytest.fixture
def row(db_session):
    with contract(db_session, MINE, "Zx-2026-7431", "蠡湖镇农机驿站（甲％区_）") as made:
        yield made


@pytest.mark.parametrize("words", [
    "蠡", "蠡湖", "蠡湖镇", "农机驿站", "7431", "zx-2026-7431", "ZX-2026-74", "蠡湖 7431", "7431  农机", "(甲%区_)", "（甲"])
def test_it_is_found_by_words_of_any_length(row, words):
    assert row.id in found(words)


@pytest.mark.parametrize("words", [
    "湖蠡", "蠡湖 7432", "甲%站", "甲_", "蠡_镇", "%蠡湖镇%农", "\\", "' OR 1=1 --", "蠡湖');--", "2026-7431蠡", "\x00", "\x1f"])
def test_what_it_does_not_contain_does_not_find_it(row, words):
    assert row.id not in found(words)


@pytest.mark.parametrize(("words", "expected"), [("lhznj", True), ("hznjyz", True), ("lhzjn", False), ("l", True)])
def test_initials_find_where_they_are_asked_for(row, words, expected):
    assert (row.id in (found(words, by_initials=True) or ())) is expected
    assert row.id not in found("lhznj")


@pytest.mark.parametrize("words", ["nsyh", "nsyx"])
def test_both_readings_of_a_character_are_known(db_session, words):
    with contract(db_session, MINE, "N-1", "蠡湖农商银行") as row:
        assert row.id in found(words, by_initials=True)


def test_updates_and_deletes_follow(db_session, row):
    row.client = "澹台镇"
    db_session.flush()
    assert row.id not in found("蠡湖")
    assert row.id in found("澹台")
    row.division_code = OTHERS
    db_session.flush()
    with acting(Scope(ranges=(Range.below(MINE),))):
        assert row.id not in found("澹台")
    db_session.delete(row)
    db_session.flush()
    assert found("澹台") == []


def test_a_raw_statement_is_followed_too(db_session, row):
    db_session.execute(text("UPDATE legal_contract SET client = '澹台镇' WHERE id = :id"), {"id": row.id})
    assert row.id in found("澹台")


def test_nobody_finds_rows_of_another_town(db_session, row):
    with acting(Scope(ranges=(Range.below(OTHERS),))):
        assert found("蠡湖") == []
        assert searching.hits([r.name for r in registers()], "蠡湖", 5) == []
    with acting(Scope(ranges=(Range.below(MINE),))):
        assert found("蠡湖") == [row.id]


def test_without_a_scope_the_functions_answer_nothing(db_session, row):
    with acting(NOWHERE):
        assert db.session.scalar(text("SELECT cardinality(pingan_find('legal_contracts', '蠡湖', 100, true))")) == 0
        names = [r.name for r in registers()]
        assert db.session.execute(text("SELECT * FROM pingan_search(:names, '博', 20)"), {"names": names}).all() == []


@pytest.mark.parametrize("table", ["search_entry", "search_source", "pinyin_initial"])
def test_the_entries_cannot_be_read_directly(db_session, table):
    with pytest.raises(ProgrammingError, match="permission denied"):
        db_session.execute(text(f"SELECT * FROM {table}"))


@pytest.mark.parametrize("code", [MINE, OTHERS])
@pytest.mark.parametrize("register", [pytest.param(r, id=r.name) for r in registers()])
def test_search_and_row_security_see_the_same_rows(app, register, code):
    """Every row of the register that the town may read is found by its own words, and no other."""
    with app.app_context(), acting(everywhere("tests")):
        words = dict(db.session.execute(select(register.model.id, getattr(register.model, register.searched[0]))).all())
        db.session.rollback()
    with app.app_context(), acting(Scope(ranges=(Range.below(code),))):
        seen = set(db.session.scalars(select(register.model.id)))
        for number, said in list(words.items())[:40]:
            assert (number in (searching.found_ids(register, str(said)) or ())) is (number in seen and bool(said)), said
        db.session.rollback()


def test_sealed_values_are_in_no_entry(app):
    from sqlalchemy import create_engine

    engine = create_engine(app.config["DATABASE_OWNER_URL"])
    with engine.connect() as owner:
        for register in registers():
            count = owner.scalar(text("SELECT count(*) FROM search_entry WHERE register = :name"), {"name": register.name})
            assert count == owner.scalar(text(f"SELECT count(*) FROM {register.table.name}")), register.name
            if register.sensitive:
                assert not owner.scalar(text("SELECT max(initials) FROM search_entry WHERE register = :name"), {"name": register.name})
            for name in register.sealed:
                leaks = text(f"SELECT count(*) FROM {register.table.name} t JOIN search_entry e ON e.row_id = t.id AND e.register = :name "
                             f"WHERE strpos(e.words, lower(t.{name}::text)) > 0")
                assert owner.scalar(leaks, {"name": register.name}) == 0
    engine.dispose()


def test_the_search_box_is_one_statement_and_asks_for_rights(officer, system_admin, statements):
    officer.get("/search/?q=甲乙")
    with statements() as seen:
        page = officer.get("/search/?q=甲乙").get_data(as_text=True)
    assert "演示甲乙律师事务所" in page
    assert sum("pingan_search" in each for each in seen) == 1
    assert len(seen) <= 5, "\n".join(seen)
    assert "演示甲乙律师事务所" in officer.get("/search/?q=ysjyls").get_data(as_text=True)
    assert "演示甲乙律师事务所" not in system_admin.get("/search/?q=甲乙").get_data(as_text=True)


def _firm(db_session):
    """The name of the firm now: other tests may have put a word behind it."""
    return db_session.scalar(text("SELECT name FROM law_firm WHERE name LIKE '%甲乙%'"))


def test_the_typeahead_knows_initials(officer, db_session):
    results = officer.get("/lookup/law_firms?q=jyls").get_json()["results"]
    assert [each["text"] for each in results] == [_firm(db_session)]


def test_the_list_finds_by_two_characters(officer, db_session):
    answer = officer.get("/api/v1/law_firms/?q=甲乙").get_json()
    assert [each["name"] for each in answer["result"]] == [_firm(db_session)]
    assert officer.get("/api/v1/law_firms/?q=甲丙").get_json()["result"] == []


def test_a_word_in_nearly_every_row_is_still_searched_exactly(app, monkeypatch, db_session, row):
    monkeypatch.setattr(searching, "found_ids", lambda *_a, **_o: None)
    query = select(LegalContract.id).where(searching.contains(REGISTER, "蠡湖 （甲%"))
    assert list(db_session.scalars(query)) == [row.id]
    assert list(db_session.scalars(select(LegalContract.id).where(searching.contains(REGISTER, "蠡%镇")))) == []


def test_a_common_word_says_so(db_session):
    assert found("FG", most=3) is None


POINTING = [r for r in registers() if any(n in r.columns and r.columns[n].info["kind"] == "link" for n in r.title)]


@pytest.mark.parametrize("register", [pytest.param(r, id=r.name) for r in POINTING])
def test_a_title_that_points_to_another_record_is_told_by_its_name(register, officer, db_session):
    """The answers of a checklist are called by their item, which nobody knows by its number."""
    row, name = db_session.scalar(select(register.model).limit(1)), register.searched[0]
    before = getattr(row, name)
    setattr(row, name, "题名检索用语")
    db_session.commit()
    page = officer.get("/search/?q=题名检索用语").get_data(as_text=True)
    setattr(row, name, before)
    db_session.commit()
    told = re.search(rf'href="/{register.name}/show/{row.id}">([^<]+)</a>', page)[1]
    assert not told.strip().isdigit()
    assert told.strip() in officer.get(f"/{register.name}/show/{row.id}").get_data(as_text=True)
