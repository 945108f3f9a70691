"""The interface for people to read (接口说明): pages drawn from the OpenAPI document, and the document itself."""
from __future__ import annotations

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from flask_login import current_user

from app.core.register import registers
from app.security import may
from app.web.api.describe import document
from app.web.api.values import told
from app.web.page import Page

METHODS = ("get", "post", "put", "patch", "delete")
TONES = {"get": "blue", "post": "green", "put": "amber", "patch": "amber", "delete": "red"}


class OpenapiPage(Page):
    """The document for programs; it tells what exists and no row, but strangers need not know it."""

    route_base = "/api/v1"
    default_view = "openapi"

    @expose("/openapi.json", methods=["GET"])
    def openapi(self) -> Any:
        """The whole description as JSON."""
        return told(document()) if current_user.is_authenticated else abort(401)


class InterfacePage(Page):
    """The same for people, without anything from outside."""

    route_base = "/interface"
    default_view = "show"

    @expose("/", methods=["GET"])
    def show(self) -> Any:
        """How the interface works, and its registers."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=request.path))
        listed = [{"label": r.label, "name": r.name, "frozen": r.frozen, "may": may("read", r.name)} for r in registers()]
        refusals = [(code, said["description"]) for code, said in _numbered(document()["components"]["responses"])]
        return render_template("interface/show.html", registers=listed, refusals=refusals, crumbs=[(_("Interface"), None)])

    @expose("/<name>", methods=["GET"])
    def register(self, name: str) -> Any:
        """One register: its addresses, fields and filters."""
        if not current_user.is_authenticated:
            return redirect(url_for("AuthDBView.login", next=request.path))
        said = document()
        if name not in said["components"]["schemas"] or name not in {r.name for r in registers()}:
            abort(404)
        page = {"name": name, "title": said["components"]["schemas"][name]["title"], "tones": TONES, "acts": _acts(said, name),
                "fields": _fields(said["components"]["schemas"], name), "parameters": _parameters(said, name)}
        return render_template("interface/register.html", page=page,
                               crumbs=[(_("Interface"), url_for("InterfacePage.show")), (page["title"], None)])


def _numbered(responses: dict[str, Any]) -> list[tuple[int, dict[str, Any]]]:
    return [(int(name.removeprefix("Refused")), said) for name, said in responses.items()]


def _acts(said: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Every address of the register with what it does and how it may answer."""
    return [{"method": method, "path": f"/api/v1{path}", "summary": ways[method]["summary"], "answers": " ".join(ways[method]["responses"])}
            for path, ways in said["paths"].items() for method in METHODS if method in ways and ways[method]["tags"] == [name]]


def _kind(schema: dict[str, Any]) -> str:
    kinds = schema.get("type", "string")
    words = [each for each in (kinds if isinstance(kinds, list) else [kinds]) if each != "null"]
    inner = f" [{_kind(schema['items'])}]" if "items" in schema else ""
    return " / ".join(words) + inner + (f" ({schema['format']})" if "format" in schema else "")


def _fields(schemas: dict[str, Any], name: str) -> list[dict[str, Any]]:
    new = schemas.get(f"{name}_new", {"properties": {}, "required": []})
    return [{"name": field, "title": schema.get("title", ""), "kind": _kind(schema), "words": schema.get("description", ""),
             "writable": field in new["properties"], "must": field in new["required"]}
            for field, schema in schemas[name]["properties"].items()]


def _parameters(said: dict[str, Any], name: str) -> list[dict[str, str]]:
    known = said["components"]["parameters"]
    every = [known[each["$ref"].rsplit("/", 1)[-1]] if "$ref" in each else each for each in said["paths"][f"/{name}/"]["get"]["parameters"]]
    return [{"name": each["name"], "kind": _kind(each["schema"]), "words": each.get("description", "")} for each in every]


pages = (OpenapiPage, InterfacePage)
