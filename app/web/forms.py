"""The form of a register, made from its columns, and what saving it does."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask import request
from flask_babel import gettext
from flask_wtf import FlaskForm
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm.exc import StaleDataError
from wtforms import HiddenField

from app.core.register import Register, Shape
from app.database import db
from app.database.locking import CONSTRAINT as LOCKED
from app.database.own_fields import REQUIRED, TYPED
from app.web.conditional import asked, shown_when
from app.web.fields import field_for
from app.web.once import new_key


class RecordForm(FlaskForm):
    """A form that remembers which version of the row it was opened on."""

    row_version = HiddenField()
    form_key = HiddenField(default=new_key)
    opened = HiddenField()
    grids: Any = ()
    """The child rows on the form."""
    draft: Any = None
    """One's own unsaved draft of this form, found when it is opened."""
    stale = False
    """Whether the database refused the save because somebody else was faster."""
    register: Any = None
    left_out: Any = ()
    """The columns that said something although nothing is asked there now."""

    def validate(self, extra_validators: Any = None) -> bool:
        """Check what is asked; parts that the other answers do not ask for are emptied first."""
        self.left_out = asked(self.register, self)
        return bool(super().validate(extra_validators))

    def values(self, register: Register) -> dict[str, Any]:
        """What was understood, by column."""
        return {name: self[name].data for name in register.writable if name in self}

    def fill(self, row: Any, register: Register) -> None:
        """Put what was typed into the row."""
        fill(row, register, self.values(register))

    def groups(self, register: Register) -> list[tuple[Any, list[Any]]]:
        """The fields under their headings, in the order of the declaration."""
        return grouped(register.writable, self)


def grouped(columns: dict[str, Any], form: Any) -> list[tuple[Any, list[Any]]]:
    """The fields of these columns under their headings."""
    made: dict[str, tuple[Any, list[Any]]] = {}
    for name, column in columns.items():
        label = column.info.get("group", gettext("Basic information"))
        made.setdefault(str(label), (label, []))[1].append(form[name])
    return list(made.values())


def fill(row: Any, register: Register, values: dict[str, Any]) -> None:
    """Put what a form understood into a row; nothing that says the same is touched."""
    columns = register.writable
    for name, said in values.items():
        column, value = columns[name], said if said != "" else None
        if column.info["kind"] == "choice" and value is not None:
            value = column.info["choice"](value)
        if value is None and not column.nullable and column.default is not None:
            continue
        if getattr(row, name) != value:
            setattr(row, name, value)


def form_class(register: Register) -> type[RecordForm]:
    """The form class of a register, one field for every column this person may fill; made once for the same columns."""
    return form_of(register, register.shape)


def form_of(register: Register, shape: Shape) -> type[RecordForm]:
    """The form class of these columns."""
    if "form" not in shape.made:
        fields = {name: field_for(column) for name, column in shape.writable.items()}
        shape.made["form"] = type(f"{register.model.__name__}Form", (RecordForm,), {**fields, "register": register})
    made: type[RecordForm] = shape.made["form"]
    return made


def kinds(register: Register, form: RecordForm) -> RecordForm:
    """Tell each field its kind, for the template that draws it."""
    dress(register.writable, form)
    return form


def dress(columns: dict[str, Any], form: Any) -> None:
    """The same for these columns."""
    for name, column in columns.items():
        form[name].kind = column.info["kind"]
        form[name].unit = column.info.get("unit", "")
        form[name].when = shown_when(column, form)


def given(register: Register, form: RecordForm) -> None:
    """Fill in what the address of a new record's form says, such as its parent; what it cannot mean is left out."""
    for name in register.writable.keys() & request.args.keys():
        try:
            form[name].process_formdata([request.args[name]])
        except ValueError:
            form[name].data = None


def problems(register: Register, error: Exception) -> Iterator[tuple[str | None, str]]:
    """What the database or the model refused, in people's words: (field or None, message)."""
    if isinstance(error, StaleDataError):
        yield None, gettext("Somebody else saved this record meanwhile. Open it again; what you typed is still here.")
    elif isinstance(error, IntegrityError):
        yield from _constraint(register, getattr(error.orig, "diag", None))
    elif isinstance(error, ValueError):
        yield None, str(error.args[0]) if error.args else gettext("The record cannot be saved like this.")
    else:
        yield None, gettext("The record cannot be saved like this.")


def _constraint(register: Register, diag: Any) -> Iterator[tuple[str | None, str]]:
    name = getattr(diag, "constraint_name", "") or ""
    for constraint in register.table.constraints:
        if constraint.name == name and "words" in constraint.info:
            yield constraint.info.get("field"), str(constraint.info["words"])
            return
        if constraint.name == name and (columns := list(getattr(constraint, "columns", []))):
            last = columns[-1]
            field = last.key if last.key in register.writable else None
            if name.startswith("uq_"):
                yield field, gettext("There is already a record with this %(name)s.", name=last.info.get("label", last.key))
                return
    if name in (REQUIRED, TYPED):
        words = gettext("Please fill this in.") if name == REQUIRED else gettext("The value does not fit the kind of this field.")
        yield getattr(diag, "column_name", None), words
    elif name == LOCKED:
        yield None, gettext("The record is closed: nobody changes it or its parts any more.")
    elif name.startswith("fk_"):
        yield None, gettext("Other records still refer to this one; change or remove them first.")
    elif name.startswith("ck_"):
        yield None, gettext("A rule of this register is not met: %(rule)s.", rule=name)
    else:
        yield None, gettext("A required value is missing, or the record already exists.")



def flush(register: Register, form: RecordForm) -> bool:
    """Try the change in the database; on refusal put its words on the form and undo it."""
    try:
        db.session.flush()
    except DBAPIError as error:
        if not isinstance(error, IntegrityError):
            raise
        failure: Exception = error
    except (StaleDataError, ValueError) as error:
        failure, form.stale = error, isinstance(error, StaleDataError)
    else:
        return True
    db.session.rollback()
    for field, words in problems(register, failure):
        target = form[field] if field and field in form else None
        if target is not None:
            target.errors = [*target.errors, words]
        else:
            form.form_errors.append(words)
    return False
