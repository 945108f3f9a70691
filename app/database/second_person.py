"""The second person in the database (双人复核): who administers, audits, opens sealed data or works for the whole county is made so by two.

A grant of that kind passes only in the transaction in which somebody else agrees to a request for exactly it. Whoever works as somebody
is held to this: pages, imports and the interface alike. Setting up and the server's own commands work as nobody; see decision 20.
"""
from __future__ import annotations

from collections.abc import Iterator

NEEDED = "ck_second_person"
"""The name under which the refusals reach the console."""
GRANTING = ("ab_user_role", "ab_user_group", "ab_group_role", "ab_permission_view_role", "post")

RISKY_RIGHT = """
CREATE OR REPLACE FUNCTION pingan_risky_right(pair int) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $body$
SELECT EXISTS (SELECT 1 FROM ab_permission_view w JOIN ab_permission p ON p.id = w.permission_id JOIN ab_view_menu v ON v.id = w.view_menu_id
  WHERE w.id = pair AND (p.name = 'can_reveal' OR pingan_duty(p.name, v.name) IN ('system', 'security', 'audit')))
$body$
"""
RISKY_ROLE = """
CREATE OR REPLACE FUNCTION pingan_risky_role(given int) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $body$
SELECT EXISTS (SELECT 1 FROM ab_permission_view_role r WHERE r.role_id = given AND pingan_risky_right(r.permission_view_id))
$body$
"""
RISKY_POST = """
CREATE OR REPLACE FUNCTION pingan_risky_post(code text, reach text) RETURNS boolean LANGUAGE sql IMMUTABLE AS $body$
SELECT length(code) = 6 AND reach = 'below'
$body$
"""
HOLDS = """
CREATE OR REPLACE FUNCTION pingan_holds_duty(whom int, wanted text) RETURNS boolean LANGUAGE sql STABLE SET search_path = public, pg_temp AS $body$
SELECT EXISTS (SELECT 1 FROM (
    SELECT role_id FROM ab_user_role WHERE user_id = whom UNION
    SELECT g.role_id FROM ab_user_group u JOIN ab_group_role g ON g.group_id = u.group_id WHERE u.user_id = whom) h
  JOIN ab_permission_view_role r ON r.role_id = h.role_id JOIN ab_permission_view w ON w.id = r.permission_view_id
  JOIN ab_permission p ON p.id = w.permission_id JOIN ab_view_menu v ON v.id = w.view_menu_id
  WHERE pingan_duty(p.name, v.name) = wanted)
$body$
"""
# Where no other security administrator is left to ask, a system administrator countersigns: still two people, of two duties.
MAY_AGREE = """
CREATE OR REPLACE FUNCTION pingan_may_agree(me int, asker int, whom int) RETURNS boolean LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $body$
SELECT me IS DISTINCT FROM asker AND me <> whom AND (pingan_holds_duty(me, 'security') OR (pingan_holds_duty(me, 'system') AND NOT EXISTS (
  SELECT 1 FROM ab_user u WHERE u.active AND u.id IS DISTINCT FROM asker AND u.id <> whom AND pingan_holds_duty(u.id, 'security'))))
$body$
"""
REQUEST = f"""
CREATE OR REPLACE FUNCTION pingan_grant_request() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $body$
DECLARE
  me int := nullif(current_setting('pingan.user', true), '')::int;
  fine boolean;
BEGIN
  IF me IS NULL THEN
    RETURN NEW;
  ELSIF TG_OP = 'INSERT' THEN
    fine := NEW.state = 'waiting' AND NEW.requested_by = me AND NEW.user_id <> me AND NEW.expires_at <= now() + interval '7 days 1 minute';
  ELSE
    fine := OLD.state = 'waiting' AND (NEW.user_id, NEW.roles, NEW.posts, NEW.expires_at) = (OLD.user_id, OLD.roles, OLD.posts, OLD.expires_at)
      AND NEW.requested_by IS NOT DISTINCT FROM OLD.requested_by AND NEW.decided_by = me AND NEW.decided_at = now()
      AND (NEW.state = 'withdrawn' OR pingan_may_agree(me, OLD.requested_by, OLD.user_id)) AND (NEW.state <> 'approved' OR OLD.expires_at > now());
  END IF;
  IF fine IS NOT TRUE THEN
    RAISE EXCEPTION 'a request is decided by another person' USING ERRCODE = 'check_violation', CONSTRAINT = '{NEEDED}';
  END IF;
  RETURN NEW;
END $body$
"""
GRANT = f"""
CREATE OR REPLACE FUNCTION pingan_second_person() RETURNS trigger LANGUAGE plpgsql SECURITY INVOKER SET search_path = public, pg_temp AS $body$
DECLARE
  given jsonb := to_jsonb(NEW);
  me int := nullif(current_setting('pingan.user', true), '')::int;
  role int := (given ->> 'role_id')::int;
  risky boolean;
BEGIN
  IF me IS NULL THEN
    RETURN NEW;
  END IF;
  risky := CASE TG_TABLE_NAME
    WHEN 'ab_user_role' THEN pingan_risky_role(role)
    WHEN 'post' THEN pingan_risky_post(given ->> 'division_code', given ->> 'reach')
    WHEN 'ab_user_group' THEN EXISTS (SELECT 1 FROM ab_group_role g WHERE g.group_id = (given ->> 'group_id')::int AND pingan_risky_role(g.role_id))
    WHEN 'ab_group_role' THEN pingan_risky_role(role) AND EXISTS (SELECT 1 FROM ab_user_group WHERE group_id = (given ->> 'group_id')::int)
    ELSE pingan_risky_right((given ->> 'permission_view_id')::int) AND NOT pingan_risky_role(role) AND (
      EXISTS (SELECT 1 FROM ab_user_role WHERE role_id = role) OR EXISTS (
        SELECT 1 FROM ab_group_role g JOIN ab_user_group u ON u.group_id = g.group_id WHERE g.role_id = role)) END;
  IF NOT risky OR EXISTS (
      SELECT 1 FROM grant_request q WHERE q.user_id = (given ->> 'user_id')::int AND q.state = 'approved' AND q.decided_at = now()
      AND q.decided_by = me AND CASE TG_TABLE_NAME WHEN 'ab_user_role' THEN q.roles @> to_jsonb(role)
        WHEN 'post' THEN q.posts ->> (given ->> 'division_code') = given ->> 'reach' ELSE false END) THEN
    RETURN NEW;
  ELSIF TG_TABLE_NAME = 'ab_user_role' AND pingan_holds_duty(me, 'system') AND NOT EXISTS (
      SELECT 1 FROM ab_user u WHERE pingan_holds_duty(u.id, 'security')) AND EXISTS (
      SELECT 1 FROM ab_permission_view_role r JOIN ab_permission_view w ON w.id = r.permission_view_id JOIN ab_permission p ON p.id = w.permission_id
      JOIN ab_view_menu v ON v.id = w.view_menu_id WHERE r.role_id = role AND pingan_duty(p.name, v.name) = 'security') THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'this grant needs a second person' USING ERRCODE = 'check_violation', CONSTRAINT = '{NEEDED}';
END $body$
"""  # noqa: S608 - nothing from outside


def triggers() -> Iterator[str]:
    """The statements that ask for the second person; ``duties`` must stand already."""
    yield from (RISKY_RIGHT, RISKY_ROLE, RISKY_POST, HOLDS, MAY_AGREE, REQUEST, GRANT)
    for table in GRANTING:
        yield f"DROP TRIGGER IF EXISTS pingan_second_person ON {table}"
        yield f"CREATE TRIGGER pingan_second_person BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION pingan_second_person()"
    yield "DROP TRIGGER IF EXISTS pingan_grant_request ON grant_request"
    yield "CREATE TRIGGER pingan_grant_request BEFORE INSERT OR UPDATE ON grant_request FOR EACH ROW EXECUTE FUNCTION pingan_grant_request()"
