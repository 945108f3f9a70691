"""The list of a register (列表)."""
from __future__ import annotations

from typing import Any

from flask import render_template, request
from flask_appbuilder import expose

from app.database.scope import current_scope
from app.web import pager, record
from app.web.cells import Names, cell, title_of
from app.web.gate import needs
from app.web.lists import read_page
from app.web.register_view import RegisterView


class ListPage(RegisterView):
    """The register's rows as a table."""

    list_template = "records/list.html"

    @expose("/list/")
    @needs("read")
    def list(self) -> Any:
        """The register's rows as a table."""
        register, args = self.register, request.args.to_dict()
        address = pager.address_of(self._to("list"), args)
        part, names = read_page(register, args), Names()
        names.learn(register, part.rows, (*register.listed, *register.title))
        query = request.query_string.decode()
        page = {
            "register": register, "rows": [self._row(row, names) for row in part.rows],
            "columns": pager.columns(register, args, address), "filters": pager.filters(register, args, names),
            "tabs": pager.tabs(register, args, address), "total": part.total, "capped": part.capped,
            "pages": pager.pages(part, address), "size": part.size, "size_urls": pager.sizes(address), "sizes": pager.SIZES,
            "q": args.get("q", ""), "state": args.get("state", ""), "sort": args.get("sort", ""),
            "list_url": self._to("list"), "refresh_url": address(), "delete_url": None,
            "add_url": self._to("add") if self._can("write") and not register.frozen else None,
            "import_url": f"/import/{register.name}" if self._can("import") else None,
            "export_url": f"/export/{register.name}?{query}" if self._can("export") else None,
        }
        return render_template("records/list.html", page=page, crumbs=record.crumbs(register))

    def _row(self, row: Any, names: Names) -> dict[str, Any]:
        own = current_scope().holds(getattr(row, self.register.scope_column))
        writable = own and self._can("write") and not self.register.frozen and not self.register.locked(row)
        return {
            "id": row.id, "url": self._to("show", pk=row.id), "title": title_of(self.register, row, names),
            "cells": [cell(self.register, row, name, names) for name in self.register.listed],
            "edit_url": self._to("edit", pk=row.id) if writable else None,
        }
