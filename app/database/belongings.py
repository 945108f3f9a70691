"""What belongs to records (附件的归属): attachments follow their record's division, go with it, and respect its lock."""
from __future__ import annotations

import json
from collections.abc import Iterator

from app.core.register import Register, registers

# Runs as the owner: the record may just have moved to where its former people no longer reach.
FOLLOW_FUNCTION = """
CREATE OR REPLACE FUNCTION pingan_belongings() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM attachment WHERE register = TG_ARGV[0] AND row_id = OLD.id;
  ELSE
    UPDATE attachment SET division_code = to_jsonb(NEW) ->> TG_ARGV[1] WHERE register = TG_ARGV[0] AND row_id = NEW.id;
  END IF;
  RETURN NULL;
END $body$;
"""

OWNER_FUNCTION = """
CREATE OR REPLACE FUNCTION pingan_attachment() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER AS $body$
DECLARE
  known jsonb := $known${known}$known$;
  side attachment := CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
  rule jsonb := known -> side.register;
  owner_row jsonb;
BEGIN
  IF current_user = 'pingan_app' THEN
    IF rule IS NOT NULL THEN
      EXECUTE format('SELECT to_jsonb(r) FROM %I r WHERE id = $1', rule ->> 'table') INTO owner_row USING side.row_id;
    END IF;
    IF owner_row IS NULL OR owner_row ->> (rule ->> 'scope') IS DISTINCT FROM side.division_code THEN
      RAISE EXCEPTION 'attachment outside its record' USING ERRCODE = 'insufficient_privilege';
    END IF;
    IF rule -> 'locked' ? coalesce(owner_row ->> (rule ->> 'state'), '') THEN
      RAISE EXCEPTION 'record is locked' USING ERRCODE = 'check_violation', CONSTRAINT = 'ck_record_locked';
    END IF;
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $body$;
"""


def _rule(register: Register) -> dict[str, object]:
    flow = register.workflow
    return {"table": register.table.name, "scope": register.scope_column, "state": flow.column if flow else "",
            "locked": [state.value for state in flow.locked] if flow else []}


def functions() -> list[str]:
    """Both functions; the second knows every register that people write."""
    known = json.dumps({r.name: _rule(r) for r in registers() if not r.frozen}, sort_keys=True)
    return [FOLLOW_FUNCTION, OWNER_FUNCTION.replace("{known}", known)]


def triggers(register: Register) -> Iterator[str]:
    """The statements that let attachments follow the records of a register."""
    table, words = register.table.name, f"EXECUTE FUNCTION pingan_belongings('{register.name}', '{register.scope_column}')"
    yield f"DROP TRIGGER IF EXISTS pingan_belongings_gone ON {table}"
    yield f"DROP TRIGGER IF EXISTS pingan_belongings_moved ON {table}"
    if not register.frozen:
        yield f"CREATE TRIGGER pingan_belongings_gone AFTER DELETE ON {table} FOR EACH ROW {words}"
        yield (f"CREATE TRIGGER pingan_belongings_moved AFTER UPDATE OF {register.scope_column} ON {table} FOR EACH ROW "
               f"WHEN (OLD.{register.scope_column} IS DISTINCT FROM NEW.{register.scope_column}) {words}")


def owner_trigger() -> Iterator[str]:
    """The statements that hold an attachment to a record which its person reaches and may change."""
    yield "DROP TRIGGER IF EXISTS pingan_attachment ON attachment"
    yield ("CREATE TRIGGER pingan_attachment BEFORE INSERT OR UPDATE OR DELETE ON attachment FOR EACH ROW "
           "EXECUTE FUNCTION pingan_attachment()")
