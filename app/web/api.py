"""One REST interface per register: the same forms, permissions, scope and masks as the pages (接口)."""
from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from flask import abort, jsonify, request
from flask_appbuilder.api import BaseApi, expose
from sqlalchemy import select
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import BadRequest

from app.core.base import Choice
from app.core.register import Register
from app.core.sealed import Sealed
from app.database import db
from app.database.scope import current_scope
from app.web.criteria import words_of
from app.web.forms import flush, form_class
from app.web.gate import needs
from app.web.lists import read_page


def plain(value: Any) -> Any:
    """A stored value as JSON; personal data as its mask."""
    if isinstance(value, Sealed):
        return value.mask
    if isinstance(value, Choice):
        return value.value
    if isinstance(value, Decimal):
        return str(value)
    return value.isoformat() if isinstance(value, date | datetime) else value


class RecordApi(BaseApi):
    """List, read, add, change and delete rows of one register as JSON."""

    register: Register
    csrf_exempt = False
    openapi_spec_methods: dict[str, Any] = {}

    def _json(self, row: Any) -> dict[str, Any]:
        names = ("id", "row_version", *self.register.columns)
        return {name: plain(getattr(row, name)) for name in names}

    def _found(self, pk: int, *, write: bool = False) -> Any:
        if not 0 < pk < 2**31:
            abort(404)
        row = db.session.scalar(select(self.register.model).where(self.register.model.id == pk))
        if row is None or (write and not current_scope().holds(getattr(row, self.register.scope_column))):
            abort(404)
        return row

    def _given(self) -> dict[str, Any]:
        """The body: an object of scalars by column name; relations by id, anything else is refused."""
        body = request.get_json(silent=True)
        known = {*self.register.writable, "row_version"}
        if not isinstance(body, dict) or set(body) - known:
            raise BadRequest
        if any(isinstance(value, dict | list) for value in body.values()):
            raise BadRequest
        return body

    def _save(self, row: Any, given: dict[str, Any], code: int) -> Any:
        kept = {name: plain(getattr(row, name)) for name in self.register.writable} if row.id else {}
        merged = {name: value for name, value in {**kept, **given}.items() if value not in (None, False)}
        words = MultiDict({name: "1" if value is True else str(value) for name, value in merged.items()})
        form = form_class(self.register)(formdata=words, obj=row, meta={"csrf": False})
        if not form.validate():
            return self._refused(form)
        form.fill(row, self.register)
        db.session.add(row)
        if not flush(self.register, form):
            return self._refused(form)
        body = self._json(row)
        db.session.commit()
        return jsonify(result=body), code

    def _refused(self, form: Any) -> Any:
        fields = {name: [str(e) for e in errors] for name, errors in form.errors.items() if name}
        return jsonify(error={"code": 422, "fields": fields, "message": " ".join(str(e) for e in form.form_errors)}), 422

    @expose("/", methods=["GET"])
    @needs("read")
    def get_list(self) -> Any:
        """A page of rows: the filters of the list page, and ``page``, ``size``, ``sort``."""
        part = read_page(self.register, words_of(request.args))
        return jsonify(count=part.total, capped=part.capped, result=[self._json(row) for row in part.rows])

    @expose("/<int:pk>", methods=["GET"])
    @needs("read")
    def get(self, pk: int) -> Any:
        """One row."""
        return jsonify(result=self._json(self._found(pk)))

    @expose("/", methods=["POST"])
    @needs("write")
    def post(self) -> Any:
        """Add a row; 201, or 422 with the words for each field."""
        return self._save(self.register.model(), self._given(), 201)

    @expose("/<int:pk>", methods=["PUT"])
    @needs("write")
    def put(self, pk: int) -> Any:
        """Change a row; ``row_version`` must be the one that was read."""
        row, given = self._found(pk, write=True), self._given()
        if str(given.pop("row_version", row.row_version)) != str(row.row_version):
            abort(409)
        return self._save(row, given, 200)

    @expose("/<int:pk>", methods=["DELETE"])
    @needs("delete")
    def delete(self, pk: int) -> Any:
        """Take a row away; 204, or 409 while others refer to it."""
        db.session.delete(self._found(pk, write=True))
        db.session.flush()
        db.session.commit()
        return "", 204


def api_class(register: Register) -> type[RecordApi]:
    """The interface of a register; a frozen one is only read."""
    reading = {"get_list", "get"}
    methods = reading if register.frozen else {*reading, "post", "put", "delete"}
    name = "".join(part.title() for part in register.name.split("_")) + "Api"
    return type(name, (RecordApi,), {
        "register": register, "resource_name": register.name, "class_permission_name": register.name,
        "include_route_methods": methods, "__doc__": f"JSON of the register {register.name}.",
    })
