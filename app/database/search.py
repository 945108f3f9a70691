"""Search entries (检索条目): one row for each row of a register, kept by triggers, read by two functions that hold the row rule.

Under row security PostgreSQL uses an index only for operators that can leak nothing; neither LIKE nor the operators of arrays are
such. So the application's role has no right on this table at all: it asks functions of the owner, which look into the index of
single and paired characters and answer within the caller's scope alone, as the settings of the transaction say it.
"""
from __future__ import annotations

import hashlib
from collections.abc import Iterator

from sqlalchemy import ARRAY, BigInteger, Connection, Index, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from app.core.base import Base
from app.core.register import Register, registers

SEEN = 10_000
"""Rows a search looks at before it calls a word too common."""
WORDED = ("text", "number", "phone", "note")


class SearchEntry(Base):
    """What can be found of one row: its title, its words folded to one form, and the initials of its title.

    Only the functions below read it, so it has no row rule for the application's role, which may not touch it.
    """

    __tablename__ = "search_entry"
    __table_args__ = (
        Index("ix_search_entry_grams", text("pingan_grams((words || chr(31)) || initials)"), postgresql_using="gin"),)

    # The number first: an index that began with the register would be taken for every row of it.
    row_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    register: Mapped[str] = mapped_column(Text, primary_key=True)
    scope_code: Mapped[str] = mapped_column(Text(collation="C"))
    title: Mapped[list[str]] = mapped_column(ARRAY(Text))
    words: Mapped[str] = mapped_column(Text)
    initials: Mapped[str] = mapped_column(Text, default="", server_default="")


class SearchSource(Base):
    """From which columns the entries of a register were made."""

    __tablename__ = "search_source"

    register: Mapped[str] = mapped_column(Text, primary_key=True)
    fingerprint: Mapped[str] = mapped_column(Text)


class PinyinInitial(Base):
    """The first letters of a character's readings, the usual one first (拼音首字母)."""

    __tablename__ = "pinyin_initial"

    sign: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    initials: Mapped[str] = mapped_column(Text)


INITIALS = """
CREATE OR REPLACE FUNCTION pingan_initials(said text) RETURNS text LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $body$
DECLARE
  letters text;
  usual text := '';
  other text := '';
BEGIN
  FOR place IN 1 .. length(said) LOOP
    SELECT p.initials INTO letters FROM pinyin_initial p WHERE p.sign = substr(said, place, 1);
    IF FOUND THEN
      usual := usual || left(letters, 1);
      other := other || right(letters, 1);
    END IF;
  END LOOP;
  RETURN usual || CASE WHEN other <> usual THEN chr(31) || other ELSE '' END;
END $body$
"""
ENTRY = """
CREATE OR REPLACE FUNCTION pingan_entry(kept jsonb, arguments text[]) RETURNS search_entry LANGUAGE sql STABLE
SET search_path = public, pg_temp AS $body$
  SELECT (kept ->> 'id')::bigint, arguments[1], kept ->> arguments[2],
    ARRAY(SELECT coalesce(kept ->> name, '') FROM unnest(string_to_array(arguments[3], ',')) AS name),
    coalesce((SELECT pingan_fold(string_agg(kept ->> name, chr(31))) FROM unnest(string_to_array(arguments[4], ',')) AS name), ''),
    coalesce((SELECT string_agg(pingan_initials(coalesce(kept ->> name, '')), chr(31)) FROM unnest(string_to_array(arguments[5], ',')) AS name), '')
$body$
"""
TRIGGER = """
CREATE OR REPLACE FUNCTION pingan_search_entry() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $body$
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM search_entry WHERE row_id = OLD.id AND register = TG_ARGV[0];
  ELSE
    INSERT INTO search_entry AS e
    SELECT * FROM pingan_entry(to_jsonb(NEW), ARRAY[TG_ARGV[0], TG_ARGV[1], TG_ARGV[2], TG_ARGV[3], TG_ARGV[4]])
    ON CONFLICT (row_id, register) DO UPDATE
      SET scope_code = excluded.scope_code, title = excluded.title, words = excluded.words, initials = excluded.initials
      WHERE (e.scope_code, e.title, e.words, e.initials)
        IS DISTINCT FROM (excluded.scope_code, excluded.title, excluded.words, excluded.initials);
  END IF;
  RETURN NULL;
END $body$
"""
WORDS = """
CREATE OR REPLACE FUNCTION pingan_said(said text, OUT words text[], OUT grams text[]) LANGUAGE sql IMMUTABLE
SET search_path = public, pg_temp AS $body$
  WITH w AS (SELECT DISTINCT word FROM regexp_split_to_table(pingan_fold(left(said, 100)), '[[:cntrl:][:space:]]+') AS word WHERE word <> '')
  SELECT coalesce(array_agg(word), '{}'),
    ARRAY(SELECT DISTINCT substr(word, place, least(2, length(word))) FROM w, generate_series(1, greatest(1, length(word) - 1)) AS place)
  FROM w
$body$
"""
# Only the index of grams can answer; the planner must not weigh it against reading every row.
PLAN = ("SET search_path = public, pg_temp SET enable_seqscan = off SET max_parallel_workers_per_gather = 0 SET work_mem = '32MB' "
        "SET plan_cache_mode = force_custom_plan")
FIND = """
CREATE OR REPLACE FUNCTION pingan_find(wanted text, said text, most int, by_initials boolean) RETURNS bigint[]
LANGUAGE plpgsql STABLE SECURITY DEFINER {plan} AS $body$
DECLARE
  asked record := pingan_said(said);
  found bigint[];
BEGIN
  IF cardinality(asked.words) = 0 THEN RETURN '{{}}'; END IF;
  found := ARRAY(SELECT e.row_id FROM search_entry e
    WHERE pingan_grams(e.words || chr(31) || e.initials) @> asked.grams AND e.register || '' = wanted AND ({scope})
      AND NOT EXISTS (SELECT FROM unnest(asked.words) AS word
        WHERE strpos(e.words, word) = 0 AND NOT (by_initials AND strpos(e.initials, word) > 0))
    LIMIT least(most, {seen}) + 1);
  RETURN CASE WHEN cardinality(found) <= least(most, {seen}) THEN found END;
END $body$
"""
SEARCH = """
CREATE OR REPLACE FUNCTION pingan_search(wanted text[], said text, each int)
RETURNS TABLE (register text, row_id bigint, title text[]) LANGUAGE plpgsql STABLE SECURITY DEFINER {plan} AS $body$
DECLARE
  asked record := pingan_said(said);
BEGIN
  IF cardinality(asked.words) = 0 THEN RETURN; END IF;
  RETURN QUERY SELECT r.register, r.row_id, r.title FROM (
    SELECT c.register, c.row_id, c.title, row_number() OVER (
      PARTITION BY c.register ORDER BY strpos(c.words, asked.words[1]) = 1 DESC, c.row_id DESC) AS place
    FROM (SELECT e.* FROM search_entry e
      WHERE pingan_grams(e.words || chr(31) || e.initials) @> asked.grams AND e.register || '' = ANY (wanted) AND ({scope})
        AND NOT EXISTS (SELECT FROM unnest(asked.words) AS word WHERE strpos(e.words, word) = 0 AND strpos(e.initials, word) = 0)
      LIMIT {seen}) AS c) AS r
  WHERE r.place <= least(each, 20) ORDER BY r.register, r.place;
END $body$
"""


def _scope(in_scope: str, above_scope: str) -> str:
    shared = ", ".join(f"'{register.name}'" for register in registers() if register.shared)
    return f"{in_scope} OR (e.register IN ({shared}) AND ({above_scope}))" if shared else in_scope


def functions(role: str, in_scope: str, above_scope: str) -> Iterator[str]:
    """The functions, with the row rule in them, and who may call them."""
    scope = _scope(in_scope, above_scope)
    yield from (INITIALS, ENTRY, TRIGGER, WORDS, FIND.format(plan=PLAN, scope=scope, seen=SEEN), SEARCH.format(plan=PLAN, scope=scope, seen=SEEN))
    # Lists of what is no register, such as accounts, ask for initials too; the table of signs stays shut.
    yield "ALTER FUNCTION pingan_initials(text) SECURITY DEFINER"
    for table in ("search_entry", "search_source", "pinyin_initial"):
        yield f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY"
        yield f"REVOKE ALL ON {table} FROM {role}"
    for name in ("pingan_find(text, text, int, boolean)", "pingan_search(text[], text, int)"):
        yield f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC"
        yield f"GRANT EXECUTE ON FUNCTION {name} TO {role}"


def arguments(register: Register) -> list[str]:
    """What the trigger is told: the register, its scope column, and the columns of title, words and initials."""
    open_ = [n for n in (*register.title, *register.searched) if n not in register.sealed]
    words = [n for n in dict.fromkeys(open_) if register.declared.columns[n].info["kind"] in WORDED]
    initials = [] if register.sensitive else [n for n in words if n in register.title]
    title = [n for n in register.title if n not in register.sealed]
    return [register.name, register.scope_column, ",".join(title), ",".join(words), ",".join(initials)]


def triggers(register: Register) -> Iterator[str]:
    """What keeps a register's entries."""
    table, said = register.table.name, ", ".join(f"'{each}'" for each in arguments(register))
    yield f"DROP TRIGGER IF EXISTS pingan_search ON {table}"
    yield f"CREATE TRIGGER pingan_search AFTER INSERT OR UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION pingan_search_entry({said})"


def rebuild(connection: Connection) -> None:
    """Make the entries anew of every register whose columns for them have changed, and forget those of registers that are gone."""
    known = dict(connection.execute(text("SELECT register, fingerprint FROM search_source")).all())
    for register in registers():
        told = arguments(register)
        wanted = hashlib.sha256("\x1f".join((*told, ENTRY, INITIALS)).encode()).hexdigest()
        if known.pop(register.name, None) != wanted:
            _fill(connection, register, told, wanted)
    for gone in known:
        connection.execute(text("DELETE FROM search_entry WHERE register = :name"), {"name": gone})
        connection.execute(text("DELETE FROM search_source WHERE register = :name"), {"name": gone})


def _fill(connection: Connection, register: Register, told: list[str], wanted: str) -> None:
    # Whoever writes meanwhile waits: a row between the reading and the trigger would be missing from the search.
    connection.execute(text(f"LOCK TABLE {register.table.name} IN SHARE ROW EXCLUSIVE MODE"))
    connection.execute(text("DELETE FROM search_entry WHERE register = :name"), {"name": register.name})
    connection.execute(text(f"INSERT INTO search_entry SELECT e.* FROM {register.table.name} AS t, "  # noqa: S608
                            "LATERAL pingan_entry(to_jsonb(t), CAST(:told AS text[])) AS e"), {"told": told})
    connection.execute(text("INSERT INTO search_source VALUES (:name, :wanted) ON CONFLICT (register) DO UPDATE "
                            "SET fingerprint = excluded.fingerprint"), {"name": register.name, "wanted": wanted})
