"""Key-person service files (重点人群服务档案): help that a law provides, with a start, an end and a keeper.

A file says who is helped, by which law, by whom and until when. It never grades or follows anybody.
"""
from __future__ import annotations

from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _
from sqlalchemy import CheckConstraint, Connection, Index, UniqueConstraint, event
from sqlalchemy.orm import Mapped

from app.areas.divisions.series import next_number
from app.areas.keypersons.groups import RULES, StatutoryGroup, years_after
from app.areas.keypersons.samples import demo_rows
from app.core import columns as col
from app.core import identifiers
from app.core.base import Choice, Scoped
from app.core.deadline import Deadline
from app.core.register import Part, Register
from app.core.workflow import Transition, Workflow


class FileState(Choice):
    """Where a file stands; a stored one is only kept until its last day."""

    open = "open", _("Help is given"), "green"
    closed = "closed", _("Help has ended"), "grey"
    stored = "stored", _("Stored away"), "violet"


GUARDIAN = _("Guardian (for minors and people in care)")
PERSON = _("Person (encrypted)")
TERM = _("Term and review")


class KeyPersonFile(Scoped):
    """One person's file under one law."""

    __tablename__ = "key_person_file"
    __table_args__ = (
        Index(None, "state", "division_code"), Index(None, "state", "review_on", "division_code"),  # the counts on the tabs
        UniqueConstraint("division_code", "number", name="uq_key_person_file_number_once"),
        CheckConstraint(
            "ends_on >= starts_on", name="dates_in_order",
            info={"words": _("The end date must not be before the start date.")},
        ),
        CheckConstraint(
            "review_on >= starts_on", name="review_after_start",
            info={"words": _("The review must not be before the start of the help.")},
        ),
        CheckConstraint(
            "retention_until >= ends_on", name="kept_past_end",
            info={"words": _("A file must be kept at least until its end.")},
        ),
        col.choice_check("statutory_group", StatutoryGroup), col.choice_check("state", FileState),
    )

    number: Mapped[str | None] = col.number(_("File number"), 30, help=_("Leave empty: the console gives the next one."))
    statutory_group: Mapped[StatutoryGroup] = col.choice(
        _("Statutory group"), StatutoryGroup, help=_("Only these groups may have a file.")
    )
    legal_basis: Mapped[str | None] = col.text(_("Legal basis"), 200, fixed=True)
    name: Mapped[str] = col.sealed(_("Person's name"), mask="name", group=PERSON)
    id_number: Mapped[str] = col.sealed(_("ID number"), mask="id", check=identifiers.resident_id, group=PERSON)
    id_number_index: Mapped[str | None] = col.blind_index("id_number")
    phone: Mapped[str | None] = col.sealed(_("Phone"), mask="phone", check=identifiers.phone, group=PERSON)
    address: Mapped[str | None] = col.sealed(_("Address"), mask="address", group=PERSON)
    guardian_name: Mapped[str | None] = col.sealed(_("Guardian's name"), mask="name", group=GUARDIAN)
    guardian_phone: Mapped[str | None] = col.sealed(
        _("Guardian's phone"), mask="phone", check=identifiers.phone, group=GUARDIAN
    )
    guardian_relation: Mapped[str | None] = col.text(_("Relation to the person"), 30, group=GUARDIAN)
    starts_on: Mapped[date] = col.day(_("Help starts on"), group=TERM)
    ends_on: Mapped[date | None] = col.day(
        _("Help ends on"), group=TERM, help=_("Empty: the end that the law fixes, if it fixes one.")
    )
    reviewer: Mapped[str] = col.text(_("Reviewer"), 50, group=TERM, help=_("Who decides whether the file is still needed."))
    review_on: Mapped[date] = col.day(_("Next review on"), group=TERM)
    closed_on: Mapped[date | None] = col.day(_("Help ended on"), group=TERM, fixed=True)
    retention_until: Mapped[date | None] = col.day(_("Kept until"), group=TERM, fixed=True)
    helper: Mapped[str | None] = col.text(_("Helper"), 50, group=_("Help and helper"))
    helper_phone: Mapped[str | None] = col.phone(_("Helper's work phone"), check=identifiers.phone, group=_("Help and helper"))
    notice_given_on: Mapped[date | None] = col.day(
        _("Told about the file on"), group=_("Help and helper"), help=_("The day the person was told why and how long the file is kept.")
    )
    needs: Mapped[str | None] = col.note(
        _("Help needed"), group=_("Help and helper"), help=_("Only what the help requires; no illness, offence or opinion.")
    )
    state: Mapped[FileState] = col.choice(_("State"), FileState, default=FileState.open)

    def __str__(self) -> str:
        return self.number or ""

    def before_save(self) -> None:
        """Fix the law, the end and the last day of keeping from the group."""
        if self.statutory_group is None or self.starts_on is None:
            return  # the database refuses the row by name of the missing column
        rule = RULES[StatutoryGroup(self.statutory_group)]
        self.legal_basis = rule.basis
        if self.ends_on is None and rule.term is not None:
            self.ends_on = years_after(self.starts_on, rule.term)
        # A file closed early ends that day, so that it is not kept a day longer than needed.
        if self.closed_on is not None and (self.ends_on is None or self.closed_on < self.ends_on):
            self.ends_on = max(self.closed_on, self.starts_on)
        self.retention_until = years_after(self.ends_on, rule.kept) if self.ends_on else None


@event.listens_for(KeyPersonFile, "before_insert")
def give_number(mapper: Any, connection: Connection, file: KeyPersonFile) -> None:
    """Give the next number of the year to a file that came without one."""
    if not file.number:
        file.number = next_number(connection, "FW", file.starts_on.year)


workflow = Workflow(
    column="state", course=(FileState.open, FileState.closed, FileState.stored), locked=(FileState.stored,),
    transitions=(
        Transition(name="close", label=_("End the help"), source=(FileState.open,), target=FileState.closed,
                   needs_note=True, stamps="closed_on"),
        Transition(name="reopen", label=_("Reopen"), source=(FileState.closed,), target=FileState.open,
                   needs_note=True, tone="warning"),
        Transition(name="store", label=_("Store away"), source=(FileState.closed,), target=FileState.stored, tone="secondary"),
    ),
)

register = Register(
    model=KeyPersonFile, name="key_person_files", label=_("Key-person service files"), area="keypersons",
    icon="heart-handshake", intro=_("Help that a law provides. Personal data is encrypted; opening it asks for a reason."),
    listed=("division_code", "number", "statutory_group", "name", "ends_on", "review_on", "state"),
    searched=("number", "reviewer", "helper"), filtered=("retention_until",), key=("division_code", "number"),
    title=("number",), states="state", workflow=workflow,
    deadline=Deadline(column="review_on", open=(FileState.open,), soon=30), parts=(Part("key_person_visits", "file_id"),),
    sensitive=True, demo=demo_rows,
)
