"""Indexes for the counts on the tabs of a list."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

from alembic import op

revision = '0010'
down_revision = '0009'
branch_labels = None
depends_on = None

COUNTED = (("legal_contract", "state"), ("key_person_file", "state"), ("supervision_item", "state"), ("briefing_issue", "kind"))


def upgrade() -> None:
    for table, column in COUNTED:
        op.create_index(f"ix_{table}_{column}_division_code", table, [column, "division_code"], unique=False)


def downgrade() -> None:
    for table, column in COUNTED:
        op.drop_index(f"ix_{table}_{column}_division_code", table)
