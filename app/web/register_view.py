"""What every page of a register stands on: its rows, its rights and its addresses."""
from __future__ import annotations

from typing import Any

from flask import abort, url_for
from flask_appbuilder import ModelView
from sqlalchemy import select

from app.core.register import Register
from app.database import db
from app.database.scope import current_scope
from app.security import may
from app.web.addresses import record_url


class RegisterView(ModelView):
    """The ground of a register's pages. Row security decides which rows exist for the reader."""

    register: Register

    def _found(self, pk: int) -> Any:
        if not 0 < pk < 2**31:
            abort(404)
        row = db.session.scalar(select(self.register.model).where(self.register.model.id == pk))
        return row if row is not None else abort(404)

    def _own(self, pk: int) -> Any:
        """A row that this person may also change: shared rows of a higher division are for reading."""
        row = self._found(pk)
        return row if current_scope().holds(getattr(row, self.register.scope_column)) else abort(404)

    def _to(self, method: str, **values: Any) -> str:
        if set(values) == {"pk"}:
            return record_url(f"{self.endpoint}.{method}", values["pk"])
        return url_for(f"{self.endpoint}.{method}", **values)

    def _can(self, verb: str) -> bool:
        return verb in self.register.verbs() and may(verb, self.register.name)
