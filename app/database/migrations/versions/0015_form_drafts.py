"""Drafts of forms."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("register", sa.String(60), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("given", sa.String(300), server_default="", nullable=False),
        sa.Column("values", postgresql.JSONB(), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_form_draft_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        sa.UniqueConstraint("user_id", "register", "row_id", "given", name="uq_form_draft_once"),
    )
    op.create_index(op.f("ix_form_draft_updated_at"), "form_draft", ["updated_at"])


def downgrade() -> None:
    op.drop_table("form_draft")
