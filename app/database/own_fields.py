"""The county's own fields held by the database (自定义字段校验): one trigger per register, told by the definitions themselves.

Constraints of the table would need the owner's rights and a lock whenever a field is added; the trigger reads the definitions, so that
a new field is held from the moment it exists, and old rows may stay without a value that only new ones must have.
"""
from __future__ import annotations

from collections.abc import Iterator

from app.core.register import Register

REQUIRED, TYPED = "ck_own_field_required", "ck_own_field_typed"
"""The names under which the refusals reach the form, with the field as column."""

TYPED_FUNCTION = r"""
CREATE OR REPLACE FUNCTION pingan_own_typed(field custom_field, given jsonb) RETURNS boolean LANGUAGE plpgsql STABLE SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE
  said text := given #>> '{}';
  number numeric;
BEGIN
  IF field.kind = 'flag' THEN
    RETURN jsonb_typeof(given) = 'boolean';
  ELSIF field.kind IN ('count', 'money', 'decimal') THEN
    IF jsonb_typeof(given) <> 'number' THEN RETURN false; END IF;
    number := said::numeric;
    RETURN number >= 0 AND CASE WHEN field.kind = 'count' THEN number = trunc(number) AND number < 2147483648
      ELSE number = round(number, 2) AND number < 1000000000000 END;
  ELSIF jsonb_typeof(given) <> 'string' OR said = '' THEN
    RETURN false;
  ELSIF field.kind IN ('day', 'month') THEN
    RETURN said ~ '^\d{4}-\d{2}-\d{2}$' AND to_char(said::date, 'YYYY-MM-DD') = said AND (field.kind = 'day' OR right(said, 2) = '01');
  ELSIF field.kind = 'choice' THEN
    RETURN EXISTS (SELECT 1 FROM dictionary_entry WHERE dictionary_id = field.dictionary_id AND code = said);
  END IF;
  RETURN length(said) <= coalesce(field.length, CASE field.kind WHEN 'note' THEN 4000 WHEN 'text' THEN 100 WHEN 'number' THEN 50
    WHEN 'phone' THEN 20 ELSE 18 END);
EXCEPTION WHEN data_exception THEN
  RETURN false;
END $body$
"""

# Only what a person adds must be whole: setting up and the clock know nothing of the county's wishes.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION pingan_own_fields() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE
  field custom_field;
  given jsonb;
  whole jsonb := to_jsonb(NEW) || NEW.extra;
  asked boolean;
  unknown text;
BEGIN
  IF TG_OP = 'UPDATE' AND NEW.extra IS NOT DISTINCT FROM OLD.extra THEN
    RETURN NEW;
  END IF;
  FOR field IN SELECT * FROM custom_field WHERE register = TG_ARGV[0] LOOP
    given := NEW.extra -> field.name;
    asked := field.shown_when IS NULL OR coalesce(field.shown_when -> 'values' ? (whole ->> (field.shown_when ->> 'field')), false);
    IF given IS NULL THEN
      IF TG_OP = 'INSERT' AND field.required AND field.retired_at IS NULL AND asked AND field.kind <> 'flag'
         AND field.edit_roles = '[]'::jsonb AND field.see_roles = '[]'::jsonb
         AND coalesce(current_setting('pingan.user', true), '') <> '' THEN
        RAISE EXCEPTION 'field % is required', field.name USING ERRCODE = 'check_violation', CONSTRAINT = '{REQUIRED}', COLUMN = field.name;
      END IF;
    ELSIF (TG_OP = 'INSERT' OR given IS DISTINCT FROM OLD.extra -> field.name) AND NOT (asked AND pingan_own_typed(field, given)) THEN
      RAISE EXCEPTION 'field % has another type', field.name USING ERRCODE = 'check_violation', CONSTRAINT = '{TYPED}', COLUMN = field.name;
    END IF;
  END LOOP;
  SELECT min(key) INTO unknown FROM jsonb_object_keys(NEW.extra) AS key
    WHERE NOT EXISTS (SELECT 1 FROM custom_field WHERE register = TG_ARGV[0] AND name = key);
  IF unknown IS NOT NULL THEN
    RAISE EXCEPTION 'there is no field %', unknown USING ERRCODE = 'check_violation', CONSTRAINT = '{TYPED}', COLUMN = unknown;
  END IF;
  RETURN NEW;
END $body$
"""  # noqa: S608 - nothing from outside


def functions() -> tuple[str, ...]:
    """The functions, in order."""
    return (TYPED_FUNCTION, FUNCTION)


def triggers(register: Register) -> Iterator[str]:
    """What holds the fields of a register."""
    table = register.table.name
    yield f"DROP TRIGGER IF EXISTS pingan_own_fields ON {table}"
    yield (f"CREATE TRIGGER pingan_own_fields BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW "
           f"EXECUTE FUNCTION pingan_own_fields('{register.name}')")
