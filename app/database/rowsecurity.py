"""Row security and audit triggers, made from the registers (行级安全).

The statements can be run again and again: they hold no data and are put on anew whenever they change.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator

from app.core.base import Base
from app.core.register import Register, find, registers
from app.database import belongings, duties, locking, outbox, own_fields, recoding, recycling, search, second_person
from app.database.scope import SLOTS

APP_ROLE = "pingan_app"

AUDIT_FUNCTION = """
CREATE OR REPLACE FUNCTION pingan_audit() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE
  hidden text[] := string_to_array(TG_ARGV[0], ',');
  before jsonb := CASE WHEN TG_OP = 'INSERT' THEN '{}'::jsonb ELSE to_jsonb(OLD) END;
  after jsonb := CASE WHEN TG_OP = 'DELETE' THEN '{}'::jsonb ELSE to_jsonb(NEW) END;
  kept jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
  diff jsonb;
BEGIN
  -- The county's own fields are told one by one, like columns.
  IF jsonb_typeof(kept -> 'extra') = 'object' THEN
    before := (before - 'extra') || coalesce(before -> 'extra', '{}'::jsonb);
    after := (after - 'extra') || coalesce(after -> 'extra', '{}'::jsonb);
  END IF;
  SELECT coalesce(jsonb_object_agg(key, CASE WHEN key = ANY(hidden) THEN '["***", "***"]'::jsonb
      ELSE jsonb_build_array(before -> key, after -> key) END), '{}'::jsonb) INTO diff
    FROM jsonb_object_keys(before || after) AS key
    WHERE before -> key IS DISTINCT FROM after -> key
      AND key NOT IN ('created_at', 'updated_at', 'created_by', 'updated_by', 'row_version', 'uid', 'id');
  INSERT INTO audit_entry (at, user_id, actor, action, table_name, row_id, division_code, changes, note)
  VALUES (clock_timestamp(), nullif(current_setting('pingan.user', true), '')::int,
    coalesce(nullif(current_setting('pingan.actor', true), ''), session_user), lower(TG_OP), TG_TABLE_NAME,
    (kept ->> 'id')::bigint, kept ->> TG_ARGV[1], diff, coalesce(current_setting('pingan.note', true), ''));
  RETURN NULL;
END $body$;
"""

LINK_FUNCTION = """
CREATE OR REPLACE FUNCTION pingan_link() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER AS $body$
DECLARE
  target bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
  found_row boolean;
BEGIN
  IF target IS NOT NULL AND (TG_OP = 'INSERT' OR target IS DISTINCT FROM (to_jsonb(OLD) ->> TG_ARGV[0])::bigint) THEN
    EXECUTE format('SELECT EXISTS (SELECT 1 FROM %I WHERE id = $1)', TG_ARGV[1]) INTO found_row USING target;
    IF NOT found_row THEN
      RAISE EXCEPTION 'link outside scope: %', TG_ARGV[0] USING ERRCODE = 'insufficient_privilege';
    END IF;
  END IF;
  RETURN NEW;
END $body$;
"""


def in_scope(column: str) -> str:
    """The row rule: an OR of index ranges, each from a pair of settings; an unset pair matches nothing."""
    return " OR ".join(
        f"({column} >= current_setting('pingan.lo{slot}', true) AND {column} < current_setting('pingan.hi{slot}', true))"
        for slot in range(SLOTS)
    )


def above_scope(column: str) -> str:
    """Rows of the divisions above one's own, for shared reference registers."""
    return " OR ".join(
        f"(current_setting('pingan.hi{slot}', true) <> '' AND starts_with(current_setting('pingan.lo{slot}', true), {column}))"
        for slot in range(SLOTS)
    )


def _policies(table: str, column: str, *, shared: bool) -> Iterator[str]:
    rule = in_scope(column)
    read = f"{rule} OR {above_scope(column)}" if shared else rule
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    for name in ("scope_read", "scope_add", "scope_change", "scope_remove"):
        yield f"DROP POLICY IF EXISTS {name} ON {table}"
    yield f"CREATE POLICY scope_read ON {table} FOR SELECT TO {APP_ROLE} USING ({read})"
    yield f"CREATE POLICY scope_add ON {table} FOR INSERT TO {APP_ROLE} WITH CHECK ({rule})"
    yield f"CREATE POLICY scope_change ON {table} FOR UPDATE TO {APP_ROLE} USING ({rule}) WITH CHECK ({rule})"
    yield f"CREATE POLICY scope_remove ON {table} FOR DELETE TO {APP_ROLE} USING ({rule})"


def _triggers(register: Register) -> Iterator[str]:
    table = register.table.name
    hidden = ",".join(c.name for c in register.table.columns if c.info.get("kind") in ("sealed", "blind"))
    yield f"DROP TRIGGER IF EXISTS pingan_audit ON {table}"
    yield (f"CREATE TRIGGER pingan_audit AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
           f"EXECUTE FUNCTION pingan_audit('{hidden}', '{register.scope_column}')")
    for name, column in register.declared.columns.items():
        if column.info["kind"] == "link":
            target = find(column.info["register"]).table.name
            yield f"DROP TRIGGER IF EXISTS pingan_link_{name} ON {table}"
            yield (f"CREATE TRIGGER pingan_link_{name} BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW "
                   f"EXECUTE FUNCTION pingan_link('{name}', '{target}')")


def audited_tables() -> list[str]:
    """The console's own tables whose changes are written down: those that say ``info={"audited": True}``."""
    return sorted(t.name for t in Base.metadata.tables.values() if t.info.get("audited"))


def _audited(table: str) -> Iterator[str]:
    yield f"DROP TRIGGER IF EXISTS pingan_audit ON {table}"
    yield (f"CREATE TRIGGER pingan_audit AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW "
           f"EXECUTE FUNCTION pingan_audit('{Base.metadata.tables[table].info.get('unsaid', '')}', 'division_code')")


ME = "nullif(current_setting('pingan.user', true), '')::int"
MY_ROLES = (
    f"(SELECT role_id FROM ab_user_role WHERE user_id = {ME})",  # noqa: S608 - nothing from outside
    f"(SELECT g.role_id FROM ab_user_group u JOIN ab_group_role g ON g.group_id = u.group_id WHERE u.user_id = {ME})")  # noqa: S608
"""The roles of whoever acts; without a person there are none, so that the rule fails closed."""


def _saved_views() -> Iterator[str]:
    yield "ALTER TABLE saved_view ENABLE ROW LEVEL SECURITY"
    for name in ("view_read", "view_add", "view_change", "view_remove"):
        yield f"DROP POLICY IF EXISTS {name} ON saved_view"
    mine = f"owner_id = {ME}"
    yield (f"CREATE POLICY view_read ON saved_view FOR SELECT TO {APP_ROLE} USING ({mine} OR (reach = 'all' AND {ME} IS NOT NULL) "
           f"OR (reach = 'role' AND (role_id IN {MY_ROLES[0]} OR role_id IN {MY_ROLES[1]})))")
    yield f"CREATE POLICY view_add ON saved_view FOR INSERT TO {APP_ROLE} WITH CHECK ({mine})"
    yield f"CREATE POLICY view_change ON saved_view FOR UPDATE TO {APP_ROLE} USING ({mine}) WITH CHECK ({mine})"
    yield f"CREATE POLICY view_remove ON saved_view FOR DELETE TO {APP_ROLE} USING ({mine})"


def _owned(table: str, column: str) -> Iterator[str]:
    """Rows that belong to one person, such as drafts and batches; a job without a person sees none."""
    mine = f"{column} = {ME}"
    yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
    yield f"DROP POLICY IF EXISTS owner ON {table}"
    yield f"CREATE POLICY owner ON {table} TO {APP_ROLE} USING ({mine}) WITH CHECK ({mine})"


def _kept(table: str, column: str, days: int) -> Iterator[str]:
    """Let a job, which acts everywhere, see and delete the owned rows whose days are over, and those alone."""
    over = f"current_setting('pingan.lo0', true) = '' AND current_setting('pingan.hi0', true) = '~' AND {column} < now() - interval '{days} days'"
    for name, verb in (("over_read", "SELECT"), ("over_remove", "DELETE")):
        yield f"DROP POLICY IF EXISTS {name} ON {table}"
        yield f"CREATE POLICY {name} ON {table} FOR {verb} TO {APP_ROLE} USING ({over})"


def _attachments() -> Iterator[str]:
    """Files stand under the rule of their record: those of shared registers are read by the divisions below as well."""
    yield from _policies("attachment", "division_code", shared=False)
    shared = ", ".join(f"'{register.name}'" for register in registers() if register.shared)
    if shared:
        yield "DROP POLICY IF EXISTS shared_read ON attachment"
        yield (f"CREATE POLICY shared_read ON attachment FOR SELECT TO {APP_ROLE} "
               f"USING (register IN ({shared}) AND ({above_scope('division_code')}))")
    yield from belongings.owner_trigger()


def statements() -> list[str]:
    """All that guards the rows, in order."""
    made = [AUDIT_FUNCTION, LINK_FUNCTION, locking.FUNCTION, locking.PARENT_FUNCTION, outbox.FUNCTION, recycling.FUNCTION, *belongings.functions(),
            *own_fields.functions(),
            f"GRANT USAGE ON SCHEMA public TO {APP_ROLE}",
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {APP_ROLE}",
            f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {APP_ROLE}",
            f"GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO {APP_ROLE}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO {APP_ROLE}",
            f"ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {APP_ROLE}",
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON alembic_version FROM {APP_ROLE}",
            f"REVOKE UPDATE, DELETE, TRUNCATE ON audit_entry FROM {APP_ROLE}",
            f"REVOKE INSERT, UPDATE, DELETE, TRUNCATE ON rights_stamp FROM {APP_ROLE}",
            "ALTER TABLE audit_entry ENABLE ROW LEVEL SECURITY",
            "DROP POLICY IF EXISTS scope_read ON audit_entry", "DROP POLICY IF EXISTS scope_add ON audit_entry",
            f"CREATE POLICY scope_read ON audit_entry FOR SELECT TO {APP_ROLE} "
            f"USING ({in_scope('division_code')} OR (division_code IS NULL AND current_setting('pingan.hi0', true) <> ''))",
            f"CREATE POLICY scope_add ON audit_entry FOR INSERT TO {APP_ROLE} WITH CHECK (true)"]
    made += search.functions(APP_ROLE, in_scope("e.scope_code"), above_scope("e.scope_code"))
    for register in registers():
        made += search.triggers(register)
        made += _policies(register.table.name, register.scope_column, shared=register.shared)
        made += [*_triggers(register), *locking.locks(register), *belongings.triggers(register), *own_fields.triggers(register),
                 *outbox.triggers(register), *recycling.triggers(register)]
    made += [*_policies("deleted_record", "division_code", shared=False), f"REVOKE UPDATE ON deleted_record FROM {APP_ROLE}"]
    made += _attachments()
    made += _saved_views()
    for each in sorted(Base.metadata.tables.values(), key=lambda t: t.name):
        if owner := each.info.get("owner"):
            made += _owned(each.name, owner)
        if kept := each.info.get("kept"):
            made += _kept(each.name, *kept)
    for table in audited_tables():
        made += _audited(table)
    return [*made, *duties.triggers(), *second_person.triggers(), *recoding.statements(APP_ROLE)]


def fingerprint() -> str:
    """What the statements are now, so that an unchanged set is not run again."""
    return hashlib.sha256(";".join(statements()).encode()).hexdigest()


def scoped_tables() -> set[str]:
    """Every table that has a division column and so must have the row rule."""
    return {t.name for t in Base.metadata.tables.values() if "division_code" in t.columns and t.name != "post"}
