"""An account that is opened again counts as used."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

from alembic import op

revision = '0005'
down_revision = '0004'
branch_labels = None
depends_on = None

CHANGED = """
CREATE OR REPLACE FUNCTION pingan_account_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  {reopened}
  IF NEW.password IS DISTINCT FROM OLD.password OR NEW.active IS DISTINCT FROM OLD.active OR NEW.epoch IS DISTINCT FROM OLD.epoch THEN
    NEW.epoch := greatest(NEW.epoch, OLD.epoch + 1);
    DELETE FROM login_session WHERE user_id = OLD.id;
  END IF;
  RETURN NEW;
END $body$
"""
# Else the next night would close what an administrator has opened by day.
REOPENED = "IF NEW.active AND NOT coalesce(OLD.active, false) THEN NEW.idle_closed_at := NULL; NEW.changed_on := localtimestamp; END IF;"


def upgrade() -> None:
    op.execute(CHANGED.format(reopened=REOPENED))


def downgrade() -> None:
    op.execute(CHANGED.format(reopened=""))
