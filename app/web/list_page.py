"""The list of a register (列表)."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from flask import render_template, request
from flask_appbuilder import expose
from flask_login import current_user

from app.database.recycling import keeps
from app.database.scope import current_scope
from app.security import may
from app.web import pager, record
from app.web.batch import BatchPage
from app.web.cells import Names, cell, title_of
from app.web.criteria import words_of
from app.web.gate import needs
from app.web.lists import Slice, read_page
from app.web.saved import Opening, opening, roles_to_choose
from app.web.shown import visible
from app.web.table import cells_html
from app.web.totals import culprits, totals

OF_THE_SCREEN = ("page", "size", "view", "density", "columns")
"""Words of an address that say how, not what: an export sets its own."""


class ListPage(BatchPage):
    """The register's rows as a table."""

    @expose("/list/")
    @needs("read")
    def list(self) -> Any:
        """The register's rows as a table."""
        opened = opening(self.register, words_of(request.args))
        page = self._page(opened)
        return render_template("records/list.html", page=page, crumbs=record.crumbs(self.register))

    def _page(self, opened: Opening) -> dict[str, Any]:
        register, args = self.register, opened.args
        address = pager.address_of(self._to("list"), args)
        columns, part, names = visible(register, args), read_page(register, args, current_user.page_size), Names()
        names.learn(register, part.rows, (*columns, *register.title), pager.pointed(register, args))
        narrowing = pager.active(register, args, address)
        heads, writes = pager.columns(register, args, address), self._can("write") and not register.frozen
        return {
            "register": register, "rows": [self._row(row, heads, names, writes) for row in part.rows],
            "columns": heads, "choices": pager.choices(register, args),
            "filters": pager.filters(register, args, names), "builder": pager.builder(register, args, names), "where": args.get("where", ""),
            "tabs": pager.tabs(register, args, address), "total": part.total, "capped": part.capped,
            "totals": totals(register, args, columns, capped=part.capped) if part.rows else {},
            "active": narrowing, "culprits": [] if part.rows or part.total else culprits(register, args, narrowing),
            "size_urls": pager.sizes(address), "sizes": pager.SIZES, "opened": opened, "density": opened.density,
            "q": args.get("q", ""), "kept": {name: args.get(name, "") for name in ("size", "state", "due", "sort", "columns")},
            **self._pager(part, address), **self._ways(args, columns, address),
        }

    def _pager(self, part: Slice, address: pager.Address) -> dict[str, Any]:
        return {"pages": pager.pages(part, address), "size": part.size, "page": part.page, "last": part.last}

    def _ways(self, args: dict[str, str], columns: tuple[str, ...], address: pager.Address) -> dict[str, Any]:
        """Where one can go from here, as far as one may."""
        name, query = self.register.name, {n: v for n, v in args.items() if n not in OF_THE_SCREEN}
        export = f"/export/{name}?" if self._can("export") else None
        return {
            "list_url": self._to("list"), "refresh_url": address(), "query": urlencode(args), "batch_url": self._to("batch"),
            "batch": self.batch_acts(), "may_share": may("write", "saved_views"), "roles": roles_to_choose(),
            "add_url": self._to("add") if self._can("write") and not self.register.frozen else None,
            "import_url": f"/import/{name}" if self._can("import") else None,
            "bin_url": f"/bin/{name}" if self._can("delete") and keeps(self.register) else None,
            "export_url": export and export + urlencode({**query, "columns": ",".join(columns)}),
            "export_all_url": export and export + urlencode(query),
            "export_csv_url": export and export + urlencode({**query, "columns": ",".join(columns), "format": "csv"}),
        }

    def _row(self, row: Any, columns: Sequence[dict[str, Any]], names: Names, writes: bool) -> dict[str, Any]:
        own, url = current_scope().holds(getattr(row, self.register.scope_column)), self._to("show", pk=row.id)
        writable = own and writes and not self.register.locked(row)
        return {
            "id": row.id, "url": url, "title": title_of(self.register, row, names), "own": own,
            "cells": cells_html((cell(self.register, row, column["name"], names) for column in columns), columns, url),
            "edit_url": self._to("edit", pk=row.id) if writable else None,
            "steps": [step.name for step in self.register.workflow.offered(row)] if own and self.register.workflow else [],
        }
