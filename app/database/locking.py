"""Records that are closed stay as they are (封存、办结后不得改动): triggers made from the workflows."""
from __future__ import annotations

from collections.abc import Iterator

from app.core.register import Register, find

CONSTRAINT = "ck_record_locked"
"""The name under which the refusal reaches the form."""

# Cascades and migrations run as the owner and are let through; the clock, which has no user, may delete what has run out.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION pingan_locked() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER AS $body$
DECLARE
  was jsonb := to_jsonb(OLD);
BEGIN
  IF current_user <> 'pingan_app' OR NOT (was ->> TG_ARGV[0]) = ANY(string_to_array(TG_ARGV[1], ',')) THEN
    RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' AND coalesce(current_setting('pingan.user', true), '') = '' THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'record is locked' USING ERRCODE = 'check_violation', CONSTRAINT = '{CONSTRAINT}';
END $body$;
"""

PARENT_FUNCTION = """
CREATE OR REPLACE FUNCTION pingan_parent_locked() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER AS $body$
DECLARE
  parent bigint;
  closed boolean;
BEGIN
  IF current_user = 'pingan_app' AND coalesce(current_setting('pingan.user', true), '') <> '' THEN
    FOR parent IN SELECT DISTINCT (side ->> TG_ARGV[0])::bigint FROM unnest(ARRAY[
        CASE WHEN TG_OP <> 'INSERT' THEN to_jsonb(OLD) END, CASE WHEN TG_OP <> 'DELETE' THEN to_jsonb(NEW) END]) AS side
      WHERE side ->> TG_ARGV[0] IS NOT NULL LOOP
      EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1 AND %I::text = ANY($2))', TG_ARGV[1], TG_ARGV[2])
        INTO closed USING parent, string_to_array(TG_ARGV[3], ',');
      IF closed THEN
        RAISE EXCEPTION 'record is locked' USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_record_locked';
      END IF;
    END LOOP;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $body$;
"""


def _states(register: Register) -> tuple[str, str]:
    assert register.workflow is not None  # noqa: S101 - callers ask only for registers with a course.
    return register.workflow.column, ",".join(state.value for state in register.workflow.locked)


def locks(register: Register) -> Iterator[str]:
    """The statements that hold closed records of a register, and their parts, as they are."""
    yield f"DROP TRIGGER IF EXISTS pingan_locked ON {register.table.name}"
    if register.workflow is None or not register.workflow.locked:
        return
    column, states = _states(register)
    yield (f"CREATE TRIGGER pingan_locked BEFORE UPDATE OR DELETE ON {register.table.name} FOR EACH ROW "
           f"EXECUTE FUNCTION pingan_locked('{column}', '{states}')")
    for part in register.parts:
        child = find(part.register).table.name
        yield f"DROP TRIGGER IF EXISTS pingan_parent_locked ON {child}"
        yield (f"CREATE TRIGGER pingan_parent_locked BEFORE INSERT OR UPDATE OR DELETE ON {child} FOR EACH ROW "
               f"EXECUTE FUNCTION pingan_parent_locked('{part.link}', '{register.table.name}', '{column}', '{states}')")
