"""Keys of forms, so that a form is saved once."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_key",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(64), nullable=False),
        sa.Column("register", sa.String(60), nullable=False),
        sa.Column("row_id", sa.BigInteger()),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_form_key_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_key")),
        sa.UniqueConstraint("user_id", "key", name="uq_form_key_once"),
    )
    op.create_index(op.f("ix_form_key_at"), "form_key", ["at"])


def downgrade() -> None:
    op.drop_table("form_key")
