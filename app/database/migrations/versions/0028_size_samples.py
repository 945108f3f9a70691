"""The size of the database day by day."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "size_sample", sa.Column("day", sa.Date(), nullable=False), sa.Column("bytes", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("day", name=op.f("pk_size_sample")),
    )


def downgrade() -> None:
    op.drop_table("size_sample")
