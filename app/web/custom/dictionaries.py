"""What is done to dictionaries (字典维护): counting uses, merging two values everywhere, and taking a merge back."""
from __future__ import annotations

from flask_babel import gettext as _
from sqlalchemy import Text, cast, func, select, union_all

from app.core.base import now
from app.core.register import find
from app.database import db
from app.database.scope import acting, current_scope, everywhere, noted
from app.web.cells import shown
from app.web.custom.models import CustomField, Dictionary, DictionaryEntry
from app.web.custom.shipped import choices, name_of


def fields_of(dictionary: Dictionary) -> list[CustomField]:
    """The fields of the county's own that take their values from it, retired ones too."""
    return list(db.session.scalars(select(CustomField).where(CustomField.dictionary_id == dictionary.id).order_by(CustomField.register)))


def counts(dictionary: Dictionary) -> dict[str, int]:
    """How many records hold each code, over the whole county, by one statement; nobody sees which."""
    own = [(find(field.register).table, find(field.register).table.c.extra[field.name].astext) for field in fields_of(dictionary)]
    declared = [(column.table, cast(column, Text)) for _register, column in choices() if name_of(column.info["choice"]) == dictionary.name]
    parts = [select(value.label("code"), func.count().label("times")).select_from(table).group_by(value) for table, value in (*own, *declared)]
    if not parts:
        return {}
    both = union_all(*parts).subquery()
    scope = current_scope()
    with acting(everywhere(scope.actor, scope.user_id)):
        rows = db.session.execute(select(both.c.code, func.sum(both.c.times)).where(both.c.code.is_not(None)).group_by(both.c.code))
        return {code: int(times) for code, times in rows}


def merge(entry: DictionaryEntry, into: DictionaryEntry) -> int:
    """Let every record that holds the one value hold the other; answers with how many. The caller commits.

    Closed records are rewritten as well, since only the code changes and not what was decided. Each is written down with a note
    that no other merge has, by which it can be taken back.
    """
    entry.merged_into = into.code
    entry.merge_note = _("Dictionary: %(old)s merged into %(new)s, %(at)s", old=entry.label, new=into.label, at=shown(now(), "time"))[:200]
    db.session.flush()
    with noted(entry.merge_note):
        return int(db.session.scalar(select(func.pingan_recode(entry.dictionary_id, entry.code, into.code))) or 0)


def unmerge(entry: DictionaryEntry) -> int:
    """Give the records of a merge their former value back, as far as nobody has changed it since. The caller commits."""
    note, into = entry.merge_note, entry.merged_into
    entry.merged_into = entry.merge_note = None
    db.session.flush()
    with noted(_("Taken back: %(what)s", what=note)):
        return int(db.session.scalar(select(func.pingan_uncode(entry.dictionary_id, into, entry.code, note))) or 0)


def next_code(dictionary: Dictionary) -> str:
    """The next free number, of two digits at least."""
    said = db.session.scalars(select(DictionaryEntry.code).where(DictionaryEntry.dictionary_id == dictionary.id))
    numbers = [int(code) for code in said if code.isascii() and code.isdecimal()]
    return f"{max(numbers, default=0) + 1:02d}"


