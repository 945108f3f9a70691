"""Saved queries of lists."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0008'
down_revision = '0007'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('saved_view',
    sa.Column('id', sa.BigInteger(), nullable=False),
    sa.Column('owner_id', sa.Integer(), nullable=False),
    sa.Column('register', sa.String(length=60), nullable=False),
    sa.Column('name', sa.String(length=40), nullable=False),
    sa.Column('query', sa.Text(), nullable=False),
    sa.Column('reach', sa.String(length=8), server_default='own', nullable=False),
    sa.Column('role_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("reach IN ('own', 'role', 'all', 'layout')", name=op.f('ck_saved_view_reach_known')),
    sa.CheckConstraint("(reach = 'role') = (role_id IS NOT NULL)", name=op.f('ck_saved_view_role_given')),
    sa.ForeignKeyConstraint(['owner_id'], ['ab_user.id'], name=op.f('fk_saved_view_owner_id'), ondelete='CASCADE'),
    sa.ForeignKeyConstraint(['role_id'], ['ab_role.id'], name=op.f('fk_saved_view_role_id'), ondelete='CASCADE'),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_saved_view')),
    sa.UniqueConstraint('owner_id', 'register', 'name', name='uq_saved_view_name')
    )
    op.create_index('ix_saved_view_register', 'saved_view', ['register'], unique=False)
    op.create_index('ix_saved_view_role_id', 'saved_view', ['role_id'], unique=False)


def downgrade() -> None:
    op.drop_table('saved_view')
