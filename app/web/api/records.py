"""One interface per register (台账接口): list, read, add, change, delete, and many rows at once."""
from __future__ import annotations

from typing import Any

from flask import abort, request
from flask_appbuilder.api import BaseApi, expose
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from app.core.register import Register
from app.database import db
from app.database.scope import current_scope
from app.web.api.paging import COUNT_CAP, read_part
from app.web.api.problems import Refused
from app.web.api.repeats import written
from app.web.api.values import fields_asked, row_json, sent, told
from app.web.api.versions import hold, tag
from app.web.api.writing import MOST_ROWS, save, save_many
from app.web.criteria import words_of
from app.web.forms import problems
from app.web.gate import needs

MODES = ("create", "upsert")


class RecordApi(BaseApi):
    """The rows of one register as JSON, under the permissions, rows and masks of its pages."""

    register: Register
    csrf_exempt = False
    openapi_spec_methods: dict[str, Any] = {}

    def _found(self, pk: int, *, write: bool = False) -> Any:
        if not 0 < pk < 2**31:
            abort(404)
        row = db.session.scalar(select(self.register.model).where(self.register.model.id == pk))
        if row is None or (write and not current_scope().holds(getattr(row, self.register.scope_column))):
            abort(404)
        return row

    @expose("/", methods=["GET"])
    @needs("read")
    def get_list(self) -> Any:
        """Rows by the filters of the list page, in order, and the cursor that leads on."""
        args = words_of(request.args)
        names, part = fields_asked(self.register, args.get("fields")), read_part(self.register, args)
        body: dict[str, Any] = {"result": [row_json(self.register, row, names) for row in part.rows], "next": part.cursor}
        if part.total is not None:
            body |= {"count": min(part.total, COUNT_CAP), "capped": part.total > COUNT_CAP}
        return told(body)

    @expose("/<int:pk>", methods=["GET"])
    @needs("read")
    def get(self, pk: int) -> Any:
        """One row, with its version as ETag."""
        row, names = self._found(pk), fields_asked(self.register, request.args.get("fields"))
        return told({"result": row_json(self.register, row, names)}, headers=tag(row))

    @expose("/", methods=["POST"])
    @needs("write")
    @written
    def post(self) -> Any:
        """Add a row."""
        given = sent()
        row = save(self.register, self.register.model(), given)
        return told({"result": row_json(self.register, row)}, 201, {**tag(row), "Location": f"{request.script_root}{request.path}{row.id}"})

    @expose("/<int:pk>", methods=["PUT", "PATCH"])
    @needs("write")
    @written
    def put(self, pk: int) -> Any:
        """Change the given fields of a row, of the version that was read."""
        row, given = self._found(pk, write=True), sent()
        hold(row, given.pop("row_version", None))
        return told({"result": row_json(self.register, save(self.register, row, given))}, headers=tag(row))

    @expose("/<int:pk>", methods=["DELETE"])
    @needs("delete")
    @written
    def delete(self, pk: int) -> Any:
        """Take a row away, of the version that was read."""
        row = self._found(pk, write=True)
        hold(row)
        db.session.delete(row)
        try:
            db.session.flush()
        except IntegrityError as error:
            db.session.rollback()
            words = next(problems(self.register, error))[1]
            raise Refused(409, detail=words) from error
        return "", 204

    @expose("/bulk", methods=["POST"])
    @needs("write")
    @written
    def bulk(self) -> Any:
        """Add many rows, or change those whose key is there already; all or nothing."""
        given = sent()
        rows, mode = given.get("rows"), given.get("mode", "create")
        if set(given) - {"rows", "mode"} or not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
            raise Refused(422, detail=_("Send “rows”, a list of 1 to %(most)s objects.", most=MOST_ROWS))
        if mode not in (MODES if self.register.key else MODES[:1]):
            raise Refused(422, detail=_("“mode” is create, or upsert where the register has a key."))
        made = save_many(self.register, rows, upsert=mode == "upsert")
        return told({"result": [{"id": row.id, "row_version": row.row_version, "created": new} for row, new in made]})


def api_class(register: Register) -> type[RecordApi]:
    """The interface of a register; a frozen one is only read."""
    reading = {"get_list", "get"}
    methods = reading if register.frozen else {*reading, "post", "put", "delete", "bulk"}
    name = "".join(part.title() for part in register.name.split("_")) + "Api"
    return type(name, (RecordApi,), {
        "register": register, "resource_name": register.name, "class_permission_name": register.name,
        "include_route_methods": methods, "__doc__": f"JSON of the register {register.name}.",
    })
