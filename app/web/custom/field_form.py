"""The form in which a field is described (字段定义表单), with every rule that makes a description wrong."""
from __future__ import annotations

from typing import Any

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from sqlalchemy import select
from wtforms import BooleanField, HiddenField, IntegerField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, Length, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from app.core.own import KINDS
from app.core.register import Register
from app.database import db
from app.database.scope import acting, current_scope, everywhere
from app.security import held
from app.web.custom.definitions import base_shape, dictionaries
from app.web.custom.models import CustomField, DictionaryEntry
from app.web.custom.never import Refused, refuse
from app.web.fields import CleanText, WholeNumber

SHORT = Length(max=40, message=_("At most %(max)d characters."))
LENGTHS = {"text": 500, "number": 50}


class Boxes(SelectMultipleField):
    """Several of a list, as boxes."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


class FieldForm(FlaskForm):
    """One field of the county's own."""

    label = CleanText(_("Label"), [InputRequired(_("Please fill this in.")), SHORT], description=_("As it stands on forms and in headers."))
    kind = SelectField(_("Kind"), choices=[(name, kind.label) for name, kind in KINDS.items()],
                       description=_("Fixed as soon as a record holds a value."))
    dictionary_id = SelectField(_("Dictionary"), coerce=int, description=_("For a choice only."))
    length = WholeNumber(_("Most characters"), [Optional(), NumberRange(1, 500, _("The number is too small or too large."))],
                         description=_("For one line of text; 100 if empty."))
    unit = CleanText(_("Unit"), [Length(max=10, message=_("At most %(max)d characters."))], description=_("For numbers, such as households."))
    heading = CleanText(_("Group"), [SHORT], description=_("The heading it stands under; empty: the first group."))
    position = IntegerField(_("Order"), [Optional(), NumberRange(0, 9999, _("The number is too small or too large."))], default=0,
                            description=_("Small numbers stand first."))
    help = CleanText(_("Help text"), [Length(max=200, message=_("At most %(max)d characters."))])
    required = BooleanField(_("Required"), description=_("Of new records, and of old ones when they are next edited."))
    filtered = BooleanField(_("In the query form"), description=_("It can be queried by conditions in any case."))
    asked_when = Boxes(_("Only asked when"), description=_("Values of one other field; no box: always."))
    see_roles = Boxes(_("Seen by"), description=_("No box: everybody who sees the record."))
    edit_roles = Boxes(_("Filled by"), description=_("No box: everybody who edits the record."))
    row_version = HiddenField()

    def prepare(self, register: Register, field: CustomField | None) -> FieldForm:
        """Offer what there is to choose from, and fix the kind once there are values."""
        self.register, self.stored = register, field
        self.fixed = field is not None and in_use(register, field.name)
        self.dictionary_id.choices = [(0, "")] + [(each.id, each.label) for each in dictionaries()]
        self.see_roles.choices = self.edit_roles.choices = [(name, name) for _number, name in held().all_roles]
        self.asked_when.choices = _conditions(register, field)
        for each in self:
            each.kind = {"BooleanField": "flag", "SelectField": "choice"}.get(each.type, "text")
        if self.fixed and field is not None:
            self.kind.data, self.dictionary_id.data = field.kind, field.dictionary_id or 0
        return self

    def validate(self, extra_validators: Any = None) -> bool:
        """The form's own rules, then those between fields, and what is never kept."""
        whole = super().validate(extra_validators)
        for field, words in self._faults():
            field.errors, whole = [*field.errors, words], False
        return whole

    def _faults(self) -> Any:
        sensitive = self.register.sensitive or bool(self.register.sealed)
        for field in (self.label, self.heading, self.help, self.unit):
            try:
                refuse(field.data or "", sensitive=sensitive)
            except Refused as refusal:
                yield field, str(refusal)
        if self.label.data in self._labels():
            yield self.label, gettext("This register already has a field of this label.")
        if self.kind.data == "choice" and not self.dictionary_id.data:
            yield self.dictionary_id, gettext("Choose the dictionary.")
        if len({pair.split("=", 1)[0] for pair in self.asked_when.data or []}) > 1:
            yield self.asked_when, gettext("Choose values of one field alone.")
        if self.kind.data == "choice" and sensitive and (words := self._unfit()):
            yield self.dictionary_id, words
        if self.required.data and (self.see_roles.data or self.edit_roles.data):
            yield self.required, gettext("A field that not everybody may fill cannot be required.")
        if self.stored is not None and self.row_version.data != str(self.stored.row_version):
            yield self.label, gettext("Somebody else changed this field meanwhile. Open it again.")

    def _unfit(self) -> str:
        """Why a dictionary cannot serve a register of people's data."""
        labels = db.session.scalars(select(DictionaryEntry.label).where(DictionaryEntry.dictionary_id == self.dictionary_id.data))
        try:
            refuse(*labels, sensitive=True)
        except Refused as refusal:
            return str(refusal)
        return ""

    def _labels(self) -> set[str]:
        mine = select(CustomField.label).where(CustomField.register == self.register.name, CustomField.retired_at.is_(None))
        others = db.session.scalars(mine if self.stored is None else mine.where(CustomField.id != self.stored.id))
        return {*others, *(str(column.info["label"]) for column in self.register.declared.columns.values())}

    def put_on(self, field: CustomField) -> None:
        """Write the description down."""
        for name in ("label", "help", "heading", "unit"):
            setattr(field, name, self[name].data or "")
        for name in ("kind", "required", "filtered"):
            setattr(field, name, self[name].data)
        field.length = self.length.data if field.kind in LENGTHS and self.length.data else None
        field.position = self.position.data or 0
        field.dictionary_id = self.dictionary_id.data if field.kind == "choice" else None
        pairs = [pair.split("=", 1) for pair in self.asked_when.data or []]
        field.shown_when = {"field": pairs[0][0], "values": [value for _name, value in pairs]} if pairs else None
        field.see_roles, field.edit_roles = list(self.see_roles.data or []), list(self.edit_roles.data or [])


def _conditions(register: Register, field: CustomField | None) -> list[tuple[str, str]]:
    """What a field can be asked by: the values of the register's choices, and its ticked boxes."""
    made = []
    for name, column in base_shape(register).writable.items():
        if field is not None and name == field.name:
            break
        values = [(member.value, member.label) for member in column.info["choice"]] if column.info["kind"] == "choice" else []
        values = [("true", gettext("Yes"))] if column.info["kind"] == "flag" else values
        made += [(f"{name}={value}", f"{column.info['label']}：{words}") for value, words in values]
    return made


def in_use(register: Register, name: str) -> bool:
    """Whether any record of the county holds a value, whoever may see it."""
    scope = current_scope()
    with acting(everywhere(scope.actor, scope.user_id)):
        return bool(db.session.scalar(select(select(register.table.c.id).where(register.table.c.extra.has_key(name)).exists())))
