"""Deletion certificates of key-person files."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
GROUPS = "'community_correction', 'resettlement', 'drug_recovery', 'mental_health', 'children', 'elderly', 'disabled'"


def upgrade() -> None:
    op.create_table(
        "key_person_deletion",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("number", sa.String(30), nullable=False),
        sa.Column("statutory_group", sa.String(40), nullable=False),
        sa.Column("legal_basis", sa.String(200), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("retention_until", sa.Date(), nullable=False),
        sa.Column("visits", sa.Integer(), nullable=False),
        sa.Column("deleted_on", sa.Date(), nullable=False),
        sa.Column("deleted_by", sa.String(120), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.Column("updated_by", sa.Integer()),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("deleted_on > retention_until", name=op.f("ck_key_person_deletion_deleted_after_keeping")),
        sa.CheckConstraint(f"statutory_group IN ({GROUPS})", name=op.f("ck_key_person_deletion_statutory_group_known")),
        sa.ForeignKeyConstraint(["division_code"], ["division.code"], name=op.f("fk_key_person_deletion_division_code"), onupdate="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_key_person_deletion")),
        sa.UniqueConstraint("division_code", "number", name="uq_key_person_deletion_number_once"),
        sa.UniqueConstraint("uid", name=op.f("uq_key_person_deletion_uid")),
    )
    op.create_index(op.f("ix_key_person_deletion_division_code"), "key_person_deletion", ["division_code"])


def downgrade() -> None:
    op.drop_table("key_person_deletion")
