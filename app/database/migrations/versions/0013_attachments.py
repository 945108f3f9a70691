"""Attachments of records."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("register", sa.String(60), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("kind", sa.String(10), server_default="other", nullable=False),
        sa.Column("name", sa.String(160), nullable=False),
        sa.Column("type", sa.String(10), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(64), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.CheckConstraint("kind IN ('before', 'after', 'other')", name=op.f("ck_attachment_kind")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attachment")),
    )
    op.create_index("ix_attachment_register_row_id", "attachment", ["register", "row_id"])
    op.create_index(op.f("ix_attachment_division_code"), "attachment", ["division_code"])
    op.create_index(op.f("ix_attachment_sha256"), "attachment", ["sha256"])


def downgrade() -> None:
    op.drop_table("attachment")
