"""Layouts of forms and lists, and by which note a merge of two values can be taken back."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "form_layout",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("register", sa.String(60), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("said", postgresql.JSONB(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("actor", sa.String(120), server_default="", nullable=False),
        sa.Column("note", sa.String(120), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_layout")),
        sa.UniqueConstraint("register", "number", name="uq_form_layout_number"),
    )
    op.execute("CREATE TRIGGER pingan_rights_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON form_layout "
               "FOR EACH STATEMENT EXECUTE FUNCTION pingan_rights_stamp()")
    op.add_column("dictionary_entry", sa.Column("merge_note", sa.String(200)))


def downgrade() -> None:
    op.drop_column("dictionary_entry", "merge_note")
    op.drop_table("form_layout")
