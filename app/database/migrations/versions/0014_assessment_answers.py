"""Answers by line, which hold the six flags of an assessment."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

SIX = ("organisation", "personnel", "rules", "premises", "funding", "facilities")
FLAG = "CASE i.part " + " ".join(f"WHEN '{part}' THEN {{row}}.{part}" for part in SIX) + " END"
HEAD = "RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $body$"
FILL = ("INSERT INTO assessment_answer (division_code, assessment_id, item_id, in_place, created_by, updated_by) "  # noqa: S608 - nothing from outside
        "SELECT {row}.division_code, {row}.id, i.id, " + FLAG + ", {row}.created_by, {row}.updated_by FROM checklist_item i")

# From the assessment to its lines: only what people set themselves (depth 1), not what the lines have just said.
DOWN = f"""
CREATE FUNCTION pingan_assessment_lines() {HEAD}
BEGIN
  IF TG_OP = 'INSERT' OR NEW.template_id <> OLD.template_id THEN
    DELETE FROM assessment_answer WHERE assessment_id = NEW.id;
    {FILL.format(row="NEW")} WHERE i.template_id = NEW.template_id;
  ELSIF pg_trigger_depth() = 1 THEN
    UPDATE assessment_answer a SET division_code = NEW.division_code, row_version = a.row_version + 1, updated_at = now(),
        updated_by = NEW.updated_by, in_place = CASE WHEN f.now IS DISTINCT FROM f.was THEN f.now ELSE a.in_place END
      FROM (SELECT i.id, {FLAG.format(row="NEW")} AS now, {FLAG.format(row="OLD")} AS was FROM checklist_item i) f
      WHERE a.assessment_id = NEW.id AND f.id = a.item_id
        AND (a.division_code <> NEW.division_code OR (f.now IS DISTINCT FROM f.was AND a.in_place <> f.now));
  END IF;
  RETURN NULL;
END $body$
"""  # noqa: S608 - nothing from outside

# From a line to the flags: a part is in place when all its lines are; a part without lines keeps what people said.
SAID = ", ".join(f"coalesce(bool_and(l.in_place) FILTER (WHERE i.part = '{part}'), a.{part}) AS {part}" for part in SIX)
UP = f"""
CREATE FUNCTION pingan_assessment_flags() {HEAD}
BEGIN
  UPDATE centre_assessment c SET {", ".join(f"{part} = s.{part}" for part in SIX)}, row_version = c.row_version + 1, updated_at = now()
    FROM (SELECT {SAID} FROM centre_assessment a JOIN assessment_answer l ON l.assessment_id = a.id JOIN checklist_item i ON i.id = l.item_id
          WHERE a.id = coalesce(NEW.assessment_id, OLD.assessment_id) GROUP BY a.id) s
    WHERE c.id = coalesce(NEW.assessment_id, OLD.assessment_id)
      AND ({", ".join(f"c.{part}" for part in SIX)}) IS DISTINCT FROM ({", ".join(f"s.{part}" for part in SIX)});
  RETURN NULL;
END $body$
"""  # noqa: S608 - nothing from outside


def upgrade() -> None:
    op.create_table(
        "assessment_answer",
        sa.Column("id", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.Uuid(), server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("division_code", sa.Text(collation="C"), nullable=False),
        sa.Column("assessment_id", sa.BigInteger(), nullable=False),
        sa.Column("item_id", sa.BigInteger(), nullable=False),
        sa.Column("in_place", sa.Boolean(), server_default="false", nullable=False),
        sa.Column("remark", sa.String(length=300), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("updated_by", sa.Integer(), nullable=True),
        sa.Column("row_version", sa.Integer(), server_default="1", nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["centre_assessment.id"], name=op.f("fk_assessment_answer_assessment_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["division_code"], ["division.code"], name=op.f("fk_assessment_answer_division_code"), onupdate="CASCADE"),
        sa.ForeignKeyConstraint(["item_id"], ["checklist_item.id"], name=op.f("fk_assessment_answer_item_id"), ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_answer")),
        sa.UniqueConstraint("assessment_id", "item_id", name="uq_assessment_answer_item_once"),
        sa.UniqueConstraint("uid", name=op.f("uq_assessment_answer_uid")),
    )
    for column in ("assessment_id", "division_code", "item_id"):
        op.create_index(op.f(f"ix_assessment_answer_{column}"), "assessment_answer", [column], unique=False)
    # Assessments made before there were lines: each line says what its part says.
    op.execute(FILL.format(row="a") + " JOIN centre_assessment a ON a.template_id = i.template_id")
    op.execute(DOWN)
    op.execute(UP)
    op.execute("CREATE TRIGGER pingan_lines AFTER INSERT OR UPDATE ON centre_assessment FOR EACH ROW EXECUTE FUNCTION pingan_assessment_lines()")
    op.execute("CREATE TRIGGER pingan_flags AFTER INSERT OR UPDATE OF in_place, item_id OR DELETE ON assessment_answer "
               "FOR EACH ROW EXECUTE FUNCTION pingan_assessment_flags()")


def downgrade() -> None:
    op.execute("DROP TRIGGER pingan_lines ON centre_assessment")
    op.drop_table("assessment_answer")
    op.execute("DROP FUNCTION pingan_assessment_lines()")
    op.execute("DROP FUNCTION pingan_assessment_flags()")
