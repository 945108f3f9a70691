"""The county's own appearance."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "appearance",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("county_name", sa.String(30)),
        sa.Column("accent", sa.String(7)),
        sa.Column("notice", sa.String(200)),
        sa.Column("footer", sa.String(200)),
        sa.Column("emblem", sa.LargeBinary()),
        sa.Column("emblem_type", sa.String(20)),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_appearance_one_row")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appearance")),
    )
    # The stamp that every request reads anyway tells all processes that something is to be read anew.
    op.execute("CREATE TRIGGER pingan_rights_stamp AFTER INSERT OR UPDATE OR DELETE OR TRUNCATE ON appearance "
               "FOR EACH STATEMENT EXECUTE FUNCTION pingan_rights_stamp()")


def downgrade() -> None:
    op.drop_table("appearance")
