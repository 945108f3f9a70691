"""The recycle bin (回收站): what people delete is kept whole, with its parts, by a trigger, whatever the path of the deletion.

Sensitive registers are left out: what is deleted there is gone, as the law on personal data asks, and so is what the clock removes.
"""
from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, Integer, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base, now
from app.core.register import Register, registers


class DeletedRecord(Base):
    """A deleted record as it was, with everything that went with it."""

    __tablename__ = "deleted_record"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    register: Mapped[str] = mapped_column(String(60), index=True)
    row_id: Mapped[int] = mapped_column(BigInteger)
    division_code: Mapped[str] = mapped_column(Text(collation="C"), index=True)
    title: Mapped[str] = mapped_column(Text, default="", server_default="")
    user_id: Mapped[int | None] = mapped_column(Integer)
    actor: Mapped[str] = mapped_column(String(120), default="", server_default="")
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True), default=now, server_default=text("now()"), index=True)
    image: Mapped[dict[str, Any]] = mapped_column(JSONB)
    parts: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    """Tables with their rows, in the order in which they can be written back."""


# Cascades run as the owner and are passed over: their rows are kept with the record that took them along.
FUNCTION = """
CREATE OR REPLACE FUNCTION pingan_bin() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER AS $body$
DECLARE
  was jsonb := to_jsonb(OLD);
  ids jsonb := jsonb_build_object(TG_TABLE_NAME, jsonb_build_array(OLD.id));
  kept jsonb := '[]';
  part jsonb;
  found_rows jsonb;
BEGIN
  IF current_user <> 'pingan_app' OR coalesce(current_setting('pingan.user', true), '') = '' THEN
    RETURN OLD;
  END IF;
  FOR part IN SELECT * FROM jsonb_array_elements(TG_ARGV[3]::jsonb) LOOP
    IF part ? 'link' THEN
      EXECUTE format('SELECT coalesce(jsonb_agg(to_jsonb(c) ORDER BY c.id), ''[]'') FROM %I c '
        'WHERE c.%I IN (SELECT jsonb_array_elements_text($1)::bigint)', part ->> 'table', part ->> 'link')
        INTO found_rows USING coalesce(ids -> (part ->> 'of'), '[]');
      ids := ids || jsonb_build_object(part ->> 'table', coalesce(ids -> (part ->> 'table'), '[]')
        || (SELECT coalesce(jsonb_agg(r -> 'id'), '[]') FROM jsonb_array_elements(found_rows) AS r));
    ELSE
      SELECT coalesce(jsonb_agg(to_jsonb(a) ORDER BY a.id), '[]') INTO found_rows FROM attachment a
        WHERE a.register = part ->> 'register' AND a.row_id IN (SELECT jsonb_array_elements_text(coalesce(ids -> (part ->> 'of'), '[]'))::bigint);
    END IF;
    IF found_rows <> '[]' THEN
      kept := kept || jsonb_build_array(jsonb_build_object(
        'table', coalesce(part ->> 'table', 'attachment'), 'link', part ->> 'link', 'rows', found_rows));
    END IF;
  END LOOP;
  INSERT INTO deleted_record (register, row_id, division_code, title, user_id, actor, image, parts)
  VALUES (TG_ARGV[0], OLD.id, was ->> TG_ARGV[1],
    coalesce((SELECT string_agg(was ->> name, ' ') FROM unnest(string_to_array(TG_ARGV[2], ',')) AS name), ''),
    current_setting('pingan.user', true)::int, coalesce(current_setting('pingan.actor', true), ''), was, kept);
  RETURN OLD;
END $body$;
"""


def keeps(register: Register) -> bool:
    """Whether deleted records of the register go into the bin."""
    return not register.sensitive and not register.frozen and register.scope_column == "division_code"


def _parts(table: Any, known: dict[str, str]) -> Iterator[dict[str, str]]:
    """What is deleted with a row: the rows that point to it by a cascade, theirs in turn, and the attachments of all."""
    if table.name in known:
        yield {"register": known[table.name], "of": table.name}
    for child in Base.metadata.sorted_tables:
        for column in child.columns:
            if child is not table and any(key.column.table is table and (key.ondelete or "").upper() == "CASCADE" for key in column.foreign_keys):
                yield {"table": child.name, "link": column.name, "of": table.name}
                yield from _parts(child, known)


def triggers(register: Register) -> Iterator[str]:
    """What puts the register's records into the bin."""
    table = register.table.name
    yield f"DROP TRIGGER IF EXISTS pingan_bin ON {table}"
    if not keeps(register):
        return
    known = {each.table.name: each.name for each in registers()}
    spec = json.dumps(list(_parts(register.table, known)))
    title = ",".join(name for name in register.title if name in register.declared.columns and name not in register.sealed
                     and register.declared.columns[name].info["kind"] not in ("link", "choice"))
    yield (f"CREATE TRIGGER pingan_bin BEFORE DELETE ON {table} FOR EACH ROW "
           f"EXECUTE FUNCTION pingan_bin('{register.name}', '{register.scope_column}', '{title}', '{spec}')")
