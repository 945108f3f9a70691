"""Indexes for the counts of what is due soon and overdue."""
from __future__ import annotations

from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

COUNTED = (("legal_contract", "ends_on"), ("key_person_file", "review_on"), ("supervision_item", "due_on"))


def upgrade() -> None:
    for table, column in COUNTED:
        op.create_index(f"ix_{table}_state_{column}_division_code", table, ["state", column, "division_code"])


def downgrade() -> None:
    for table, column in COUNTED:
        op.drop_index(f"ix_{table}_state_{column}_division_code", table)
