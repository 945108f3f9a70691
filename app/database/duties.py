"""Separation of duties in the database (三员分立): triggers that refuse two duties in one hand, and rights given to oneself.

The console says so before, in kinder words (``app/security/duties.py``). This holds for every other path too: a command, a shell, a slip
in a new page. The duties are checked when the transaction ends, so that roles can be exchanged in any order.
"""
from __future__ import annotations

from collections.abc import Iterator

from app.core.register import registers

APART, SELF = "ck_duties_apart", "ck_no_self_grant"
"""The names under which the refusals reach the log."""
GROUND = "divisions"
GRANTING = ("ab_user_role", "ab_user_group", "ab_group_role", "ab_permission_view_role")
LOCK = 371625_03


def _duty() -> str:
    business = ", ".join(f"'{name}'" for name in sorted({r.name for r in registers() if r.area != GROUND} | {"briefings"}))
    return f"""
CREATE OR REPLACE FUNCTION pingan_duty(permission text, subject text) RETURNS text LANGUAGE sql IMMUTABLE AS $body$
SELECT CASE WHEN subject = 'roles' THEN 'security' WHEN subject = 'audit' THEN 'audit'
  WHEN subject IN ('users', 'schedules', 'runs', 'webhooks') AND permission = 'can_write' THEN 'system'
  WHEN subject IN ({business}) THEN 'business' END
$body$
"""


# Two who give the same person one role each would not see each other; the lock lets the second look again.
HOLD = f"""
CREATE OR REPLACE FUNCTION pingan_duties_apart() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $body$
DECLARE
  given jsonb := to_jsonb(NEW);
  whom int;
BEGIN
  PERFORM pg_advisory_xact_lock({LOCK});
  SELECT d.user_id INTO whom FROM (
    SELECT h.user_id, pingan_duty(p.name, v.name) AS duty FROM (
      SELECT user_id, role_id FROM ab_user_role UNION
      SELECT u.user_id, g.role_id FROM ab_user_group u JOIN ab_group_role g ON g.group_id = u.group_id) h
    JOIN ab_permission_view_role r ON r.role_id = h.role_id JOIN ab_permission_view w ON w.id = r.permission_view_id
    JOIN ab_permission p ON p.id = w.permission_id JOIN ab_view_menu v ON v.id = w.view_menu_id
    WHERE CASE TG_TABLE_NAME
      WHEN 'ab_group_role' THEN h.user_id IN (SELECT user_id FROM ab_user_group WHERE group_id = (given ->> 'group_id')::int)
      WHEN 'ab_permission_view_role' THEN h.role_id = (given ->> 'role_id')::int OR h.user_id IN (
        SELECT user_id FROM ab_user_role WHERE role_id = (given ->> 'role_id')::int UNION
        SELECT u.user_id FROM ab_user_group u JOIN ab_group_role g ON g.group_id = u.group_id WHERE g.role_id = (given ->> 'role_id')::int)
      ELSE h.user_id = (given ->> 'user_id')::int END) d
  WHERE d.duty IS NOT NULL GROUP BY d.user_id HAVING count(DISTINCT d.duty) > 1 LIMIT 1;
  IF whom IS NOT NULL THEN
    RAISE EXCEPTION 'account % would hold two duties', whom USING ERRCODE = 'check_violation', CONSTRAINT = '{APART}';
  END IF;
  RETURN NULL;
END $body$
"""  # noqa: S608 - nothing from outside

# Only who works as somebody has a self; setting up and the clock have none.
SELF_GRANT = f"""
CREATE OR REPLACE FUNCTION pingan_no_self_grant() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $body$
DECLARE
  given jsonb := to_jsonb(NEW);
  me int := nullif(current_setting('pingan.user', true), '')::int;
  mine boolean := false;
BEGIN
  IF me IS NULL THEN
    RETURN NEW;
  ELSIF given ? 'user_id' THEN
    mine := (given ->> 'user_id')::int = me;
  ELSIF TG_TABLE_NAME = 'ab_group_role' THEN
    mine := EXISTS (SELECT 1 FROM ab_user_group WHERE user_id = me AND group_id = (given ->> 'group_id')::int);
  ELSE
    mine := EXISTS (SELECT 1 FROM ab_user_role WHERE user_id = me AND role_id = (given ->> 'role_id')::int) OR EXISTS (
      SELECT 1 FROM ab_user_group u JOIN ab_group_role g ON g.group_id = u.group_id
      WHERE u.user_id = me AND g.role_id = (given ->> 'role_id')::int);
  END IF;
  IF mine THEN
    RAISE EXCEPTION 'nobody gives rights to themselves' USING ERRCODE = 'check_violation', CONSTRAINT = '{SELF}';
  END IF;
  RETURN NEW;
END $body$
"""  # noqa: S608 - nothing from outside


def triggers() -> Iterator[str]:
    """The statements that hold the separation."""
    yield from (_duty(), HOLD, SELF_GRANT)
    for table in GRANTING:
        yield f"DROP TRIGGER IF EXISTS pingan_duties_apart ON {table}"
        yield (f"CREATE CONSTRAINT TRIGGER pingan_duties_apart AFTER INSERT OR UPDATE ON {table} DEFERRABLE INITIALLY DEFERRED "
               "FOR EACH ROW EXECUTE FUNCTION pingan_duties_apart()")
    for table in (*GRANTING, "post"):
        yield f"DROP TRIGGER IF EXISTS pingan_no_self_grant ON {table}"
        yield f"CREATE TRIGGER pingan_no_self_grant BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION pingan_no_self_grant()"
