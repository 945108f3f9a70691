"""Values of dictionaries held and rewritten by the database (字典): codes stay, and a merge reaches every record at once.

The functions belong to the owner, so that a merge reaches the records of all divisions and those that are closed; each change is
still written down under the name of whoever merges.
"""
from __future__ import annotations

import json
from collections.abc import Iterator

from app.core.register import registers

FIXED = "ck_dictionary_fixed"

# Setting up, which has no user, keeps the shipped tables as the release has them.
GUARD = f"""
CREATE OR REPLACE FUNCTION pingan_dictionary() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
  was jsonb := to_jsonb(OLD);
  whole bigint := coalesce(was ->> 'dictionary_id', was ->> 'id')::bigint;
BEGIN
  IF TG_OP = 'UPDATE' AND TG_TABLE_NAME = 'dictionary_entry' AND (was ->> 'code') <> (to_jsonb(NEW) ->> 'code') THEN
    RAISE EXCEPTION 'a code stays' USING ERRCODE = 'check_violation', CONSTRAINT = '{FIXED}';
  END IF;
  IF coalesce(current_setting('pingan.user', true), '') <> '' AND EXISTS (SELECT 1 FROM dictionary WHERE id = whole AND shipped) THEN
    RAISE EXCEPTION 'a shipped dictionary stays' USING ERRCODE = 'check_violation', CONSTRAINT = '{FIXED}';
  END IF;
  IF TG_OP = 'DELETE' AND EXISTS (SELECT 1 FROM custom_field WHERE dictionary_id = whole) THEN
    RAISE EXCEPTION 'a dictionary in use stays' USING ERRCODE = 'check_violation', CONSTRAINT = '{FIXED}';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $body$
"""  # noqa: S608 - nothing from outside
MERGE = """
CREATE OR REPLACE FUNCTION pingan_recode(whole bigint, old_code text, new_code text) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE
  tables jsonb := '{tables}';
  field custom_field;
  one bigint;
  every bigint := 0;
BEGIN
  FOR field IN SELECT * FROM custom_field WHERE dictionary_id = whole LOOP
    EXECUTE format('UPDATE %I SET extra = extra || jsonb_build_object($1, $3), row_version = row_version + 1, updated_at = now() '
      'WHERE extra ->> $1 = $2', tables ->> field.register) USING field.name, old_code, new_code;
    GET DIAGNOSTICS one = ROW_COUNT;
    every := every + one;
  END LOOP;
  RETURN every;
END $body$
"""
UNMERGE = """
CREATE OR REPLACE FUNCTION pingan_uncode(whole bigint, new_code text, old_code text, said text) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = public, pg_temp AS $body$
DECLARE
  tables jsonb := '{tables}';
  field custom_field;
  one bigint;
  every bigint := 0;
BEGIN
  FOR field IN SELECT * FROM custom_field WHERE dictionary_id = whole LOOP
    EXECUTE format('UPDATE %I t SET extra = extra || jsonb_build_object($1, $3), row_version = row_version + 1, updated_at = now() '
      'FROM audit_entry a WHERE a.table_name = %L AND a.note = $4 AND a.row_id = t.id AND a.changes -> $1 = jsonb_build_array($3, $2) '
      'AND t.extra ->> $1 = $2', tables ->> field.register, tables ->> field.register) USING field.name, new_code, old_code, said;
    GET DIAGNOSTICS one = ROW_COUNT;
    every := every + one;
  END LOOP;
  RETURN every;
END $body$
"""

# What is shared with all or with a role is part of the county's set-up, whoever wrote it.
SHARED = """
CREATE OR REPLACE FUNCTION pingan_shared_views() RETURNS TABLE (register text, name text, query text, reach text, role text)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $body$
  SELECT v.register::text, v.name::text, v.query, v.reach::text, r.name::text FROM saved_view v LEFT JOIN ab_role r ON r.id = v.role_id
  WHERE v.reach IN ('all', 'role') ORDER BY 1, 2, v.id
$body$
"""


def statements(role: str) -> Iterator[str]:
    """The functions, who may call them, and the triggers."""
    tables = json.dumps({register.name: register.table.name for register in registers()}, sort_keys=True)
    yield from (GUARD, MERGE.replace("{tables}", tables), UNMERGE.replace("{tables}", tables), SHARED)
    for name in ("pingan_recode(bigint, text, text)", "pingan_uncode(bigint, text, text, text)", "pingan_shared_views()"):
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {name} TO {role}"
    for table in ("dictionary", "dictionary_entry"):
        yield f"DROP TRIGGER IF EXISTS pingan_dictionary ON {table}"
        yield f"CREATE TRIGGER pingan_dictionary BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION pingan_dictionary()"
