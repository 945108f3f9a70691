"""Sessions on the server, second factors, former passwords."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'
branch_labels = None
depends_on = None

# Whatever changes who a person is or what they may do ends their sessions, by whichever path the change comes.
RAISE = """
CREATE OR REPLACE FUNCTION pingan_account_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  IF NEW.password IS DISTINCT FROM OLD.password OR NEW.active IS DISTINCT FROM OLD.active OR NEW.epoch IS DISTINCT FROM OLD.epoch THEN
    NEW.epoch := greatest(NEW.epoch, OLD.epoch + 1);
    DELETE FROM login_session WHERE user_id = OLD.id;
  END IF;
  RETURN NEW;
END $body$
"""
RIGHTS = """
CREATE OR REPLACE FUNCTION pingan_rights_changed() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
DECLARE
  changed jsonb := CASE WHEN TG_OP = 'DELETE' THEN to_jsonb(OLD) ELSE to_jsonb(NEW) END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE ab_user SET epoch = epoch + 1 WHERE id = (to_jsonb(OLD) ->> 'user_id')::int AND to_jsonb(OLD) ->> 'user_id' <> changed ->> 'user_id';
  END IF;
  IF changed ? 'user_id' THEN
    UPDATE ab_user SET epoch = epoch + 1 WHERE id = (changed ->> 'user_id')::int;
  ELSE
    UPDATE ab_user SET epoch = epoch + 1 WHERE id IN (SELECT user_id FROM ab_user_group WHERE group_id = (changed ->> 'group_id')::int);
  END IF;
  RETURN NULL;
END $body$
"""
GIVES_RIGHTS = ("ab_user_role", "ab_user_group", "ab_group_role", "post")


def upgrade() -> None:
    op.add_column('ab_user', sa.Column('factor_due_at', sa.DateTime(timezone=True), nullable=True))
    op.add_column('ab_user', sa.Column('idle_closed_at', sa.DateTime(timezone=True), nullable=True))
    op.create_table('login_session',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('token_digest', sa.String(length=64), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('epoch', sa.Integer(), nullable=False),
    sa.Column('stage', sa.String(length=4), server_default='open', nullable=False),
    sa.Column('method', sa.String(length=8), server_default='password', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('seen_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('proved_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('ends_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('idle_minutes', sa.Integer(), nullable=False),
    sa.Column('address', sa.String(length=64), server_default='', nullable=False),
    sa.Column('agent', sa.String(length=60), server_default='', nullable=False),
    sa.CheckConstraint("stage IN ('open', 'code')", name=op.f('ck_login_session_stage_known')),
    sa.CheckConstraint("method IN ('password', 'code', 'recovery', 'ldap', 'oidc')", name=op.f('ck_login_session_method_known')),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_login_session_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_login_session')),
    sa.UniqueConstraint('token_digest', name='uq_login_session_token')
    )
    op.create_index('ix_login_session_user_id', 'login_session', ['user_id'], unique=False)
    op.create_table('second_factor',
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('secret', sa.Text(), nullable=False),
    sa.Column('confirmed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('last_step', sa.BigInteger(), server_default='0', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_second_factor_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('user_id', name=op.f('pk_second_factor'))
    )
    op.create_table('recovery_code',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('digest', sa.String(length=64), nullable=False),
    sa.Column('used_at', sa.DateTime(timezone=True), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['second_factor.user_id'], name=op.f('fk_recovery_code_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_recovery_code'))
    )
    op.create_index('ix_recovery_code_user_id', 'recovery_code', ['user_id'], unique=False)
    op.create_table('former_password',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('hash', sa.String(length=256), nullable=False),
    sa.Column('replaced_at', sa.DateTime(timezone=True), nullable=False),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_former_password_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_former_password'))
    )
    op.create_index('ix_former_password_user_id', 'former_password', ['user_id'], unique=False)
    op.execute(RAISE)
    op.execute(RIGHTS)
    op.execute("CREATE TRIGGER pingan_account_changed BEFORE UPDATE ON ab_user FOR EACH ROW EXECUTE FUNCTION pingan_account_changed()")
    for table in GIVES_RIGHTS:
        op.execute(f"CREATE TRIGGER pingan_rights_changed AFTER INSERT OR UPDATE OR DELETE ON {table} "
                   "FOR EACH ROW EXECUTE FUNCTION pingan_rights_changed()")
    op.execute("CREATE TRIGGER pingan_rights_changed AFTER DELETE ON second_factor FOR EACH ROW EXECUTE FUNCTION pingan_rights_changed()")


def downgrade() -> None:
    for table in ("second_factor", *GIVES_RIGHTS):
        op.execute(f"DROP TRIGGER pingan_rights_changed ON {table}")
    op.execute("DROP TRIGGER pingan_account_changed ON ab_user")
    op.execute("DROP FUNCTION pingan_rights_changed()")
    op.execute("DROP FUNCTION pingan_account_changed()")
    for table in ('former_password', 'recovery_code', 'second_factor', 'login_session'):
        op.drop_table(table)
    op.drop_column('ab_user', 'idle_closed_at')
    op.drop_column('ab_user', 'factor_due_at')
