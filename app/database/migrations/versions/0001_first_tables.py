"""First tables."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from app.jobs.deferral import queue_schema_sql
from sqlalchemy.dialects import postgresql
revision = '0001'
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The queue's own tables and functions come as its library describes them (decision 3).
    op.get_bind().exec_driver_sql(queue_schema_sql().replace("%", "%%"))
    op.create_table('ab_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('label', sa.String(length=150), nullable=True),
    sa.Column('description', sa.String(length=512), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_group')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_group_name'))
    )
    op.create_table('ab_permission',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_permission_name'))
    )
    op.create_table('ab_register_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_name', sa.String(length=64), nullable=False),
    sa.Column('last_name', sa.String(length=64), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('password', sa.String(length=256), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('registration_date', sa.DateTime(), nullable=True),
    sa.Column('registration_hash', sa.String(length=256), nullable=True),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_register_user')),
    sa.UniqueConstraint('email', name=op.f('uq_ab_register_user_email')),
    sa.UniqueConstraint('username', name=op.f('uq_ab_register_user_username'))
    )
    op.create_table('ab_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=64), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_role')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_role_name'))
    )
    op.create_table('ab_user',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('first_name', sa.String(length=64), nullable=False),
    sa.Column('last_name', sa.String(length=64), nullable=False),
    sa.Column('username', sa.String(length=128), nullable=False),
    sa.Column('password', sa.String(length=256), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=True),
    sa.Column('email', sa.String(length=320), nullable=False),
    sa.Column('last_login', sa.DateTime(), nullable=True),
    sa.Column('login_count', sa.Integer(), nullable=True),
    sa.Column('fail_login_count', sa.Integer(), nullable=True),
    sa.Column('created_on', sa.DateTime(), nullable=True),
    sa.Column('changed_on', sa.DateTime(), nullable=True),
    sa.Column('created_by_fk', sa.Integer(), nullable=True),
    sa.Column('changed_by_fk', sa.Integer(), nullable=True),
    sa.Column('must_change', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('password_changed_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('one_time_expires_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('signed_in_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('epoch', sa.Integer(), server_default='0', nullable=False),
    sa.ForeignKeyConstraint(['changed_by_fk'], ['ab_user.id'], name=op.f('fk_ab_user_changed_by_fk')),
    sa.ForeignKeyConstraint(['created_by_fk'], ['ab_user.id'], name=op.f('fk_ab_user_created_by_fk')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user')),
    sa.UniqueConstraint('email', name=op.f('uq_ab_user_email')),
    sa.UniqueConstraint('username', name=op.f('uq_ab_user_username'))
    )
    op.create_table('ab_view_menu',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=250), nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_view_menu')),
    sa.UniqueConstraint('name', name=op.f('uq_ab_view_menu_name'))
    )
    op.create_table('audit_entry',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('actor', sa.String(length=120), nullable=False),
    sa.Column('action', sa.String(length=40), nullable=False),
    sa.Column('table_name', sa.String(length=63), nullable=False),
    sa.Column('row_id', sa.BigInteger(), nullable=True),
    sa.Column('division_code', sa.Text(collation='C'), nullable=True),
    sa.Column('changes', postgresql.JSONB(astext_type=sa.Text()), server_default=sa.text("'{}'::jsonb"), nullable=False),
    sa.Column('note', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_audit_entry'))
    )
    op.create_index(op.f('ix_audit_entry_at'), 'audit_entry', ['at'], unique=False)
    op.create_index(op.f('ix_audit_entry_division_code'), 'audit_entry', ['division_code'], unique=False)
    op.create_index('ix_audit_entry_table_name_row_id', 'audit_entry', ['table_name', 'row_id'], unique=False)
    op.create_index(op.f('ix_audit_entry_user_id'), 'audit_entry', ['user_id'], unique=False)
    op.create_table('division',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('code', sa.Text(collation='C'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('parent_code', sa.Text(collation='C'), nullable=True),
    sa.Column('path_name', sa.String(length=200), nullable=True),
    sa.Column('sort', sa.Integer(), server_default='0', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("code ~ '^[0-9]{6}([0-9]{3}([0-9]{3})?|U[0-9]{3})?$'", name=op.f('ck_division_code_shape')),
    sa.CheckConstraint("kind IN ('county', 'zone', 'town', 'subdistrict', 'township', 'village', 'community', 'department')", name=op.f('ck_division_kind_known')),
    sa.CheckConstraint('parent_code IS NULL OR (starts_with(code, parent_code) AND code <> parent_code)', name=op.f('ck_division_under_parent')),
    sa.ForeignKeyConstraint(['parent_code'], ['division.code'], name=op.f('fk_division_parent_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_division')),
    sa.UniqueConstraint('code', name=op.f('uq_division_code'))
    )
    op.create_index(op.f('ix_division_parent_code'), 'division', ['parent_code'], unique=False)
    op.create_table('number_series',
    sa.Column('prefix', sa.String(length=10), nullable=False),
    sa.Column('year', sa.Integer(), autoincrement=False, nullable=False),
    sa.Column('last', sa.Integer(), nullable=False),
    sa.PrimaryKeyConstraint('prefix', 'year', name=op.f('pk_number_series'))
    )
    op.create_table('schedule',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('task', sa.String(length=60), nullable=False),
    sa.Column('recurrence', sa.String(length=40), nullable=False),
    sa.Column('hour', sa.Integer(), nullable=False),
    sa.Column('minute', sa.Integer(), server_default='0', nullable=False),
    sa.Column('shift', sa.String(length=40), nullable=False),
    sa.Column('active', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('catch_up_from', sa.Date(), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("recurrence IN ('half_month', 'monthly', 'weekly', 'daily')", name=op.f('ck_schedule_recurrence_known')),
    sa.CheckConstraint("shift IN ('forward', 'back', 'none')", name=op.f('ck_schedule_shift_known')),
    sa.CheckConstraint('hour BETWEEN 0 AND 23', name=op.f('ck_schedule_hour_of_day')),
    sa.CheckConstraint('minute BETWEEN 0 AND 59', name=op.f('ck_schedule_minute_of_hour')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_schedule')),
    sa.UniqueConstraint('name', name=op.f('uq_schedule_name'))
    )
    op.create_table('sign_in_attempt',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('name', sa.String(length=128), nullable=False),
    sa.Column('address', sa.String(length=64), nullable=False),
    sa.Column('outcome', sa.String(length=8), nullable=False),
    sa.CheckConstraint("outcome IN ('ok', 'failed', 'refused', 'cleared')", name=op.f('ck_sign_in_attempt_outcome_known')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_sign_in_attempt'))
    )
    op.create_index('ix_sign_in_attempt_address_at', 'sign_in_attempt', ['address', 'at'], unique=False)
    op.create_index('ix_sign_in_attempt_name_at', 'sign_in_attempt', ['name', 'at'], unique=False)
    op.create_table('work_calendar',
    sa.Column('day', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('note', sa.String(length=60), nullable=True),
    sa.CheckConstraint("kind IN ('work', 'rest')", name=op.f('ck_work_calendar_kind_known')),
    sa.PrimaryKeyConstraint('day', name=op.f('pk_work_calendar'))
    )
    op.create_table('ab_api_key',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('uuid', sa.String(length=36), nullable=False),
    sa.Column('name', sa.String(length=256), nullable=False),
    sa.Column('key_hash', sa.String(length=256), nullable=False),
    sa.Column('lookup_hash', sa.String(length=256), nullable=True),
    sa.Column('key_prefix', sa.String(length=16), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('scopes', sa.Text(), nullable=True),
    sa.Column('active', sa.Boolean(), nullable=False),
    sa.Column('created_on', sa.DateTime(), nullable=True),
    sa.Column('expires_on', sa.DateTime(), nullable=True),
    sa.Column('revoked_on', sa.DateTime(), nullable=True),
    sa.Column('last_used_on', sa.DateTime(), nullable=True),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_api_key_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_api_key')),
    sa.UniqueConstraint('lookup_hash', name=op.f('uq_ab_api_key_lookup_hash')),
    sa.UniqueConstraint('uuid', name=op.f('uq_ab_api_key_uuid'))
    )
    op.create_index('idx_api_key_lookup_hash', 'ab_api_key', ['lookup_hash'], unique=True)
    op.create_index('idx_api_key_prefix', 'ab_api_key', ['key_prefix'], unique=False)
    op.create_index('idx_api_key_user_id', 'ab_api_key', ['user_id'], unique=False)
    op.create_table('ab_group_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['ab_group.id'], name=op.f('fk_ab_group_role_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_group_role_role_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_group_role')),
    sa.UniqueConstraint('group_id', 'role_id', name=op.f('uq_ab_group_role_group_id_role_id'))
    )
    op.create_index('idx_group_id', 'ab_group_role', ['group_id'], unique=False)
    op.create_index('idx_group_role_id', 'ab_group_role', ['role_id'], unique=False)
    op.create_table('ab_permission_view',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('permission_id', sa.Integer(), nullable=False),
    sa.Column('view_menu_id', sa.Integer(), nullable=False),
    sa.ForeignKeyConstraint(['permission_id'], ['ab_permission.id'], name=op.f('fk_ab_permission_view_permission_id')),
    sa.ForeignKeyConstraint(['view_menu_id'], ['ab_view_menu.id'], name=op.f('fk_ab_permission_view_view_menu_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission_view')),
    sa.UniqueConstraint('permission_id', 'view_menu_id', name=op.f('uq_ab_permission_view_permission_id_view_menu_id'))
    )
    op.create_index('idx_permission_id', 'ab_permission_view', ['permission_id'], unique=False)
    op.create_index('idx_view_menu_id', 'ab_permission_view', ['view_menu_id'], unique=False)
    op.create_table('ab_user_group',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('group_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['group_id'], ['ab_group.id'], name=op.f('fk_ab_user_group_group_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_user_group_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user_group')),
    sa.UniqueConstraint('user_id', 'group_id', name=op.f('uq_ab_user_group_user_id_group_id'))
    )
    op.create_index('idx_user_group_id', 'ab_user_group', ['group_id'], unique=False)
    op.create_index('idx_user_id', 'ab_user_group', ['user_id'], unique=False)
    op.create_table('ab_user_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_user_role_role_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_ab_user_role_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_user_role')),
    sa.UniqueConstraint('user_id', 'role_id', name=op.f('uq_ab_user_role_user_id_role_id'))
    )
    op.create_table('annual_indicator',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('value', sa.Numeric(precision=16, scale=2), nullable=False),
    sa.Column('unit', sa.String(length=20), nullable=False),
    sa.Column('source', sa.String(length=120), nullable=False),
    sa.Column('sort', sa.Integer(), server_default='0', nullable=False),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('year BETWEEN 1949 AND 2100', name=op.f('ck_annual_indicator_year_plausible')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_annual_indicator_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_annual_indicator')),
    sa.UniqueConstraint('division_code', 'year', 'name', name='uq_annual_indicator_name_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_annual_indicator_uid'))
    )
    op.create_index(op.f('ix_annual_indicator_division_code'), 'annual_indicator', ['division_code'], unique=False)
    op.create_table('briefing_issue',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('period', sa.String(length=20), nullable=False),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('total_number', sa.Integer(), nullable=False),
    sa.Column('issued_on', sa.Date(), nullable=False),
    sa.Column('pages', sa.Integer(), nullable=False),
    sa.Column('size', sa.Integer(), nullable=False),
    sa.Column('sha256', sa.String(length=64), nullable=False),
    sa.Column('path', sa.String(), nullable=False),
    sa.Column('figures', postgresql.JSONB(astext_type=sa.Text()), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("kind IN ('county', 'town')", name=op.f('ck_briefing_issue_kind_known')),
    sa.CheckConstraint('number > 0 AND total_number >= number', name=op.f('ck_briefing_issue_numbers_in_order')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_briefing_issue_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_briefing_issue')),
    sa.UniqueConstraint('kind', 'division_code', 'period', name='uq_briefing_issue_period_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_briefing_issue_uid'))
    )
    op.create_index(op.f('ix_briefing_issue_division_code'), 'briefing_issue', ['division_code'], unique=False)
    op.create_table('checklist_template',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('basis', sa.String(length=200), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint('until >= since', name=op.f('ck_checklist_template_dates_in_order')),
    sa.CheckConstraint('version >= 1', name=op.f('ck_checklist_template_version_positive')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_checklist_template_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_template')),
    sa.UniqueConstraint('division_code', 'name', 'version', name='uq_checklist_template_version_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_checklist_template_uid'))
    )
    op.create_index(op.f('ix_checklist_template_division_code'), 'checklist_template', ['division_code'], unique=False)
    op.create_table('governance_centre',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('level', sa.String(length=40), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('head', sa.String(length=50), nullable=False),
    sa.Column('head_phone', sa.String(length=20), nullable=False),
    sa.Column('address', sa.String(length=80), nullable=True),
    sa.Column('longitude', sa.Numeric(precision=11, scale=8), nullable=True),
    sa.Column('latitude', sa.Numeric(precision=10, scale=8), nullable=True),
    sa.Column('floor_area', sa.Numeric(precision=8, scale=2), nullable=True),
    sa.Column('opened_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("level IN ('04', '05', '06')", name=op.f('ck_governance_centre_level_known')),
    sa.CheckConstraint('floor_area >= 0', name=op.f('ck_governance_centre_floor_area_not_negative')),
    sa.CheckConstraint('latitude BETWEEN 3 AND 54', name=op.f('ck_governance_centre_latitude_in_china')),
    sa.CheckConstraint('longitude BETWEEN 73 AND 136', name=op.f('ck_governance_centre_longitude_in_china')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_governance_centre_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_governance_centre')),
    sa.UniqueConstraint('division_code', 'name', name='uq_governance_centre_name_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_governance_centre_uid'))
    )
    op.create_index(op.f('ix_governance_centre_division_code'), 'governance_centre', ['division_code'], unique=False)
    op.create_table('job_run',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('schedule_id', sa.BigInteger(), nullable=False),
    sa.Column('task', sa.String(length=60), nullable=False),
    sa.Column('period', sa.String(length=12), nullable=False),
    sa.Column('status', sa.String(length=40), nullable=False),
    sa.Column('who', sa.String(length=120), nullable=False),
    sa.Column('why', sa.String(length=40), nullable=False),
    sa.Column('queued_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('finished_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('seconds', sa.Numeric(precision=10, scale=1, asdecimal=False), nullable=True),
    sa.Column('message', sa.Text(), nullable=True),
    sa.Column('error', sa.String(length=300), nullable=True),
    sa.CheckConstraint("status IN ('queued', 'running', 'done', 'nothing', 'failed')", name=op.f('ck_job_run_status_known')),
    sa.CheckConstraint("why IN ('on_time', 'caught_up', 'by_hand')", name=op.f('ck_job_run_why_known')),
    sa.ForeignKeyConstraint(['schedule_id'], ['schedule.id'], name=op.f('fk_job_run_schedule_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_job_run')),
    sa.UniqueConstraint('schedule_id', 'period', name='period_once')
    )
    op.create_index(op.f('ix_job_run_queued_at'), 'job_run', ['queued_at'], unique=False)
    op.create_index(op.f('ix_job_run_status'), 'job_run', ['status'], unique=False)
    op.create_table('key_person_file',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=True),
    sa.Column('statutory_group', sa.String(length=40), nullable=False),
    sa.Column('legal_basis', sa.String(length=200), nullable=True),
    sa.Column('name', sa.Text(), nullable=False),
    sa.Column('id_number', sa.Text(), nullable=False),
    sa.Column('id_number_index', sa.String(length=64), nullable=True),
    sa.Column('phone', sa.Text(), nullable=True),
    sa.Column('address', sa.Text(), nullable=True),
    sa.Column('guardian_name', sa.Text(), nullable=True),
    sa.Column('guardian_phone', sa.Text(), nullable=True),
    sa.Column('guardian_relation', sa.String(length=30), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=True),
    sa.Column('reviewer', sa.String(length=50), nullable=False),
    sa.Column('review_on', sa.Date(), nullable=False),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('retention_until', sa.Date(), nullable=True),
    sa.Column('helper', sa.String(length=50), nullable=True),
    sa.Column('helper_phone', sa.String(length=20), nullable=True),
    sa.Column('notice_given_on', sa.Date(), nullable=True),
    sa.Column('needs', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("state IN ('open', 'closed', 'stored')", name=op.f('ck_key_person_file_state_known')),
    sa.CheckConstraint("statutory_group IN ('community_correction', 'resettlement', 'drug_recovery', 'mental_health', 'children', 'elderly', 'disabled')", name=op.f('ck_key_person_file_statutory_group_known')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_key_person_file_dates_in_order')),
    sa.CheckConstraint('retention_until >= ends_on', name=op.f('ck_key_person_file_kept_past_end')),
    sa.CheckConstraint('review_on >= starts_on', name=op.f('ck_key_person_file_review_after_start')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_key_person_file_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_person_file')),
    sa.UniqueConstraint('division_code', 'number', name='uq_key_person_file_number_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_key_person_file_uid'))
    )
    op.create_index(op.f('ix_key_person_file_division_code'), 'key_person_file', ['division_code'], unique=False)
    op.create_table('law_firm',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('credit_code', sa.String(length=18), nullable=False),
    sa.Column('head', sa.String(length=50), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('address', sa.String(length=80), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_law_firm_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_law_firm')),
    sa.UniqueConstraint('division_code', 'credit_code', name='uq_law_firm_credit_code_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_law_firm_uid'))
    )
    op.create_index(op.f('ix_law_firm_division_code'), 'law_firm', ['division_code'], unique=False)
    op.create_table('post',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('user_id', sa.Integer(), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('reach', sa.String(length=5), server_default='below', nullable=False),
    sa.CheckConstraint("reach IN ('below', 'alone')", name=op.f('ck_post_reach_known')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_post_division_code'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['user_id'], ['ab_user.id'], name=op.f('fk_post_user_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_post')),
    sa.UniqueConstraint('user_id', 'division_code', name='uq_post_once')
    )
    op.create_index(op.f('ix_post_division_code'), 'post', ['division_code'], unique=False)
    op.create_index(op.f('ix_post_user_id'), 'post', ['user_id'], unique=False)
    op.create_table('supervision_item',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('number', sa.String(length=30), nullable=True),
    sa.Column('title', sa.String(length=120), nullable=False),
    sa.Column('category', sa.String(length=40), nullable=False),
    sa.Column('grade', sa.String(length=40), nullable=False),
    sa.Column('source', sa.String(length=40), nullable=False),
    sa.Column('problem', sa.Text(), nullable=False),
    sa.Column('responsible_unit', sa.String(length=100), nullable=False),
    sa.Column('responsible_person', sa.String(length=50), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('instructor', sa.String(length=50), nullable=True),
    sa.Column('registered_on', sa.Date(), nullable=False),
    sa.Column('due_on', sa.Date(), nullable=False),
    sa.Column('asked_due_on', sa.Date(), nullable=True),
    sa.Column('received_on', sa.Date(), nullable=True),
    sa.Column('extended_on', sa.Date(), nullable=True),
    sa.Column('closed_on', sa.Date(), nullable=True),
    sa.Column('measures', sa.Text(), nullable=True),
    sa.Column('result', sa.Text(), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("category IN ('00', '01', '02', '03', '04', '83', '99')", name=op.f('ck_supervision_item_category_known')),
    sa.CheckConstraint("grade IN ('ordinary', 'larger', 'major')", name=op.f('ck_supervision_item_grade_known')),
    sa.CheckConstraint("source IN ('inspection', 'document', 'meeting', 'report', 'public', 'other')", name=op.f('ck_supervision_item_source_known')),
    sa.CheckConstraint("state IN ('filed', 'assigned', 'received', 'handling', 'extension', 'review', 'closed', 'withdrawn')", name=op.f('ck_supervision_item_state_known')),
    sa.CheckConstraint("state NOT IN ('closed', 'withdrawn') OR closed_on IS NOT NULL", name=op.f('ck_supervision_item_closed_has_day')),
    sa.CheckConstraint('asked_due_on > due_on', name=op.f('ck_supervision_item_asked_after_due')),
    sa.CheckConstraint('closed_on >= registered_on', name=op.f('ck_supervision_item_closed_after_filing')),
    sa.CheckConstraint('due_on >= registered_on', name=op.f('ck_supervision_item_due_after_filing')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_supervision_item_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_supervision_item')),
    sa.UniqueConstraint('division_code', 'number', name='uq_supervision_item_number_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_supervision_item_uid'))
    )
    op.create_index(op.f('ix_supervision_item_division_code'), 'supervision_item', ['division_code'], unique=False)
    op.create_table('unit',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('name', sa.String(length=100), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('reports', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('contact', sa.String(length=50), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("kind IN ('town', 'department', 'enterprise', 'other')", name=op.f('ck_unit_kind_known')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_unit_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_unit')),
    sa.UniqueConstraint('division_code', 'name', name='uq_unit_name_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_unit_uid'))
    )
    op.create_index(op.f('ix_unit_division_code'), 'unit', ['division_code'], unique=False)
    op.create_table('ab_permission_view_role',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('permission_view_id', sa.Integer(), nullable=True),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.ForeignKeyConstraint(['permission_view_id'], ['ab_permission_view.id'], name=op.f('fk_ab_permission_view_role_permission_view_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_ab_permission_view_role_role_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_ab_permission_view_role')),
    sa.UniqueConstraint('permission_view_id', 'role_id', name=op.f('uq_ab_permission_view_role_permission_view_id_role_id'))
    )
    op.create_index('idx_permission_view_id', 'ab_permission_view_role', ['permission_view_id'], unique=False)
    op.create_index('idx_role_id', 'ab_permission_view_role', ['role_id'], unique=False)
    op.create_table('centre_assessment',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('template_id', sa.BigInteger(), nullable=False),
    sa.Column('year', sa.Integer(), nullable=False),
    sa.Column('quarter', sa.String(length=40), nullable=False),
    sa.Column('assessed_on', sa.Date(), nullable=False),
    sa.Column('assessor', sa.String(length=50), nullable=False),
    sa.Column('organisation', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('personnel', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('rules', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('premises', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('funding', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('facilities', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('in_place', sa.Integer(), sa.Computed('organisation::integer + personnel::integer + rules::integer + premises::integer + funding::integer + facilities::integer', persisted=True), nullable=False),
    sa.Column('findings', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("quarter IN ('1', '2', '3', '4')", name=op.f('ck_centre_assessment_quarter_known')),
    sa.CheckConstraint('year BETWEEN 2000 AND 2100', name=op.f('ck_centre_assessment_year_plausible')),
    sa.ForeignKeyConstraint(['centre_id'], ['governance_centre.id'], name=op.f('fk_centre_assessment_centre_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_centre_assessment_division_code'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['template_id'], ['checklist_template.id'], name=op.f('fk_centre_assessment_template_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centre_assessment')),
    sa.UniqueConstraint('centre_id', 'template_id', 'year', 'quarter', name='uq_centre_assessment_quarter_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_centre_assessment_uid'))
    )
    op.create_index(op.f('ix_centre_assessment_centre_id'), 'centre_assessment', ['centre_id'], unique=False)
    op.create_index(op.f('ix_centre_assessment_division_code'), 'centre_assessment', ['division_code'], unique=False)
    op.create_index(op.f('ix_centre_assessment_template_id'), 'centre_assessment', ['template_id'], unique=False)
    op.create_table('centre_member',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('unit_name', sa.String(length=100), nullable=False),
    sa.Column('presence', sa.String(length=40), nullable=False),
    sa.Column('joined_on', sa.Date(), nullable=True),
    sa.Column('contact', sa.String(length=50), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('duties', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("presence IN ('permanent', 'rotating', 'on_call')", name=op.f('ck_centre_member_presence_known')),
    sa.ForeignKeyConstraint(['centre_id'], ['governance_centre.id'], name=op.f('fk_centre_member_centre_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_centre_member_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centre_member')),
    sa.UniqueConstraint('centre_id', 'unit_name', name='uq_centre_member_unit_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_centre_member_uid'))
    )
    op.create_index(op.f('ix_centre_member_centre_id'), 'centre_member', ['centre_id'], unique=False)
    op.create_index(op.f('ix_centre_member_division_code'), 'centre_member', ['division_code'], unique=False)
    op.create_table('centre_room',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=60), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('floor_area', sa.Numeric(precision=8, scale=2), nullable=True),
    sa.Column('seats', sa.Integer(), nullable=True),
    sa.Column('shared', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("kind IN ('hall', 'mediation', 'monitoring', 'grid', 'counselling', 'social_work', 'meeting', 'other')", name=op.f('ck_centre_room_kind_known')),
    sa.CheckConstraint('floor_area >= 0', name=op.f('ck_centre_room_floor_area_not_negative')),
    sa.CheckConstraint('seats >= 0', name=op.f('ck_centre_room_seats_not_negative')),
    sa.ForeignKeyConstraint(['centre_id'], ['governance_centre.id'], name=op.f('fk_centre_room_centre_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_centre_room_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centre_room')),
    sa.UniqueConstraint('centre_id', 'name', name='uq_centre_room_name_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_centre_room_uid'))
    )
    op.create_index(op.f('ix_centre_room_centre_id'), 'centre_room', ['centre_id'], unique=False)
    op.create_index(op.f('ix_centre_room_division_code'), 'centre_room', ['division_code'], unique=False)
    op.create_table('centre_staff',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('centre_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('sex', sa.String(length=40), nullable=False),
    sa.Column('education', sa.String(length=40), nullable=True),
    sa.Column('phone', sa.String(length=20), nullable=False),
    sa.Column('full_time', sa.Boolean(), server_default='false', nullable=False),
    sa.Column('speciality', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("education IN ('10', '20', '30', '40', '60', '90')", name=op.f('ck_centre_staff_education_known')),
    sa.CheckConstraint("sex IN ('1', '2', '9')", name=op.f('ck_centre_staff_sex_known')),
    sa.ForeignKeyConstraint(['centre_id'], ['governance_centre.id'], name=op.f('fk_centre_staff_centre_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_centre_staff_division_code'), onupdate='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centre_staff')),
    sa.UniqueConstraint('uid', name=op.f('uq_centre_staff_uid'))
    )
    op.create_index(op.f('ix_centre_staff_centre_id'), 'centre_staff', ['centre_id'], unique=False)
    op.create_index(op.f('ix_centre_staff_division_code'), 'centre_staff', ['division_code'], unique=False)
    op.create_table('checklist_item',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('template_id', sa.BigInteger(), nullable=False),
    sa.Column('part', sa.String(length=40), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('words', sa.String(length=300), nullable=False),
    sa.Column('weight', sa.Numeric(precision=5, scale=2), nullable=False),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("part IN ('organisation', 'personnel', 'rules', 'premises', 'funding', 'facilities')", name=op.f('ck_checklist_item_part_known')),
    sa.CheckConstraint('number >= 1', name=op.f('ck_checklist_item_number_positive')),
    sa.CheckConstraint('weight > 0', name=op.f('ck_checklist_item_weight_positive')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_checklist_item_division_code'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['template_id'], ['checklist_template.id'], name=op.f('fk_checklist_item_template_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_checklist_item')),
    sa.UniqueConstraint('template_id', 'part', 'number', name='uq_checklist_item_number_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_checklist_item_uid'))
    )
    op.create_index(op.f('ix_checklist_item_division_code'), 'checklist_item', ['division_code'], unique=False)
    op.create_index(op.f('ix_checklist_item_template_id'), 'checklist_item', ['template_id'], unique=False)
    op.create_table('key_person_visit',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('file_id', sa.BigInteger(), nullable=False),
    sa.Column('visited_on', sa.Date(), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('visitor', sa.String(length=50), nullable=False),
    sa.Column('help_given', sa.Text(), nullable=False),
    sa.Column('next_on', sa.Date(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("kind IN ('visit', 'livelihood', 'employment', 'schooling', 'counselling', 'medical', 'legal', 'other')", name=op.f('ck_key_person_visit_kind_known')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_key_person_visit_division_code'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['file_id'], ['key_person_file.id'], name=op.f('fk_key_person_visit_file_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_key_person_visit')),
    sa.UniqueConstraint('file_id', 'visited_on', 'kind', 'visitor', name='uq_key_person_visit_visit_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_key_person_visit_uid'))
    )
    op.create_index(op.f('ix_key_person_visit_division_code'), 'key_person_visit', ['division_code'], unique=False)
    op.create_index(op.f('ix_key_person_visit_file_id'), 'key_person_visit', ['file_id'], unique=False)
    op.create_table('lawyer',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('firm_id', sa.BigInteger(), nullable=False),
    sa.Column('name', sa.String(length=50), nullable=False),
    sa.Column('certificate', sa.String(length=17), nullable=False),
    sa.Column('kind', sa.String(length=40), nullable=False),
    sa.Column('phone', sa.String(length=20), nullable=True),
    sa.Column('speciality', sa.String(length=80), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("kind IN ('1', '2', 'government', 'legal_aid')", name=op.f('ck_lawyer_kind_known')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_lawyer_division_code'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['firm_id'], ['law_firm.id'], name=op.f('fk_lawyer_firm_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_lawyer')),
    sa.UniqueConstraint('division_code', 'certificate', name='uq_lawyer_certificate_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_lawyer_uid'))
    )
    op.create_index(op.f('ix_lawyer_division_code'), 'lawyer', ['division_code'], unique=False)
    op.create_index(op.f('ix_lawyer_firm_id'), 'lawyer', ['firm_id'], unique=False)
    op.create_table('centre_post',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('staff_id', sa.BigInteger(), nullable=False),
    sa.Column('role', sa.String(length=40), nullable=False),
    sa.Column('since', sa.Date(), nullable=False),
    sa.Column('until', sa.Date(), nullable=True),
    sa.Column('document', sa.String(length=100), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("role IN ('director', 'executive_deputy', 'deputy', 'officer', 'mediator', 'receptionist')", name=op.f('ck_centre_post_role_known')),
    sa.CheckConstraint('until >= since', name=op.f('ck_centre_post_dates_in_order')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_centre_post_division_code'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['staff_id'], ['centre_staff.id'], name=op.f('fk_centre_post_staff_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_centre_post')),
    sa.UniqueConstraint('staff_id', 'role', 'since', name='uq_centre_post_role_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_centre_post_uid'))
    )
    op.create_index(op.f('ix_centre_post_division_code'), 'centre_post', ['division_code'], unique=False)
    op.create_index(op.f('ix_centre_post_staff_id'), 'centre_post', ['staff_id'], unique=False)
    op.create_table('legal_contract',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('uid', sa.Uuid(), server_default=sa.text('gen_random_uuid()'), nullable=False),
    sa.Column('division_code', sa.Text(collation='C'), nullable=False),
    sa.Column('number', sa.String(length=50), nullable=False),
    sa.Column('client', sa.String(length=100), nullable=False),
    sa.Column('firm_id', sa.BigInteger(), nullable=False),
    sa.Column('lawyer_id', sa.BigInteger(), nullable=True),
    sa.Column('starts_on', sa.Date(), nullable=False),
    sa.Column('ends_on', sa.Date(), nullable=False),
    sa.Column('fee', sa.Numeric(precision=14, scale=2), nullable=True),
    sa.Column('state', sa.String(length=40), nullable=False),
    sa.Column('scope_of_service', sa.Text(), nullable=True),
    sa.Column('note', sa.Text(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('updated_at', sa.DateTime(timezone=True), server_default=sa.text('now()'), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('updated_by', sa.Integer(), nullable=True),
    sa.Column('row_version', sa.Integer(), server_default='1', nullable=False),
    sa.CheckConstraint("state IN ('draft', 'active', 'ended', 'terminated')", name=op.f('ck_legal_contract_state_known')),
    sa.CheckConstraint('ends_on >= starts_on', name=op.f('ck_legal_contract_dates_in_order')),
    sa.CheckConstraint('fee >= 0', name=op.f('ck_legal_contract_fee_not_negative')),
    sa.ForeignKeyConstraint(['division_code'], ['division.code'], name=op.f('fk_legal_contract_division_code'), onupdate='CASCADE'),
    sa.ForeignKeyConstraint(['firm_id'], ['law_firm.id'], name=op.f('fk_legal_contract_firm_id'), ondelete='RESTRICT'),
    sa.ForeignKeyConstraint(['lawyer_id'], ['lawyer.id'], name=op.f('fk_legal_contract_lawyer_id'), ondelete='RESTRICT'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_legal_contract')),
    sa.UniqueConstraint('division_code', 'number', name='uq_legal_contract_number_once'),
    sa.UniqueConstraint('uid', name=op.f('uq_legal_contract_uid'))
    )
    op.create_index(op.f('ix_legal_contract_division_code'), 'legal_contract', ['division_code'], unique=False)
    op.create_index(op.f('ix_legal_contract_firm_id'), 'legal_contract', ['firm_id'], unique=False)
    op.create_index(op.f('ix_legal_contract_lawyer_id'), 'legal_contract', ['lawyer_id'], unique=False)


def downgrade() -> None:
    op.drop_index(op.f('ix_legal_contract_lawyer_id'), table_name='legal_contract')
    op.drop_index(op.f('ix_legal_contract_firm_id'), table_name='legal_contract')
    op.drop_index(op.f('ix_legal_contract_division_code'), table_name='legal_contract')
    op.drop_table('legal_contract')
    op.drop_index(op.f('ix_centre_post_staff_id'), table_name='centre_post')
    op.drop_index(op.f('ix_centre_post_division_code'), table_name='centre_post')
    op.drop_table('centre_post')
    op.drop_index(op.f('ix_lawyer_firm_id'), table_name='lawyer')
    op.drop_index(op.f('ix_lawyer_division_code'), table_name='lawyer')
    op.drop_table('lawyer')
    op.drop_index(op.f('ix_key_person_visit_file_id'), table_name='key_person_visit')
    op.drop_index(op.f('ix_key_person_visit_division_code'), table_name='key_person_visit')
    op.drop_table('key_person_visit')
    op.drop_index(op.f('ix_checklist_item_template_id'), table_name='checklist_item')
    op.drop_index(op.f('ix_checklist_item_division_code'), table_name='checklist_item')
    op.drop_table('checklist_item')
    op.drop_index(op.f('ix_centre_staff_division_code'), table_name='centre_staff')
    op.drop_index(op.f('ix_centre_staff_centre_id'), table_name='centre_staff')
    op.drop_table('centre_staff')
    op.drop_index(op.f('ix_centre_room_division_code'), table_name='centre_room')
    op.drop_index(op.f('ix_centre_room_centre_id'), table_name='centre_room')
    op.drop_table('centre_room')
    op.drop_index(op.f('ix_centre_member_division_code'), table_name='centre_member')
    op.drop_index(op.f('ix_centre_member_centre_id'), table_name='centre_member')
    op.drop_table('centre_member')
    op.drop_index(op.f('ix_centre_assessment_template_id'), table_name='centre_assessment')
    op.drop_index(op.f('ix_centre_assessment_division_code'), table_name='centre_assessment')
    op.drop_index(op.f('ix_centre_assessment_centre_id'), table_name='centre_assessment')
    op.drop_table('centre_assessment')
    op.drop_index('idx_role_id', table_name='ab_permission_view_role')
    op.drop_index('idx_permission_view_id', table_name='ab_permission_view_role')
    op.drop_table('ab_permission_view_role')
    op.drop_index(op.f('ix_unit_division_code'), table_name='unit')
    op.drop_table('unit')
    op.drop_index(op.f('ix_supervision_item_division_code'), table_name='supervision_item')
    op.drop_table('supervision_item')
    op.drop_index(op.f('ix_post_user_id'), table_name='post')
    op.drop_index(op.f('ix_post_division_code'), table_name='post')
    op.drop_table('post')
    op.drop_index(op.f('ix_law_firm_division_code'), table_name='law_firm')
    op.drop_table('law_firm')
    op.drop_index(op.f('ix_key_person_file_division_code'), table_name='key_person_file')
    op.drop_table('key_person_file')
    op.drop_index(op.f('ix_job_run_status'), table_name='job_run')
    op.drop_index(op.f('ix_job_run_queued_at'), table_name='job_run')
    op.drop_table('job_run')
    op.drop_index(op.f('ix_governance_centre_division_code'), table_name='governance_centre')
    op.drop_table('governance_centre')
    op.drop_index(op.f('ix_checklist_template_division_code'), table_name='checklist_template')
    op.drop_table('checklist_template')
    op.drop_index(op.f('ix_briefing_issue_division_code'), table_name='briefing_issue')
    op.drop_table('briefing_issue')
    op.drop_index(op.f('ix_annual_indicator_division_code'), table_name='annual_indicator')
    op.drop_table('annual_indicator')
    op.drop_table('ab_user_role')
    op.drop_index('idx_user_id', table_name='ab_user_group')
    op.drop_index('idx_user_group_id', table_name='ab_user_group')
    op.drop_table('ab_user_group')
    op.drop_index('idx_view_menu_id', table_name='ab_permission_view')
    op.drop_index('idx_permission_id', table_name='ab_permission_view')
    op.drop_table('ab_permission_view')
    op.drop_index('idx_group_role_id', table_name='ab_group_role')
    op.drop_index('idx_group_id', table_name='ab_group_role')
    op.drop_table('ab_group_role')
    op.drop_index('idx_api_key_user_id', table_name='ab_api_key')
    op.drop_index('idx_api_key_prefix', table_name='ab_api_key')
    op.drop_index('idx_api_key_lookup_hash', table_name='ab_api_key')
    op.drop_table('ab_api_key')
    op.drop_table('work_calendar')
    op.drop_index('ix_sign_in_attempt_name_at', table_name='sign_in_attempt')
    op.drop_index('ix_sign_in_attempt_address_at', table_name='sign_in_attempt')
    op.drop_table('sign_in_attempt')
    op.drop_table('schedule')
    op.drop_table('number_series')
    op.drop_index(op.f('ix_division_parent_code'), table_name='division')
    op.drop_table('division')
    op.drop_index(op.f('ix_audit_entry_user_id'), table_name='audit_entry')
    op.drop_index('ix_audit_entry_table_name_row_id', table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_division_code'), table_name='audit_entry')
    op.drop_index(op.f('ix_audit_entry_at'), table_name='audit_entry')
    op.drop_table('audit_entry')
    op.drop_table('ab_view_menu')
    op.drop_table('ab_user')
    op.drop_table('ab_role')
    op.drop_table('ab_register_user')
    op.drop_table('ab_permission')
    op.drop_table('ab_group')
