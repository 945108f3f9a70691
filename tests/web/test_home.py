"""The first page: every number leads to exactly its rows, for every kind of person, in few statements."""
from __future__ import annotations

import json
import re
from html import unescape

import pytest

from tests.conftest import COUNTY, TOWN

pytestmark = pytest.mark.usefixtures("issued")
COUNTED = re.compile(r'<a [^>]*href="/([a-z_]+)/list/\??([^"]*)" data-rows="(\d+)"')
CHARTS = re.compile(r'<script type="application/json" id="data-[a-z]+">(.*?)</script>', re.DOTALL)
MOST_STATEMENTS = 15
READERS = [("县级业务人员", COUNTY), ("领导", COUNTY), ("领导", TOWN), ("镇街录入员", TOWN), ("督查指导员", COUNTY)]


FACES = ("desk", "cockpit")


def _numbers(html):
    yield from ((register, unescape(query), int(rows)) for register, query, rows in COUNTED.findall(html))
    for text in CHARTS.findall(html):
        for series in json.loads(text)["series"]:
            for rows, url in zip(series["values"], series["urls"], strict=True):
                register, _list, query = re.fullmatch(r"/([a-z_]+)/(list)/\??(.*)", url).groups()
                yield register, query, rows


@pytest.mark.parametrize("face", FACES)
@pytest.mark.parametrize(("role", "place"), READERS, ids=[f"{role} {place}" for role, place in READERS])
def test_every_number_counts_the_rows_of_the_list_it_leads_to(make_user, role, place, face):
    person = make_user(role, place)
    numbers = set(_numbers(person.get(f"/?face={face}").text))
    assert len(numbers) >= 20
    for register, query, rows in numbers:
        answer = person.get(f"/api/v1/{register}/?{query}&count=true")
        assert (answer.status_code, answer.get_json().get("count")) == (200, rows), f"/{register}/list/?{query}"


def test_the_list_behind_a_number_opens_under_the_same_conditions(officer):
    for register, query in sorted({(register, query) for register, query, rows in _numbers(officer.get("/").text)})[::7]:
        assert officer.get(f"/{register}/list/?{query}").status_code == 200


def test_the_page_costs_few_statements_and_the_same_for_a_county_as_for_a_town(officer, clerk, statements):
    counts = []
    for person, face in [(person, face) for person in (officer, clerk) for face in FACES]:
        person.get(f"/?face={face}")
        with statements() as seen:
            person.get("/")
        counts.append(len(seen))
    assert max(counts) <= MOST_STATEMENTS, counts


def test_a_chart_says_in_a_table_what_it_draws(officer):
    html = officer.get("/").text
    drawn = re.findall(r'data-chart="([a-z]+)"', html)
    assert set(drawn) >= {"trend", "categories", "six"}
    for name in drawn:
        table = html.split(f'id="data-{name}"')[1].split("</table>")[0]
        data = json.loads(CHARTS.search(html[html.index(f'id="data-{name}"') - 40:]).group(1))
        assert [int(rows) for rows in re.findall(r'data-rows="(\d+)"', table)] == [
            series["values"][place] for place in range(len(data["labels"])) for series in data["series"]]


def test_a_person_without_business_rights_gets_no_business_figure(system_admin):
    html = system_admin.get("/").text
    assert not list(_numbers(html))
    assert "echarts" not in html


def test_today_counts_in_the_last_week_of_the_trend(app, officer):
    from app.areas.divisions.calendar import today

    week = json.loads(CHARTS.search(officer.get("/").text).group(1))["series"][0]["urls"][-1]
    assert f"registered_on_to={today().isoformat()}" in week


def _face(person):
    return "cockpit" if 'id="paper"' in person.get("/").text else "desk"


def test_leaders_land_in_the_cockpit_and_those_who_write_at_their_desk(leader, officer, clerk):
    assert [_face(person) for person in (leader, officer, clerk)] == ["cockpit", "desk", "desk"]


def test_the_chosen_face_is_remembered_for_this_person_alone(make_user):
    person = make_user("领导", COUNTY)
    person.get("/?face=desk")
    assert _face(person) == "desk"
    assert _face(make_user("领导", TOWN)) == "cockpit"
    person.get("/?face=nothing")
    assert _face(person) == "desk"


def test_an_administrator_sees_the_clock_and_the_accounts_but_has_no_cockpit(system_admin):
    html = system_admin.get("/?face=cockpit").text
    for place in ("list-runs", "list-next", "list-accounts"):
        assert f'id="{place}"' in html
    assert 'class="faces"' not in html
    for url, rows in re.findall(r'href="(/(?:runs|users)/[^"]*)" data-rows="(\d+)"', html):
        assert re.search(rf"\b{rows}\b", system_admin.get(unescape(url)).text), url


def test_what_an_auditor_may_not_read_is_not_on_his_first_page(make_user):
    html = make_user("审计员", COUNTY).get("/").text
    assert 'id="list-runs"' in html
    assert 'id="list-next"' not in html
    assert 'id="list-accounts"' not in html


def test_a_paper_is_read_in_a_frame_of_ours_and_the_reading_is_written_down(app, officer):
    from pathlib import Path

    from sqlalchemy import text

    from app.database import db
    from app.database.scope import acting, everywhere

    with app.app_context(), acting(everywhere("tests")):
        pk = db.session.scalar(text("SELECT min(id) FROM briefing_issue WHERE path = 'none.pdf'"))
        file = Path(app.config["DATA_DIR"]) / "briefings" / "none.pdf"
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(b"%PDF-1.7")
    try:
        answer = officer.get(f"/briefings/{pk}/read")
    finally:
        file.unlink()
    assert answer.headers["Content-Security-Policy"] == "frame-ancestors 'self'"
    assert answer.headers["Content-Disposition"].startswith("inline")
    with app.app_context(), acting(everywhere("tests")):
        assert db.session.scalar(text("SELECT action FROM audit_entry WHERE row_id = :pk ORDER BY id DESC LIMIT 1"), {"pk": pk}) == "read"
