"""The code tables that come with the console (内置代码表), written down as dictionaries so that everybody can see and use them."""
from __future__ import annotations

import re
from collections.abc import Iterator

from flask_babel import force_locale
from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from app.core.base import Choice
from app.core.register import Register, registers
from app.web.custom.models import Dictionary, DictionaryEntry


def name_of(choice: type[Choice]) -> str:
    """The machine name of a code table: DivisionKind becomes division_kind."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", choice.__name__).lower()


def tables() -> dict[str, tuple[type[Choice], str]]:
    """The code tables of the registers by machine name, each with the words of the column that first uses it."""
    made: dict[str, tuple[type[Choice], str]] = {}
    for register, column in choices():
        made.setdefault(name_of(column.info["choice"]), (column.info["choice"], f"{register.label}：{column.info['label']}"))
    return made


def choices() -> Iterator[tuple[Register, object]]:
    """Every declared column that holds one of a closed list."""
    for register in registers():
        yield from ((register, column) for column in register.declared.columns.values() if column.info["kind"] == "choice")


def ensure_shipped(session: Session) -> None:
    """Write down what is not there yet, and today's words of the rest. The caller commits."""
    with force_locale("zh"):
        for name, (choice, label) in tables().items():
            new = insert(Dictionary).values(name=name, label=label[:60], shipped=True)
            number = session.execute(new.on_conflict_do_update(index_elements=["name"], set_={"label": new.excluded.label, "shipped": True})
                                     .returning(Dictionary.id)).scalar_one()
            rows = [{"dictionary_id": number, "code": member.value, "label": str(member.label)[:60], "position": place}
                    for place, member in enumerate(choice)]
            entry = insert(DictionaryEntry)
            session.execute(entry.on_conflict_do_update(constraint="uq_dictionary_entry_code", set_={
                "label": entry.excluded.label, "position": entry.excluded.position},
                where=func.row(DictionaryEntry.label, DictionaryEntry.position).is_distinct_from(
                    func.row(entry.excluded.label, entry.excluded.position))), rows)
