"""Sealed values open in their own cell alone, and show nothing but their mask."""
from __future__ import annotations

import secrets

import pytest

from app.security.sealing import BadSealingKey, SealBroken, Sealer, mask_of, master_key

PLAIN = "371625199001010011"
CELL = ("key_person_file", "id_number", "0b7f")
sealer = Sealer(b"k" * 32)


def test_a_value_opens_in_its_own_cell():
    assert sealer.open(sealer.seal(PLAIN, *CELL, "id"), *CELL) == PLAIN


@pytest.mark.parametrize("elsewhere", [
    ("other_table", "id_number", "0b7f"), ("key_person_file", "phone", "0b7f"), ("key_person_file", "id_number", "1c80"),
])
def test_a_token_moved_to_another_table_column_or_row_does_not_open(elsewhere):
    with pytest.raises(SealBroken):
        sealer.open(sealer.seal(PLAIN, *CELL, "id"), *elsewhere)


@pytest.mark.parametrize("part", range(4))
def test_a_token_altered_in_any_part_does_not_open(part):
    parts = sealer.seal(PLAIN, *CELL, "id").split(".")
    for place in range(len(parts[part]) - 1):
        altered = parts[part][:place] + ("A" if parts[part][place] != "A" else "B") + parts[part][place + 1 :]
        with pytest.raises(SealBroken):
            sealer.open(".".join([*parts[:part], altered, *parts[part + 1 :]]), *CELL)


@pytest.mark.parametrize("token", ["", "v1", "v1.a.b", "v2.a.b.c", "....", PLAIN])
def test_what_is_no_token_is_refused_and_masked(token):
    with pytest.raises(SealBroken):
        sealer.open(token, *CELL)
    assert PLAIN not in sealer.mask(token)


def test_another_key_opens_nothing():
    with pytest.raises(SealBroken, match="not the key of this console"):
        Sealer(b"x" * 32).open(sealer.seal(PLAIN, *CELL, "id"), *CELL)


def test_the_same_value_never_gives_the_same_token_and_none_holds_it():
    tokens = {sealer.seal(PLAIN, *CELL, "id") for _each in range(10_000)}
    assert len(tokens) == 10_000
    assert not any(PLAIN in token for token in tokens)


@pytest.mark.parametrize(("plain", "kind", "shown"), [
    (PLAIN, "id", "371***********0011"), ("13800138000", "phone", "138****8000"), ("2820000", "phone", "*******"),
    ("山东省滨州市博兴县曹王镇东鲁村12号", "address", "山东省滨州市****"), ("东鲁村12号", "address", "东鲁村****"),
    ("张三", "name", "张*"), ("欧阳娜娜", "name", "欧***"), ("1", "id", "****"),
])
def test_masks(plain, kind, shown):
    assert mask_of(plain, kind) == shown
    assert sealer.mask(sealer.seal(plain, *CELL, kind)) == shown


@pytest.mark.parametrize("spelling", ["37162519900101001x", " 37162519900101001X ", "３７１６２５19900101001Ｘ", "371625 19900101 001X"])
def test_equal_values_meet_in_the_index_however_they_are_typed(spelling):
    assert sealer.index(spelling, *CELL[:2]) == sealer.index("37162519900101001X", *CELL[:2])


def test_the_index_differs_by_column_key_and_value():
    digests = {sealer.index(PLAIN, *CELL[:2]), sealer.index(PLAIN, "key_person_file", "phone"),
               sealer.index(PLAIN + "1", *CELL[:2]), Sealer(b"x" * 32).index(PLAIN, *CELL[:2])}
    assert len(digests) == 4


@pytest.mark.parametrize("key", ["", "short", "A" * 42, "not base64 ü"])
def test_a_missing_or_wrong_key_is_refused_in_words(key, tmp_path):
    with pytest.raises(BadSealingKey, match="32 random bytes"):
        master_key({"SEALING_KEY": key, "DATA_DIR": tmp_path})


def test_the_key_comes_from_the_data_folder_too(tmp_path):
    import base64

    key = secrets.token_bytes(32)
    (tmp_path / "sealing.key").write_text(base64.b64encode(key).decode() + "\n")
    assert master_key({"DATA_DIR": tmp_path}) == key


def test_the_database_holds_no_clear_text_and_swapped_cells_do_not_open(db_session):
    from sqlalchemy import select, text

    from app.areas.keypersons.files import KeyPersonFile
    from app.core.sealed import sealer as of_process

    one, two = db_session.scalars(select(KeyPersonFile).where(KeyPersonFile.id_number.is_not(None)).limit(2)).all()
    plain = of_process().open(one.id_number.token, "key_person_file", "id_number", str(one.uid))
    stored = db_session.execute(text("SELECT string_agg(key_person_file::text, '') FROM key_person_file")).scalar_one()
    assert plain not in stored
    with pytest.raises(SealBroken):
        of_process().open(one.id_number.token, "key_person_file", "id_number", str(two.uid))
