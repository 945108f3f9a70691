"""The recycle bin."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "deleted_record",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("register", sa.String(60), nullable=False),
        sa.Column("row_id", sa.BigInteger(), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("title", sa.Text(), server_default="", nullable=False),
        sa.Column("user_id", sa.Integer()),
        sa.Column("actor", sa.String(120), server_default="", nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("image", postgresql.JSONB(), nullable=False),
        sa.Column("parts", postgresql.JSONB(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deleted_record")),
    )
    for column in ("register", "division_code", "at"):
        op.create_index(op.f(f"ix_deleted_record_{column}"), "deleted_record", [column])


def downgrade() -> None:
    for table in _tables_with_bin():
        op.execute(f"DROP TRIGGER IF EXISTS pingan_bin ON {table}")
    op.execute("DROP FUNCTION IF EXISTS pingan_bin()")
    op.drop_table("deleted_record")


def _tables_with_bin() -> list[str]:
    found = op.get_bind().execute(sa.text("SELECT DISTINCT event_object_table FROM information_schema.triggers WHERE trigger_name = 'pingan_bin'"))
    return [row[0] for row in found]
