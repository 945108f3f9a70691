"""Columns that are asked only sometimes: how a contract ended early, another use of a room, another kind of help."""
# Rows of older releases may lack what is needed now; NOT VALID leaves them as they are until somebody changes them.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

TERMINATED = "coalesce(state IN ('terminated'), false)"
OTHER = "coalesce(kind IN ('other'), false)"
COLUMNS = (
    ("legal_contract", "ended_early_on", sa.Date(), TERMINATED), ("legal_contract", "ended_early_because", sa.String(200), TERMINATED),
    ("centre_room", "other_use", sa.String(60), OTHER), ("key_person_visit", "other_help", sa.String(60), OTHER),
)


def _check(table: str, name: str, rule: str) -> None:
    op.execute(f"ALTER TABLE {table} ADD CONSTRAINT ck_{table}_{name} CHECK ({rule}) NOT VALID")


def upgrade() -> None:
    for table, name, kind, asked in COLUMNS:
        op.add_column(table, sa.Column(name, kind, nullable=True))
        _check(table, f"{name}_only_when", f"{name} IS NULL OR {asked}")
        _check(table, f"{name}_when_needed", f"{name} IS NOT NULL OR NOT {asked}")
    _check("legal_contract", "ended_within_term", "ended_early_on BETWEEN starts_on AND ends_on")


def downgrade() -> None:
    op.drop_constraint("ck_legal_contract_ended_within_term", "legal_contract")
    for table, name, _kind, _asked in COLUMNS:
        op.drop_column(table, name)
