"""The form of a schedule: every answer is checked, and every refusal says what to do."""
from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange

from app.core.base import Choice, now
from app.database import db
from app.jobs.schedules import SHANGHAI, Recurrence, Schedule, Shift
from app.jobs.tasks import tasks

NEEDED = InputRequired(_("Fill this in."))
KINDS = {"BooleanField": "flag", "SelectField": "choice", "DateField": "day", "IntegerField": "count"}


def _options(choices: type[Choice]) -> list[tuple[str, Any]]:
    return [(member.value, member.label) for member in choices]


class Whole(IntegerField):
    """A whole number; anything else is refused in words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_("Write a whole number, such as 8."))) from error


class ADay(DateField):
    """A calendar day; anything else is refused in words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_("Write a day, such as 2026-11-17."))) from error


class ScheduleForm(FlaskForm):
    """What an admin sets; the id of the saved version guards against two people at once."""

    row_version = HiddenField()
    name = StringField(_("Name"), [NEEDED, Length(max=60, message=_("At most 60 characters."))])
    task = SelectField(_("Task"), [NEEDED])
    recurrence = SelectField(_("How often"), [NEEDED], choices=lambda: _options(Recurrence), description=_(
        "Half-months are the 1st to the 16th and the 17th to the end; each period is due on the day after its end."))
    shift = SelectField(_("On a day of rest"), [NEEDED], choices=lambda: _options(Shift), description=_(
        "When the due day is a day of rest in the work calendar."))
    hour = Whole(_("Hour"), [NEEDED, NumberRange(0, 23, _("From 0 to 23."))])
    minute = Whole(_("Minute"), [NEEDED, NumberRange(0, 59, _("From 0 to 59."))])
    catch_up_from = ADay(_("Periods from"), [NEEDED], description=_(
        "Periods that ended before this day are not made. After an outage at most the latest three are caught up."))
    active = BooleanField(_("Active"))

    def __init__(self, *args: Any, schedule: Schedule, **options: Any) -> None:
        today = now().astimezone(SHANGHAI).date()
        options = {"hour": 8, "minute": 0, "active": True, "catch_up_from": today, **options}
        super().__init__(*args, **options)
        self.schedule = schedule
        self.task.choices = [(task.name, task.label) for task in tasks().values()]
        if schedule.task and schedule.task not in tasks():
            self.task.choices.append((schedule.task, schedule.task))
        for field in self:
            bases = (base.__name__ for base in type(field).__mro__)
            field.kind = next((KINDS[name] for name in bases if name in KINDS), "text")

    def validate_name(self, field: StringField) -> None:
        """Names are what people choose by, so each stands once."""
        same = select(Schedule.id).where(Schedule.name == field.data.strip(), Schedule.id != (self.schedule.id or 0))
        with db.session.no_autoflush:
            if db.session.scalar(same):
                raise ValidationError(str(_("There is a schedule of this name already; choose another name.")))

    def validate(self, extra_validators: Any = None) -> bool:
        """Refuse also to write over what somebody else has just saved."""
        fine = super().validate(extra_validators)
        if not self.schedule.id or self.row_version.data == str(self.schedule.row_version):
            return fine
        self.row_version.data = str(self.schedule.row_version)
        self.form_errors.append(str(_(
            "Somebody else has changed this schedule meanwhile. Look at the values, then save again.")))
        return False

    def fill(self, schedule: Schedule) -> None:
        """Put the checked answers into the row."""
        schedule.name, schedule.task = self.name.data.strip(), self.task.data
        schedule.recurrence, schedule.shift = Recurrence(self.recurrence.data), Shift(self.shift.data)
        schedule.hour, schedule.minute = self.hour.data, self.minute.data
        schedule.catch_up_from, schedule.active = self.catch_up_from.data, self.active.data
