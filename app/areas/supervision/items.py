"""Supervision items (督查督办事项): what must be put right, by whom, until when, and what came of it."""
from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, ColumnElement, Connection, Index, UniqueConstraint, and_, case, event, exists, inspect, select
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped

from app.areas.divisions.calendar import today
from app.areas.divisions.series import next_number
from app.areas.supervision.samples import demo_rows
from app.areas.supervision.states import FINISHED, ItemState, workflow
from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Scoped
from app.core.deadline import Deadline
from app.core.register import Register

SOON = 3
"""Days before the due date from which the light is amber."""


class HazardKind(Choice):
    """What the item is about: code table T80, and public-order problems of T83 under their own name."""

    none = "00", _("No hazard: a task"), "grey"
    public_order = "01", _("Public order"), "red"
    fire = "02", _("Fire safety"), "red"
    dispute = "03", _("Dispute"), "amber"
    labour = "04", _("Labour dispute"), "amber"
    area = "83", _("Outstanding public-order problem of an area"), "violet"
    other = "99", _("Other"), "grey"


class ItemGrade(Choice):
    """How weighty an item is."""

    ordinary = "ordinary", _("Ordinary"), "grey"
    larger = "larger", _("Larger"), "amber"
    major = "major", _("Major"), "red"


class ItemSource(Choice):
    """Where an item came from."""

    inspection = "inspection", _("Inspection"), "blue"
    document = "document", _("Document of a superior"), "violet"
    meeting = "meeting", _("Meeting decision"), "violet"
    report = "report", _("Half-month reporting"), "cyan"
    public = "public", _("Hint from the public"), "green"
    other = "other", _("Other"), "grey"


class Light(Choice):
    """The lamp of an item, computed: nobody sets it."""

    done = "done", _("Settled or withdrawn"), "grey"
    on_time = "on_time", _("In time"), "green"
    soon = "soon", _("Due soon"), "amber"
    overdue = "overdue", _("Overdue"), "red"


class SupervisionItem(Scoped):
    """One item, held by the division that must put it right."""

    __tablename__ = "supervision_item"
    __table_args__ = (
        Index(None, "state", "division_code"), Index(None, "state", "due_on", "division_code"),  # the counts on the tabs
        UniqueConstraint("division_code", "number", name="uq_supervision_item_number_once"),
        CheckConstraint(
            "due_on >= registered_on", name="due_after_filing",
            info={"words": _("The due date must not be before the filing date.")},
        ),
        CheckConstraint(
            "closed_on >= registered_on", name="closed_after_filing",
            info={"words": _("The day it was settled must not be before the filing date.")},
        ),
        CheckConstraint(
            "asked_due_on > due_on", name="asked_after_due",
            info={"words": _("An extension must end after the present due date.")},
        ),
        CheckConstraint(
            "state NOT IN ('closed', 'withdrawn') OR closed_on IS NOT NULL", name="closed_has_day",
            info={"words": _("A settled item needs the day it was settled.")},
        ),
        col.choice_check("category", HazardKind), col.choice_check("grade", ItemGrade),
        col.choice_check("source", ItemSource), col.choice_check("state", ItemState),
    )

    number: Mapped[str | None] = col.number(_("Item number"), 30, help=_("Leave empty: the console gives the next one."))
    title: Mapped[str] = col.text(_("Item"), 120)
    category: Mapped[HazardKind] = col.choice(_("Category"), HazardKind)
    grade: Mapped[ItemGrade] = col.choice(_("Grade"), ItemGrade, default=ItemGrade.ordinary)
    source: Mapped[ItemSource] = col.choice(_("Source"), ItemSource)
    problem: Mapped[str] = col.note(_("Problem"))
    responsible_unit: Mapped[str] = col.text(_("Responsible unit"), 100, group=_("Responsibility"))
    responsible_person: Mapped[str | None] = col.text(_("Responsible person"), 50, group=_("Responsibility"))
    phone: Mapped[str | None] = col.phone(_("Work phone"), check=identifiers.phone, group=_("Responsibility"))
    instructor: Mapped[str | None] = col.text(_("Instructor"), 50, group=_("Responsibility"))
    registered_on: Mapped[date] = col.day(_("Filed on"), group=_("Time limits"), default=today)
    due_on: Mapped[date] = col.day(_("Due on"), group=_("Time limits"))
    asked_due_on: Mapped[date | None] = col.day(
        _("Extension asked until"), group=_("Time limits"), help=_("Fill this in before asking for an extension.")
    )
    received_on: Mapped[date | None] = col.day(_("Received on"), group=_("Time limits"), fixed=True)
    extended_on: Mapped[date | None] = col.day(_("Extended on"), group=_("Time limits"), fixed=True)
    closed_on: Mapped[date | None] = col.day(_("Settled on"), group=_("Time limits"), fixed=True)
    measures: Mapped[str | None] = col.note(_("Measures"), group=_("Handling"))
    result: Mapped[str | None] = col.note(_("Result"), group=_("Handling"))
    state: Mapped[ItemState] = col.choice(_("State"), ItemState, default=ItemState.filed)

    def __str__(self) -> str:
        return f"{self.number} {self.title}"

    @hybrid_property
    def overdue(self) -> bool:
        """Whether the item is still at work after its due date."""
        return self.state not in FINISHED and self.due_on < today()

    @overdue.inplace.expression
    @classmethod
    def _overdue(cls) -> ColumnElement[bool]:
        return and_(cls.state.not_in(FINISHED), cls.due_on < today())

    @hybrid_property
    def light(self) -> Light:
        """The lamp: red past the due date, amber close to it."""
        if self.state in FINISHED:
            return Light.done
        left = (self.due_on - today()).days
        return Light.overdue if left < 0 else Light.soon if left <= SOON else Light.on_time

    @light.inplace.expression
    @classmethod
    def _light(cls) -> ColumnElement[str]:
        return case(
            (cls.state.in_(FINISHED), Light.done.value), (cls.due_on < today(), Light.overdue.value),
            (cls.due_on <= today() + timedelta(days=SOON), Light.soon.value), else_=Light.on_time.value,
        )

    overdue.info["label"], light.info["label"] = _("Overdue"), _("Lamp")

    def before_save(self) -> None:
        """Carry a granted extension into the due date, once."""
        if self.extended_on and self.asked_due_on and inspect(self).attrs.extended_on.history.has_changes():
            self.due_on, self.asked_due_on = self.asked_due_on, None


@event.listens_for(SupervisionItem, "before_insert")
def give_number(mapper: Any, connection: Connection, item: SupervisionItem) -> None:
    """Give the next number of the year that the division has not used by hand already."""
    while not item.number:
        drawn = next_number(connection, "DC", (item.registered_on or today()).year)
        used = exists().where(SupervisionItem.division_code == item.division_code, SupervisionItem.number == drawn)
        item.number = None if connection.scalar(select(used)) else drawn


register = Register(
    model=SupervisionItem, name="supervision_items", label=_("Supervision items"), area="supervision", icon="eye-check",
    intro=_("What must be put right, by whom and until when, from filing to closing."),
    listed=("division_code", "number", "title", "category", "grade", "due_on", "state", "responsible_unit", "light"),
    searched=("number", "title", "responsible_unit", "instructor"), filtered=("source", "registered_on", "closed_on"),
    key=("division_code", "number"), title=("number", "title"), states="state", workflow=workflow,
    deadline=Deadline(column="due_on", open=tuple(state for state in ItemState if state not in FINISHED), soon=SOON), demo=demo_rows,
)
