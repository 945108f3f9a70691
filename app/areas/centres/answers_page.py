"""Answering an assessment line by line (逐项核查): check boxes grouped by part, in one form."""
from __future__ import annotations

from typing import Any

from flask import abort, flash, redirect, render_template, request, url_for
from flask_appbuilder import expose
from flask_babel import gettext as _
from sqlalchemy import and_, select

from app.areas.centres.answers import AssessmentAnswer
from app.areas.centres.assessments import CentreAssessment
from app.areas.centres.centres import GovernanceCentre
from app.areas.centres.checklist_items import ChecklistItem, ChecklistPart
from app.core.addresses import showing
from app.database import db
from app.database.scope import current_scope
from app.web.gate import needs
from app.web.page import Page

LONGEST = 300
Line = tuple[ChecklistItem, AssessmentAnswer | None]


def lines_of(row: CentreAssessment) -> list[Line]:
    """The lines of the assessment's checklist in order, each with its answer if it has one."""
    answer = and_(AssessmentAnswer.item_id == ChecklistItem.id, AssessmentAnswer.assessment_id == row.id)
    found = db.session.execute(select(ChecklistItem, AssessmentAnswer).outerjoin(AssessmentAnswer, answer)
                               .where(ChecklistItem.template_id == row.template_id).order_by(ChecklistItem.number, ChecklistItem.id))
    return [(item, given) for item, given in found]


def version_of(lines: list[Line]) -> str:
    """A number that grows with every change of any line."""
    return str(sum(answer.row_version for _item, answer in lines if answer))


class AnswersPage(Page):
    """The lines of one assessment; what is left unticked is saved as not in place."""

    route_base = "/six/answers"
    default_view = "answers"
    class_permission_name = permission = "centre_assessments"

    @expose("/<int:pk>", methods=["GET", "POST"])
    @needs("write")
    def answers(self, pk: int) -> Any:
        """Look at the lines, or save all of them."""
        row = db.session.scalar(select(CentreAssessment).where(CentreAssessment.id == pk)) if 0 < pk < 2**31 else None
        if row is None or not current_scope().holds(row.division_code):
            abort(404)
        lines = lines_of(row)
        if request.method == "GET":
            return self._form(row, lines, {str(i.id) for i, a in lines if a and a.in_place}, {str(i.id): a.remark or "" for i, a in lines if a})
        ticked = set(request.form.getlist("place"))
        remarks = {str(item.id): " ".join(request.form.get(f"remark-{item.id}", "").replace("\x00", "").split()) for item, _answer in lines}
        if any(len(words) > LONGEST for words in remarks.values()):
            return self._form(row, lines, ticked, remarks, _("A remark has at most %(most)s characters.", most=LONGEST), 422)
        if request.form.get("version") != version_of(lines):
            return self._form(row, lines, ticked, remarks, _(
                "Somebody else answered lines meanwhile. What you entered is still here; check it and save again."), 409)
        return self._save(row, lines, ticked, remarks)

    def _save(self, row: CentreAssessment, lines: list[Line], ticked: set[str], remarks: dict[str, str]) -> Any:
        there = showing("centre_assessments", row.id)
        for item, answer in lines:
            line = answer or AssessmentAnswer(division_code=row.division_code, assessment_id=row.id, item_id=item.id)
            line.in_place, line.remark = str(item.id) in ticked, remarks[str(item.id)] or None
            db.session.add(line)
        db.session.commit()
        flash(_("Saved."), "success")
        return redirect(request.script_root + there)

    def _form(self, row: CentreAssessment, lines: list[Line], ticked: set[str], remarks: dict[str, str], fault: str = "", code: int = 200) -> Any:
        groups = [(part, [item for item, _answer in lines if item.part is part]) for part in ChecklistPart]
        centre = db.session.scalar(select(GovernanceCentre.name).where(GovernanceCentre.id == row.centre_id)) or ""
        back = request.script_root + showing("centre_assessments", row.id)
        page = {"row": row, "groups": [(part, items) for part, items in groups if items], "ticked": ticked, "remarks": remarks, "fault": fault,
                "version": version_of(lines), "centre": centre, "back": back, "most": LONGEST}
        matrix = (_("Six-in-place matrix"), url_for("SixPage.matrix"))
        crumbs = [(_("Governance centres"), None), matrix, (centre, back), (_("Answer line by line"), None)]
        return render_template("centres/answers.html", page=page, crumbs=crumbs), code


pages = (AnswersPage,)
