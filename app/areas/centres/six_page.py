"""The page of the six-in-place matrix: a quarter at a glance, down to the single centre, where a part can be switched."""
from __future__ import annotations

import io
from typing import Any

from flask import abort, flash, redirect, render_template, request, send_file, url_for
from flask_appbuilder import expose
from flask_babel import gettext
from flask_babel import lazy_gettext as _
from sqlalchemy import select
from werkzeug.exceptions import BadRequest

from app.areas.centres import six
from app.areas.centres.assessments import SIX, CentreAssessment, Quarter
from app.areas.centres.checklist_items import ChecklistPart
from app.areas.centres.six_book import make_book
from app.areas.divisions.divisions import Division
from app.audit import record
from app.core.addresses import listing, showing
from app.database import db
from app.database.scope import current_scope
from app.security import may
from app.web.gate import needs
from app.web.page import Page
from app.web.workbook.allowed import XLSX


def _asked(text: str | None, known: list[six.When]) -> six.When | None:
    """The quarter of the address, ``2026-3``; the newest assessed one when none is named."""
    if not text:
        return known[0] if known else None
    year, _sign, quarter = text.partition("-")
    if not (year.isascii() and year.isdecimal() and len(year) == 4) or quarter not in {q.value for q in Quarter}:
        raise BadRequest
    return int(year), Quarter(quarter)


class SixPage(Page):
    """Which of the six are in place, town by town and centre by centre."""

    route_base = "/six"
    default_view = "matrix"
    class_permission_name = permission = "centre_assessments"
    menu_label = _("Six-in-place matrix")
    menu_area = "centres"
    menu_icon = "layout-dashboard"

    @expose("/")
    @needs("read")
    def matrix(self) -> Any:
        """The towns of a quarter, or the centres of the one that is asked for."""
        return self._answer(self._made())

    @expose("/export")
    @needs("export")
    def export(self) -> Any:
        """What the matrix shows, as a workbook."""
        page = self._made()
        if page["when"] is None:
            abort(404)
        content, rows = make_book(page)
        record("export", CentreAssessment.__tablename__, None, None, f"{rows}: {request.query_string.decode()[:200]}")
        db.session.commit()
        return send_file(io.BytesIO(content), XLSX, as_attachment=True, download_name=f"{self.menu_label}-{page['chosen']}.xlsx")

    def _made(self) -> dict[str, Any]:
        known = six.quarters()
        when = _asked(request.args.get("quarter"), known)
        if when and when not in known:
            known = [when, *known]
        page: dict[str, Any] = {"when": when, "quarters": known, "parts": list(ChecklistPart), "rows_url": six.rows_url,
                                "listing": listing, "showing": showing, "may_export": may("export", "centre_assessments"),
                                "chosen": f"{when[0]}-{when[1].value}" if when else ""}
        town = self._town(request.args.get("town"))
        if when is None:
            return page
        if town is None and len(rows := six.towns(when)) > 1:
            return page | {"towns": rows, "all": six.added(rows)}
        found = six.centres(when, town.code if town else None)
        return page | {"town": town, "centres": found, "may_write": may("write", "centre_assessments"), "scope": current_scope(),
                                    "lacking": [(c, a, [p for p in ChecklistPart if not getattr(a, p.value)])
                                                for c, a in found if a and a.in_place < len(SIX)]}

    def _town(self, code: str | None) -> Division | None:
        """The asked town; one outside the reader's range does not exist here."""
        if not code:
            return None
        found = db.session.scalar(select(Division).where(Division.code == code[:12]))
        return found if found is not None and current_scope().holds(found.code) else abort(404)

    def _answer(self, page: dict[str, Any]) -> Any:
        town = page.get("town")
        top = url_for("SixPage.matrix", quarter=page["chosen"] or None) if town else None
        crumbs = [(gettext("Governance centres"), None), (self.menu_label, top), *([(town.name, None)] if town else [])]
        return render_template("centres/six.html", page=page, crumbs=crumbs)

    @expose("/switch/<int:pk>/<part>", methods=["POST"])
    @needs("write")
    def switch(self, pk: int, part: str) -> Any:
        """Say of one part of an own centre that it is in place, or that it is not; the trail keeps who said so."""
        to = request.form.get("to")
        if part not in SIX or to not in ("0", "1") or not 0 < pk < 2**31:
            abort(404)
        row = db.session.scalar(select(CentreAssessment).where(CentreAssessment.id == pk))
        if row is None or not current_scope().holds(row.division_code):
            abort(404)
        setattr(row, part, to == "1")
        back = url_for("SixPage.matrix", quarter=f"{row.year}-{row.quarter.value}", town=request.form.get("town") or None)
        db.session.commit()
        flash(gettext("Saved."), "success")
        return redirect(f"{back}#a{pk}")


pages = (SixPage,)
