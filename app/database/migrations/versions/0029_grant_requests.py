"""Requests for grants that a second person agrees to."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

FUNCTIONS = ("pingan_second_person()", "pingan_grant_request()", "pingan_may_agree(int, int, int)", "pingan_holds_duty(int, text)",
             "pingan_risky_role(int)", "pingan_risky_right(int)", "pingan_risky_post(text, text)")


def upgrade() -> None:
    op.create_table(
        "grant_request",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("roles", postgresql.JSONB(), nullable=False),
        sa.Column("posts", postgresql.JSONB(), nullable=False),
        sa.Column("state", sa.String(9), server_default="waiting", nullable=False),
        sa.Column("requested_by", sa.Integer()),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by", sa.Integer()),
        sa.Column("decided_at", sa.DateTime(timezone=True)),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_grant_request_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_grant_request")),
        sa.CheckConstraint("state IN ('waiting', 'approved', 'refused', 'withdrawn')", name=op.f("ck_grant_request_state_known")),
        sa.CheckConstraint("state <> 'approved' OR (decided_by IS NOT NULL AND decided_by <> user_id AND decided_by IS DISTINCT FROM requested_by)",
                           name=op.f("ck_grant_request_two_people")),
    )
    op.create_index(op.f("ix_grant_request_user_id"), "grant_request", ["user_id"])
    op.create_index("ix_grant_request_waiting", "grant_request", ["expires_at"], postgresql_where=sa.text("state = 'waiting'"))


def downgrade() -> None:
    for table in ("ab_user_role", "ab_user_group", "ab_group_role", "ab_permission_view_role", "post"):
        op.execute(f"DROP TRIGGER IF EXISTS pingan_second_person ON {table}")
    op.drop_table("grant_request")
    for name in FUNCTIONS:
        op.execute(f"DROP FUNCTION IF EXISTS {name}")
