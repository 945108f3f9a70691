"""Who keeps a person's password."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0006'
down_revision = '0005'
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column('ab_user', sa.Column('source', sa.String(length=8), server_default='local', nullable=False))
    op.create_check_constraint(op.f('ck_ab_user_source_known'), 'ab_user', "source IN ('local', 'ldap', 'oidc')")


def downgrade() -> None:
    op.drop_constraint(op.f('ck_ab_user_source_known'), 'ab_user', type_='check')
    op.drop_column('ab_user', 'source')
