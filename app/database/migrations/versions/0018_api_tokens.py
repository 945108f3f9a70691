"""Access tokens, and accounts of other systems."""
from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

END = """
CREATE FUNCTION pingan_tokens_end() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$
BEGIN
  UPDATE api_token SET revoked_at = now() WHERE user_id = NEW.id AND revoked_at IS NULL;
  RETURN NULL;
END $body$
"""


def _sources(*known: str) -> None:
    op.drop_constraint(op.f("ck_ab_user_source_known"), "ab_user", type_="check")
    op.create_check_constraint(op.f("ck_ab_user_source_known"), "ab_user", f"source IN ({', '.join(repr(each) for each in known)})")


def upgrade() -> None:
    op.create_table(
        "api_token",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(80), nullable=False),
        sa.Column("prefix", sa.String(16), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("registers", postgresql.JSONB(), nullable=False),
        sa.Column("verbs", postgresql.JSONB(), nullable=False),
        sa.Column("within", sa.Text(collation="C")),
        sa.Column("created_by", sa.Integer()),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True)),
        sa.Column("used_at", sa.DateTime(timezone=True)),
        sa.Column("used_from", sa.String(64), server_default="", nullable=False),
        sa.Column("minute", sa.DateTime(timezone=True)),
        sa.Column("hits", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["ab_user.id"], name=op.f("fk_api_token_user_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_api_token")),
        sa.UniqueConstraint("digest", name="uq_api_token_digest"),
    )
    op.create_index(op.f("ix_api_token_user_id"), "api_token", ["user_id"])
    op.execute(END)
    op.execute("CREATE TRIGGER pingan_tokens_end AFTER UPDATE OF active ON ab_user FOR EACH ROW "
               "WHEN (OLD.active IS TRUE AND NEW.active IS NOT TRUE) EXECUTE FUNCTION pingan_tokens_end()")
    _sources("local", "ldap", "oidc", "system")


def downgrade() -> None:
    op.execute("UPDATE ab_user SET active = false, source = 'local' WHERE source = 'system'")
    _sources("local", "ldap", "oidc")
    op.execute("DROP TRIGGER pingan_tokens_end ON ab_user")
    op.execute("DROP FUNCTION pingan_tokens_end()")
    op.drop_table("api_token")
