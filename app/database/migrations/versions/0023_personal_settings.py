"""Settings that people make for themselves."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

CHECKS = {"density_known": "density IN ('', 'dense', 'airy')", "page_size_known": "page_size IN (20, 50, 100)",
          "language_known": "language IN ('', 'zh', 'en')"}


def upgrade() -> None:
    op.add_column("ab_user", sa.Column("density", sa.String(5), server_default="", nullable=False))
    op.add_column("ab_user", sa.Column("page_size", sa.Integer(), server_default="20", nullable=False))
    op.add_column("ab_user", sa.Column("shows_tabs", sa.Boolean(), server_default="true", nullable=False))
    op.add_column("ab_user", sa.Column("language", sa.String(2), server_default="", nullable=False))
    for name, rule in CHECKS.items():
        op.create_check_constraint(op.f(f"ck_ab_user_{name}"), "ab_user", rule)


def downgrade() -> None:
    for column in ("density", "page_size", "shows_tabs", "language"):
        op.drop_column("ab_user", column)
