"""Parts of a form that are asked only sometimes (条件显示), declared once on the column and held by a CHECK in the database."""
from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from flask_babel.speaklater import LazyString
from sqlalchemy import CheckConstraint, Column, Table, event


class When:
    """A column is filled only while another one, declared before it, holds one of some values.

    ``field`` is a choice or a flag of the same register; without values a flag must be ticked.
    ``needed``: whether the column must then be filled.
    """

    def __init__(self, field: str, *values: Any, needed: bool = False) -> None:
        self.field, self.needed = field, needed
        self.values = values or (True,)

    def met(self, value: Any) -> bool:
        """Whether the column is asked while the other one holds this value (a member, its value, or a truth)."""
        return getattr(value, "value", value) in {getattr(each, "value", each) for each in self.values}

    def said(self, column: Column[Any]) -> dict[str, str]:
        """The other column and its values, as people read them."""
        words = (str(each.label) if hasattr(each, "label") else _("Yes") for each in self.values)
        return {"field": str(column.table.columns[self.field].info["label"]), "values": " / ".join(words)}

    def sql(self) -> str:
        """The condition for the database; an empty column meets nothing."""
        if self.values == (True,):
            return f"coalesce({self.field}, false)"
        return f"coalesce({self.field} IN ({', '.join(repr(str(each.value)) for each in self.values)}), false)"


def condition(column: Any) -> When | None:
    """The condition of a column, if it has one."""
    return column.info.get("shown_when")


def only_words(column: Column[Any]) -> str:
    """When the column is filled at all."""
    when: When = column.info["shown_when"]
    return _("Only filled in when “%(field)s” is “%(values)s”.", **when.said(column))


def needed_words(column: Column[Any]) -> str:
    """Why the column must be filled now."""
    when: When = column.info["shown_when"]
    return _("Please fill this in, since “%(field)s” is “%(values)s”.", **when.said(column))


@dataclass(frozen=True)
class Rule:
    """One CHECK of a conditional column."""

    name: str
    sql: str
    words: Any


def rules(column: Column[Any], when: When) -> list[Rule]:
    """What the database holds: nothing is there unless it is asked, and what is needed is there."""
    empty = f"NOT {column.key}" if column.info["kind"] == "flag" else f"{column.key} IS NULL"
    made = [Rule(f"{column.key}_only_when", f"{empty} OR {when.sql()}", only_words)]
    if when.needed:
        made.append(Rule(f"{column.key}_when_needed", f"{column.key} IS NOT NULL OR NOT {when.sql()}", needed_words))
    return made


def hold(column: Column[Any], when: When) -> None:
    """Put the rules on the table as soon as the column is on it."""

    @event.listens_for(column, "after_parent_attach")
    def attached(column: Column[Any], table: Table) -> None:
        for rule in rules(column, when):
            info = {"words": LazyString(rule.words, column), "field": column.key}
            table.append_constraint(CheckConstraint(rule.sql, name=rule.name, info=info))


def settle(row: Any) -> None:
    """Empty what a row's other columns no longer ask for, in the order of the declaration."""
    for column in row.__table__.columns:
        when = condition(column)
        if when is not None and not when.met(getattr(row, when.field)) and getattr(row, column.key) not in (None, False):
            setattr(row, column.key, False if column.info["kind"] == "flag" else None)
