"""The interface's description (接口描述) is complete and true, for programs and for people."""
from __future__ import annotations

import json

import pytest

from app.core.register import registers
from app.web.api.describe import document
from app.web.api.paging import filterable

pytestmark = pytest.mark.usefixtures("issued")
METHODS = {"get", "post", "put", "patch", "delete"}


@pytest.fixture(scope="module")
def said(app):
    with app.test_request_context():
        return json.loads(json.dumps(document()))


def _routes(app):
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/api/v1/") and not rule.rule.endswith("openapi.json"):
            for method in rule.methods - {"HEAD", "OPTIONS"}:
                yield rule.rule.removeprefix("/api/v1").replace("<int:pk>", "{id}"), method.lower()


def test_every_route_is_described_and_nothing_else(app, said):
    described = {(path, method) for path, ways in said["paths"].items() for method in ways if method in METHODS}
    assert described == set(_routes(app))


def test_every_reference_leads_somewhere(said):
    def references(part):
        if isinstance(part, dict):
            yield from ([part["$ref"]] if "$ref" in part else ())
            part = list(part.values())
        for each in part if isinstance(part, list) else ():
            yield from references(each)

    for reference in set(references(said)):
        _hash, components, kind, name = reference.split("/")
        assert name in said[components][kind], reference


@pytest.mark.parametrize("register", [pytest.param(r, id=r.name) for r in registers()])
def test_what_comes_is_what_the_schema_says(register, officer, said):
    schema = said["components"]["schemas"][register.name]
    kinds = {"string": str, "integer": int, "boolean": bool, "null": type(None)}
    for row in officer.get(f"/api/v1/{register.name}/?size=50").get_json()["result"]:
        assert set(row) == set(schema["properties"])
        for name, value in row.items():
            told = schema["properties"][name]
            allowed = told["type"] if isinstance(told["type"], list) else [told["type"]]
            assert type(value) in {kinds[each] for each in allowed}, name
            assert "enum" not in told or value in told["enum"], name
    named = {each["name"] for each in said["paths"][f"/{register.name}/"]["get"]["parameters"] if "name" in each}
    assert {name for name in filterable(register) if name in named or f"{name}_from" in named} == set(filterable(register))


def test_people_read_it_without_the_internet(officer, client):
    first = officer.get("/interface/")
    assert first.status_code == 200
    for register in registers():
        assert f"/interface/{register.name}" in first.text
    page = officer.get("/interface/supervision_items").text
    assert "POST" in page
    assert "due_on_from" in page
    assert officer.get("/interface/nothing").status_code == 404
    assert client.get("/interface/").status_code == client.get("/interface/units").status_code == 302
    assert client.get("/api/v1/openapi.json").status_code == 401
    assert officer.get("/api/v1/openapi.json").get_json()["openapi"] == "3.1.0"


def test_the_command_prints_the_same(app):
    answer = app.test_cli_runner().invoke(args=["registers", "openapi"])
    assert json.loads(answer.output)["paths"].keys() == document_paths(app)


def document_paths(app):
    with app.test_request_context():
        return document()["paths"].keys()
