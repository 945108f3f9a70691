"""A stamp that changes with anybody's rights."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'
branch_labels = None
depends_on = None

# A row and not a sequence: the new value must become visible together with the change that it announces.
STAMP = """
CREATE OR REPLACE FUNCTION pingan_rights_stamp() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  UPDATE rights_stamp SET stamp = gen_random_uuid();
  RETURN NULL;
END $body$
"""
TABLES = ("ab_role", "ab_group", "ab_permission", "ab_view_menu", "ab_permission_view", "ab_permission_view_role",
          "ab_user_role", "ab_user_group", "ab_group_role", "post")


def upgrade() -> None:
    op.create_table('rights_stamp',
    sa.Column('id', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('stamp', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.CheckConstraint('id = 1', name=op.f('ck_rights_stamp_one_row')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rights_stamp'))
    )
    op.execute("INSERT INTO rights_stamp (id) VALUES (1)")
    op.execute(STAMP)
    for table in TABLES:
        op.execute(f"CREATE TRIGGER pingan_rights_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                   "FOR EACH STATEMENT EXECUTE FUNCTION pingan_rights_stamp()")


def downgrade() -> None:
    for table in TABLES:
        op.execute(f"DROP TRIGGER pingan_rights_stamp ON {table}")
    op.execute("DROP FUNCTION pingan_rights_stamp()")
    op.drop_table('rights_stamp')
