"""Half-month returns of the reporting units."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

FIGURES = ("disputes_found", "disputes_settled", "hazards_found", "hazards_fixed", "appeals_received", "appeals_answered")
ASKED = (*FIGURES, "analysis")
SENT = "state IN ('waiting', 'returned') OR kind = 'zero'"
CHECKS = {
    "month_by_first_day": "extract(day FROM month) = 1",
    "figures_complete": f"{SENT} OR num_nulls({', '.join(FIGURES)}) = 0",
    "nothing_is_zero_report": f"{SENT} OR {' + '.join(FIGURES)} > 0",
    "sent_has_day": "state IN ('waiting', 'returned') OR submitted_on IS NOT NULL",
    "half_known": "half IN ('a', 'b')",
    "kind_known": "kind IN ('figures', 'zero')",
    "state_known": "state IN ('waiting', 'submitted', 'returned', 'approved')",
    **{f"{name}_not_negative": f"{name} >= 0" for name in FIGURES},
    **{f"{name}_only_when": f"{name} IS NULL OR coalesce(kind IN ('figures'), false)" for name in ASKED},
}
TABLE = "half_month_return"


def upgrade() -> None:
    op.create_table(
        TABLE,
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("unit_id", sa.BigInteger(), nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("half", sa.String(40), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        *(sa.Column(name, sa.Integer()) for name in FIGURES),
        sa.Column("analysis", sa.Text()),
        sa.Column("reporter", sa.String(50)),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("submitted_on", sa.Date()),
        sa.Column("late", sa.Boolean(), sa.Computed("coalesce(submitted_on > due_on, false)", persisted=True)),
        sa.Column("urged_on", sa.Date()),
        sa.Column("approved_on", sa.Date()),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Integer()),
        sa.Column("updated_by", sa.Integer()),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("extra", postgresql.JSONB(), server_default=sa.text("'{}'::jsonb"), nullable=False),
        sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f("fk_half_month_return_unit_id"), ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["division_code"], ["division.code"], name=op.f("fk_half_month_return_division_code"), onupdate="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_half_month_return")),
        sa.UniqueConstraint("unit_id", "month", "half", name="uq_half_month_return_unit_once"),
        sa.UniqueConstraint("uid", name=op.f("uq_half_month_return_uid")),
        *(sa.CheckConstraint(sql, name=op.f(f"ck_half_month_return_{name}")) for name, sql in CHECKS.items()),
    )
    for column in ("unit_id", "division_code"):
        op.create_index(op.f(f"ix_half_month_return_{column}"), TABLE, [column])
    op.create_index(op.f("ix_half_month_return_state_division_code"), TABLE, ["state", "division_code"])
    op.create_index(op.f("ix_half_month_return_state_due_on_division_code"), TABLE, ["state", "due_on", "division_code"])
    op.create_index(op.f("ix_half_month_return_month_half"), TABLE, ["month", "half"])


def downgrade() -> None:
    op.drop_table(TABLE)
