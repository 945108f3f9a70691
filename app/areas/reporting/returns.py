"""Half-month returns (半月报): what each reporting unit found, settled and put right in a half-month."""
from __future__ import annotations

from datetime import date
from typing import Any

from flask import current_app
from flask_babel import lazy_gettext as _
from sqlalchemy import Boolean, CheckConstraint, Computed, Connection, Index, UniqueConstraint, case, event, inspect, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.areas.divisions.calendar import today
from app.areas.divisions.units import Unit
from app.areas.reporting.samples import demo_rows
from app.areas.reporting.states import OUTSTANDING, ReturnState, workflow
from app.core import columns as col
from app.core.base import Choice, Scoped
from app.core.conditions import When
from app.core.deadline import Deadline
from app.core.period import HalfMonth
from app.core.register import Register
from app.jobs.calendar import workdays


class Half(Choice):
    """Which half of the month: the 1st to the 16th, or the 17th to its end."""

    first = "a", _("First half"), "grey"
    second = "b", _("Second half"), "grey"


class ReportKind(Choice):
    """Whether there is anything to report; a zero report (零报告) says so expressly."""

    figures = "figures", _("With figures"), "blue"
    zero = "zero", _("Zero report"), "grey"


class Timeliness(Choice):
    """Whether a return keeps its day, computed: nobody sets it."""

    in_time = "in_time", _("Sent in time"), "green"
    late = "late", _("Sent late"), "amber"
    open = "open", _("Still time"), "grey"
    missing = "missing", _("Missing"), "red"


FIGURES = ("disputes_found", "disputes_settled", "hazards_found", "hazards_fixed", "appeals_received", "appeals_answered")
ASKED = When("kind", ReportKind.figures)
SENT = "state IN ('waiting', 'returned') OR kind = 'zero'"


class HalfMonthReturn(Scoped):
    """One unit's return for one half-month; it belongs to the division of its unit."""

    __tablename__ = "half_month_return"
    __table_args__ = (
        Index(None, "state", "division_code"), Index(None, "state", "due_on", "division_code"),  # the counts on the tabs
        Index(None, "month", "half"),  # the counts of a period
        UniqueConstraint("unit_id", "month", "half", name="uq_half_month_return_unit_once"),
        CheckConstraint("extract(day FROM month) = 1", name="month_by_first_day", info={"words": _("Choose a month.")}),
        CheckConstraint(f"{SENT} OR num_nulls({', '.join(FIGURES)}) = 0", name="figures_complete", info={
            "words": _("Fill in all six figures (0 if there is nothing) before the return is sent, or make it a zero report.")}),
        CheckConstraint(f"{SENT} OR {' + '.join(FIGURES)} > 0", name="nothing_is_zero_report", info={
            "words": _("Every figure is 0: choose “Zero report” before the return is sent.")}),
        CheckConstraint("state IN ('waiting', 'returned') OR submitted_on IS NOT NULL", name="sent_has_day", info={
            "words": _("A return that was sent has the day it was sent on.")}),
        *(CheckConstraint(f"{name} >= 0", name=f"{name}_not_negative", info={"words": _("A figure cannot be negative.")}) for name in FIGURES),
        col.choice_check("half", Half), col.choice_check("kind", ReportKind), col.choice_check("state", ReturnState),
    )

    unit_id: Mapped[int] = col.link(_("Reporting unit"), "unit.id", register="units")
    month: Mapped[date] = col.month(_("Month"), default=lambda: today().replace(day=1))
    half: Mapped[Half] = col.choice(_("Half-month"), Half, default=lambda: Half(HalfMonth.containing(today()).half))
    kind: Mapped[ReportKind] = col.choice(
        _("Kind of return"), ReportKind, default=ReportKind.figures, help=_("A unit with nothing to report says so by a zero report.")
    )
    disputes_found: Mapped[int | None] = col.count(_("Disputes found"), group=_("Figures of the half-month"), shown_when=ASKED)
    disputes_settled: Mapped[int | None] = col.count(_("Disputes settled"), group=_("Figures of the half-month"), shown_when=ASKED)
    hazards_found: Mapped[int | None] = col.count(_("Hazards found"), group=_("Figures of the half-month"), shown_when=ASKED)
    hazards_fixed: Mapped[int | None] = col.count(_("Hazards put right"), group=_("Figures of the half-month"), shown_when=ASKED)
    appeals_received: Mapped[int | None] = col.count(_("Appeals received"), group=_("Figures of the half-month"), shown_when=ASKED)
    appeals_answered: Mapped[int | None] = col.count(_("Appeals answered"), group=_("Figures of the half-month"), shown_when=ASKED)
    analysis: Mapped[str | None] = col.note(
        _("Analysis of the situation"), shown_when=ASKED,
        help=_("What was found and settled, and what is left. Add the detailed table and photographs before and after as attachments."),
    )
    reporter: Mapped[str | None] = col.text(_("Reported by"), 50)
    due_on: Mapped[date] = col.day(_("Due on"), group=_("Sending"), fixed=True)
    submitted_on: Mapped[date | None] = col.day(_("Sent on"), group=_("Sending"), fixed=True)
    late: Mapped[bool] = mapped_column(
        Boolean, Computed("coalesce(submitted_on > due_on, false)", persisted=True),
        info={"label": _("Sent late"), "kind": "flag", "fixed": True, "group": _("Sending")},
    )
    urged_on: Mapped[date | None] = col.day(_("Last urged on"), group=_("Sending"), fixed=True)
    approved_on: Mapped[date | None] = col.day(_("Approved on"), group=_("Sending"), fixed=True)
    state: Mapped[ReturnState] = col.choice(_("State"), ReturnState, default=ReturnState.waiting)

    def __str__(self) -> str:
        return self.period.label

    @property
    def period(self) -> HalfMonth:
        """The half-month that the return is about."""
        return HalfMonth(self.month.year, self.month.month, self.half.value)

    @hybrid_property
    def timeliness(self) -> Timeliness:
        """Sent in time or late, still time, or missing after its day."""
        if self.submitted_on:
            return Timeliness.late if self.submitted_on > self.due_on else Timeliness.in_time
        return Timeliness.missing if self.due_on < today() else Timeliness.open

    @timeliness.inplace.expression
    @classmethod
    def _timeliness(cls) -> Any:
        return case((cls.submitted_on > cls.due_on, Timeliness.late.value), (cls.submitted_on.is_not(None), Timeliness.in_time.value),
                    (cls.due_on < today(), Timeliness.missing.value), else_=Timeliness.open.value)

    timeliness.info["label"] = _("Timeliness")

    def before_save(self) -> None:
        """A return that came back and is sent again counts as sent on the first day: the reviewer's time is not the unit's."""
        first = inspect(self).attrs.submitted_on.history.deleted
        if first and first[0]:
            self.submitted_on = first[0]


def due_day(session: Session | Connection, period: HalfMonth) -> date:
    """The 1st or the 17th, moved off days of rest by the setting DUE_SHIFT."""
    return period.due(current_app.config["DUE_SHIFT"], workdays(session))


@event.listens_for(HalfMonthReturn, "before_insert")
@event.listens_for(HalfMonthReturn, "before_update")
def settle_place_and_day(mapper: Any, connection: Connection, row: HalfMonthReturn) -> None:
    """A return stands where its unit stands, and is due by the work calendar."""
    changed = inspect(row).attrs
    if changed.unit_id.history.has_changes() or changed.division_code.history.has_changes():
        row.division_code = connection.scalar(select(Unit.division_code).where(Unit.id == row.unit_id)) or row.division_code
    if row.due_on is None or (inspect(row).persistent and (changed.month.history.has_changes() or changed.half.history.has_changes())):
        row.due_on = due_day(connection, row.period)


register = Register(
    model=HalfMonthReturn, name="half_month_returns", label=_("Half-month returns"), area="reporting", icon="calendar",
    intro=_("What every reporting unit sends on the 1st and the 17th: figures, analysis and photographs, or a zero report."),
    listed=("division_code", "unit_id", "month", "half", "kind", "due_on", "submitted_on", "timeliness", "state"),
    searched=("reporter",), filtered=("late", "urged_on", *FIGURES), key=("unit_id", "month", "half"),
    title=("month", "half"), order=("-month", "-half", "division_code"), states="state", workflow=workflow,
    deadline=Deadline(column="due_on", open=OUTSTANDING), summed=FIGURES, demo=demo_rows,
)
