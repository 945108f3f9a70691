"""What other systems are told (事件出箱): written by trigger in the transaction of the change, so neither exists without the other."""
from __future__ import annotations

from collections.abc import Iterator

from app.core.register import Register

# Runs as the owner: whoever changes a row need not see who is told of it.
FUNCTION = """
CREATE OR REPLACE FUNCTION pingan_event() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE
  was jsonb;
  is_now jsonb;
  names jsonb := '[]';
BEGIN
  IF NOT EXISTS (SELECT 1 FROM webhook w WHERE w.active AND (w.registers = '[]' OR w.registers ? TG_ARGV[0]) AND w.actions ? lower(TG_OP)) THEN
    RETURN NULL;
  END IF;
  was := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE to_jsonb(OLD) END;
  is_now := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE to_jsonb(NEW) END;
  IF TG_OP = 'UPDATE' THEN
    -- The county's own fields are told one by one, like columns.
    was := (was - 'extra') || coalesce(was -> 'extra', '{}');
    is_now := (is_now - 'extra') || coalesce(is_now -> 'extra', '{}');
    SELECT coalesce(jsonb_agg(key ORDER BY key), '[]') INTO names FROM jsonb_object_keys(was || is_now) AS key
      WHERE was -> key IS DISTINCT FROM is_now -> key AND NOT (string_to_array(TG_ARGV[2], ',') @> ARRAY[key]);
    IF names = '[]' THEN
      RETURN NULL;
    END IF;
  END IF;
  INSERT INTO webhook_delivery (webhook_id, register, row_id, action, fields)
    SELECT w.id, TG_ARGV[0], (coalesce(is_now, was) ->> 'id')::bigint, lower(TG_OP), names FROM webhook w
     WHERE w.active AND (w.registers = '[]' OR w.registers ? TG_ARGV[0]) AND w.actions ? lower(TG_OP) AND (w.within IS NULL
       OR starts_with(is_now ->> TG_ARGV[1], w.within) OR starts_with(was ->> TG_ARGV[1], w.within));
  RETURN NULL;
END $body$;
"""


def triggers(register: Register) -> Iterator[str]:
    """The statements that write down the changes of a register's rows; what the console keeps for itself is no change."""
    table = register.table
    silent = ",".join(c.name for c in table.columns if c.info.get("kind") in ("blind", "stamp"))
    yield f"DROP TRIGGER IF EXISTS pingan_event ON {table.name}"
    yield (f"CREATE TRIGGER pingan_event AFTER INSERT OR UPDATE OR DELETE ON {table.name} FOR EACH ROW "
           f"EXECUTE FUNCTION pingan_event('{register.name}', '{register.scope_column}', '{silent}')")
