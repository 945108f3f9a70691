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


def _numbers(html):
    yield from ((register, unescape(query), int(rows)) for register, query, rows in COUNTED.findall(html))
    for text in CHARTS.findall(html):
        for series in json.loads(text)["series"]:
            for rows, url in zip(series["values"], series["urls"], strict=True):
                register, _list, query = re.fullmatch(r"/([a-z_]+)/(list)/\??(.*)", url).groups()
                yield register, query, rows


@pytest.mark.parametrize(("role", "place"), READERS, ids=[f"{role} {place}" for role, place in READERS])
def test_every_number_counts_the_rows_of_the_list_it_leads_to(make_user, role, place):
    person = make_user(role, place)
    numbers = set(_numbers(person.get("/").text))
    assert len({register for register, _query, _rows in numbers}) >= 3
    for register, query, rows in numbers:
        answer = person.get(f"/api/v1/{register}/?{query}")
        assert (answer.status_code, answer.get_json().get("count")) == (200, rows), f"/{register}/list/?{query}"


def test_the_list_behind_a_number_opens_under_the_same_conditions(officer):
    for register, query in sorted({(register, query) for register, query, rows in _numbers(officer.get("/").text)})[::7]:
        assert officer.get(f"/{register}/list/?{query}").status_code == 200


def test_the_page_costs_few_statements_and_the_same_for_a_county_as_for_a_town(officer, clerk, statements):
    counts = []
    for person in (officer, clerk):
        person.get("/")
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
