"""The county's own fields and dictionaries."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

REGISTERS = (
    "governance_centre", "centre_member", "centre_room", "centre_post", "centre_staff", "checklist_item", "assessment_answer",
    "centre_assessment", "checklist_template", "annual_indicator", "supervision_item", "law_firm", "legal_contract", "lawyer", "division",
    "unit", "briefing_issue", "key_person_visit", "key_person_deletion", "key_person_file")
OWN = ("dictionary", "dictionary_entry", "custom_field")


def upgrade() -> None:
    op.create_table(
        "dictionary",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("shipped", sa.Boolean(), server_default="false", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary")),
        sa.UniqueConstraint("name", name=op.f("uq_dictionary_name")),
    )
    op.create_table(
        "dictionary_entry",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("dictionary_id", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(40), nullable=False),
        sa.Column("label", sa.String(60), nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("valid_from", sa.Date()),
        sa.Column("valid_to", sa.Date()),
        sa.Column("merged_into", sa.String(40)),
        sa.ForeignKeyConstraint(["dictionary_id"], ["dictionary.id"], name=op.f("fk_dictionary_entry_dictionary_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_dictionary_entry")),
        sa.UniqueConstraint("dictionary_id", "code", name="uq_dictionary_entry_code"),
    )
    op.create_table(
        "custom_field",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("register", sa.String(60), nullable=False),
        sa.Column("name", sa.String(40), nullable=False),
        sa.Column("label", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("help", sa.String(200), server_default="", nullable=False),
        sa.Column("heading", sa.String(40), server_default="", nullable=False),
        sa.Column("unit", sa.String(10), server_default="", nullable=False),
        sa.Column("position", sa.Integer(), server_default="0", nullable=False),
        sa.Column("length", sa.Integer()),
        sa.Column("required", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("filtered", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("dictionary_id", sa.BigInteger()),
        sa.Column("shown_when", postgresql.JSONB()),
        sa.Column("see_roles", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("edit_roles", postgresql.JSONB(), server_default=sa.text("'[]'::jsonb"), nullable=False),
        sa.Column("retired_at", sa.DateTime(timezone=True)),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["dictionary_id"], ["dictionary.id"], name=op.f("fk_custom_field_dictionary_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_custom_field")),
        sa.UniqueConstraint("register", "name", name="uq_custom_field_name"),
    )
    op.create_index("ix_custom_field_label", "custom_field", ["register", "label"], unique=True, postgresql_where=sa.text("retired_at IS NULL"))
    for table in REGISTERS:
        # A constant default is written into no row, so this holds no lock for long.
        op.add_column(table, sa.Column("extra", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False))
    for table in OWN:
        # The stamp that every request reads anyway tells all processes that something is to be read anew.
        op.execute(f"CREATE TRIGGER pingan_rights_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON {table} "
                   "FOR EACH STATEMENT EXECUTE FUNCTION pingan_rights_stamp()")


def downgrade() -> None:
    for table in REGISTERS:
        op.execute(f"DROP TRIGGER IF EXISTS pingan_own_fields ON {table}")
        op.drop_column(table, "extra")
    op.execute("DROP FUNCTION IF EXISTS pingan_own_fields()")
    op.execute("DROP FUNCTION IF EXISTS pingan_own_typed(custom_field, jsonb)")
    for table in reversed(OWN):
        op.drop_table(table)
