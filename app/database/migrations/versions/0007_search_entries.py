"""Entries of the search, their index, and the initials of Chinese characters."""
# A migration must not hold a lock for long: on a table in use, add columns as nullable or with a constant default.
from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = '0007'
down_revision = '0006'
branch_labels = None
depends_on = None

FIRST, LAST = 0x3400, 0x9FFF

# The index is built on these two, so they never change: a new form needs a new name and a new index.
# The first has no search path of its own, for such a function is called for each row instead of becoming part of the statement.
FOLD = """
CREATE FUNCTION pingan_fold(said text) RETURNS text LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
AS $body$ SELECT lower(normalize(said, NFKC)) $body$
"""
GRAMS = """
CREATE FUNCTION pingan_grams(said text) RETURNS text[] LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 10000
SET search_path = pg_catalog, pg_temp AS $body$
BEGIN
  RETURN ARRAY(SELECT DISTINCT substr(said, place, many) FROM generate_series(1, length(said)) AS place, generate_series(1, 2) AS many
    WHERE substr(said, place, many) !~ '[[:cntrl:][:space:]]');
END $body$
"""


def upgrade() -> None:
    op.execute(FOLD)
    op.execute(GRAMS)
    op.create_table('search_entry',
    sa.Column('row_id', sa.BigInteger(), autoincrement=False, nullable=False),
    sa.Column('register', sa.Text(), nullable=False),
    sa.Column('scope_code', sa.Text(collation='C'), nullable=False),
    sa.Column('title', sa.ARRAY(sa.Text()), nullable=False),
    sa.Column('words', sa.Text(), nullable=False),
    sa.Column('initials', sa.Text(), server_default='', nullable=False),
    sa.PrimaryKeyConstraint('row_id', 'register', name=op.f('pk_search_entry'))
    )
    op.execute("CREATE INDEX ix_search_entry_grams ON search_entry USING gin (pingan_grams(words || chr(31) || initials))")
    op.create_table('search_source',
    sa.Column('register', sa.Text(), nullable=False),
    sa.Column('fingerprint', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('register', name=op.f('pk_search_source'))
    )
    pinyin = op.create_table('pinyin_initial',
    sa.Column('sign', sa.Text(collation='C'), nullable=False),
    sa.Column('initials', sa.Text(), nullable=False),
    sa.PrimaryKeyConstraint('sign', name=op.f('pk_pinyin_initial'))
    )
    op.bulk_insert(pinyin, list(_initials()))


def _initials():
    """Each character with the first letter of its usual reading and, if there is one, of the next."""
    from pypinyin import Style, pinyin

    for sign in map(chr, range(FIRST, LAST + 1)):
        letters = [r for r in pinyin(sign, style=Style.FIRST_LETTER, heteronym=True)[0] if r.isascii() and r.isalpha()]
        if letters:
            yield {"sign": sign, "initials": "".join(letters[:2]).lower()}


def downgrade() -> None:
    op.drop_table('pinyin_initial')
    op.drop_table('search_source')
    op.drop_table('search_entry')
    op.execute("DROP FUNCTION pingan_grams(text)")
    op.execute("DROP FUNCTION pingan_fold(text)")
