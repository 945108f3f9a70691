"""The tree from the official code files: what an import promises."""
from __future__ import annotations

from collections import Counter

import pytest
from sqlalchemy import func, select

from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.divisions.import_codes import COUNTY_FILES, CodesRefused, Outcome, import_codes, kind_of, read

FILES = {
    "areas.csv": "code,name,cityCode,provinceCode\n990101,测试县,9901,99\n",
    "streets.csv": "code,name,areaCode,provinceCode,cityCode\n990101001,甲街道,990101,99,9901\n990101201,乙乡,990101,99,9901\n",
    "villages.csv": "code,name,streetCode,provinceCode,cityCode,areaCode\n"
                    "990101001001,丙社区居民委员会,990101001,99,9901,990101\n990101201200,丁村村委会,990101201,99,9901,990101\n",
}


@pytest.fixture
def folder(tmp_path):
    """A small county's files, in a folder with a space and Chinese in its name."""
    place = tmp_path / "区划 codes"
    place.mkdir()
    for name, words in FILES.items():
        (place / name).write_text(words, encoding="utf-8")
    return place


def here(session) -> dict[str, Division]:
    """The small county's divisions as they stand in the database."""
    session.expire_all()
    found = session.scalars(select(Division).where(Division.code >= "990101", Division.code < "990101~"))
    return {division.code: division for division in found}


def test_the_shipped_files_hold_one_county_twelve_towns_and_460_villages():
    lines = read(COUNTY_FILES)
    assert Counter(len(code) for code in lines) == {6: 1, 9: 12, 12: 460}
    kinds = Counter(kind_of(line) for line in lines.values())
    assert (kinds[DivisionKind.subdistrict], kinds[DivisionKind.town]) == (3, 9)
    assert kinds[DivisionKind.community] + kinds[DivisionKind.village] == 460


def test_importing_the_shipped_county_twice_changes_nothing_the_second_time(db_session):
    import_codes(db_session)
    assert import_codes(db_session) == Outcome(0, 0, 473)


def test_a_county_s_files_become_its_tree(db_session, folder):
    assert import_codes(db_session, folder) == Outcome(added=5)
    tree = here(db_session)
    assert tree["990101201200"].path_name == "测试县/乙乡/丁村村委会"
    assert tree["990101201200"].parent_code == "990101201"
    assert {code: division.kind.value for code, division in tree.items()} == {
        "990101": "county", "990101001": "subdistrict", "990101201": "township",
        "990101001001": "community", "990101201200": "village",
    }


def test_a_changed_name_updates_it_and_the_full_names_below(db_session, folder):
    import_codes(db_session, folder)
    text = FILES["streets.csv"].replace("乙乡", "戊镇")
    (folder / "streets.csv").write_text(text, encoding="utf-8")
    outcome = import_codes(db_session, folder)
    assert outcome == Outcome(changed=2, unchanged=3)
    assert here(db_session)["990101201200"].path_name == "测试县/戊镇/丁村村委会"


def test_a_name_changed_by_hand_is_carried_down(db_session, folder):
    import_codes(db_session, folder)
    here(db_session)["990101"].name = "己县"
    db_session.flush()
    tree = here(db_session)
    assert tree["990101"].path_name == "己县"
    assert tree["990101201200"].path_name == "己县/乙乡/丁村村委会"


def test_a_department_that_no_file_lists_is_left_alone(db_session, folder):
    import_codes(db_session, folder)
    db_session.add(Division(code="990101U001", name="测试局", kind=DivisionKind.department, parent_code="990101"))
    db_session.flush()
    assert import_codes(db_session, folder) == Outcome(unchanged=5)
    assert here(db_session)["990101U001"].path_name == "测试县/测试局"


@pytest.mark.parametrize(("file", "line", "number"), [
    pytest.param("villages.csv", "990101999200,庚村村委会,990101999,99,9901,990101", 4, id="an unknown parent"),
    pytest.param("villages.csv", "990101201201,庚村村委会,990101001,99,9901,990101", 4, id="a parent that is not above it"),
    pytest.param("villages.csv", "990101201200,庚村村委会,990101201,99,9901,990101", 4, id="a duplicate"),
    pytest.param("villages.csv", "99010120120,庚村村委会,990101201,99,9901,990101", 4, id="a digit short"),
    pytest.param("villages.csv", "99010120120A,庚村村委会,990101201,99,9901,990101", 4, id="a letter in the code"),
    pytest.param("streets.csv", "990101202,,990101,99,9901", 4, id="no name"),
    pytest.param("areas.csv", "9901,辛市,,99", 3, id="a city among the counties"),
])
def test_a_mistake_is_refused_by_file_and_line_and_nothing_is_written(db_session, folder, file, line, number):
    with (folder / file).open("a", encoding="utf-8") as stream:
        stream.write(line + "\n")
    with pytest.raises(CodesRefused) as refused:
        import_codes(db_session, folder)
    assert file in str(refused.value)
    assert str(number) in str(refused.value)
    assert here(db_session) == {}


def test_a_missing_file_a_missing_column_and_a_wrong_encoding_are_said(folder):
    (folder / "streets.csv").write_text("code,name\n", encoding="utf-8")
    with pytest.raises(CodesRefused, match=r"areaCode"):
        read(folder)
    (folder / "streets.csv").write_bytes("code,name,areaCode\n990101001,甲街道,990101\n".encode("gb18030"))
    with pytest.raises(CodesRefused, match=r"UTF-8"):
        read(folder)
    (folder / "streets.csv").unlink()
    with pytest.raises(CodesRefused, match=r"streets\.csv"):
        read(folder)


def test_a_file_written_by_a_spreadsheet_is_read_too(folder):
    for name, words in FILES.items():
        (folder / name).write_bytes(words.replace("\n", "\r\n").encode("utf-8-sig"))
    assert len(read(folder)) == 5


def test_the_command_imports_the_shipped_county(app, db_session):
    answer = app.test_cli_runner().invoke(args=["divisions", "import"])
    assert answer.exit_code == 0, answer.output
    assert db_session.scalar(select(func.count()).where(Division.kind == DivisionKind.village)) > 400


def test_the_command_says_what_is_wrong_with_a_folder(app, tmp_path):
    answer = app.test_cli_runner().invoke(args=["divisions", "import", str(tmp_path)])
    assert answer.exit_code == 1
    assert "areas.csv" in answer.output
    assert "Traceback" not in answer.output
