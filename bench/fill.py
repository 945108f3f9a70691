"""The rows that all three hold (测速数据): contracts with Chinese names, the same in each database."""
from __future__ import annotations

KINDS = "人民政府,司法所,派出所,卫生院,中心小学,供销合作社,水利站,农业服务中心,应急管理站,财政所,文化站,便民服务大厅,调解委员会,法律服务站,老年大学"
PARTS = "第一,第二,第三,东区,西区,南区,北区,新区"
OFFICES = "办公室,工作组,业务科,综合科,服务队"
STATES = "active,active,active,active,active,active,active,ended,terminated,draft"


def _pick(words: str, factor: int) -> str:
    many = len(words.split(","))
    return f"(string_to_array('{words}', ','))[1 + (n * {factor}) % {many}]"


CLIENT = f"d.name || {_pick(KINDS, 7)} || {_pick(PARTS, 13)} || {_pick(OFFICES, 17)}"
COMMON = f"""'HT-2026-' || lpad(n::text, 6, '0'), {CLIENT},
  (SELECT array_agg(id ORDER BY id) FROM law_firm)[1 + n % 6], (SELECT array_agg(id ORDER BY id) FROM lawyer)[1 + n % 6],
  date '2026-01-01' + n % 365, date '2027-01-01' + n % 365, 5000 + n % 40 * 1000, {_pick(STATES, 1)}"""  # noqa: S608
PLACES = """FROM generate_series(1, {many}) AS n JOIN (SELECT code, name, row_number() OVER (ORDER BY code) - 1 AS place,
  count(*) OVER () AS places FROM division WHERE code ~ '^[0-9]{{9,12}}$') AS d ON d.place = n % d.places ORDER BY n"""
EARLY = f"""CASE WHEN {_pick(STATES, 1)} = 'terminated' THEN date '2026-04-01' + n % 365 END,
  CASE WHEN {_pick(STATES, 1)} = 'terminated' THEN '协商终止' END"""
COLUMNS = "number, client, firm_id, lawyer_id, starts_on, ends_on, fee, state"


def ours(many: int) -> list[str]:
    """Into the console's own table; the entries of the search are made at once instead of row by row."""
    return [
        "ALTER TABLE legal_contract DISABLE TRIGGER USER", "DELETE FROM legal_contract WHERE number LIKE 'HT-2026-%'",
        f"INSERT INTO legal_contract (division_code, {COLUMNS}, ended_early_on, ended_early_because) "
        f"SELECT d.code, {COMMON}, {EARLY} {PLACES.format(many=many)}",
        "ALTER TABLE legal_contract ENABLE TRIGGER USER", "DELETE FROM search_source WHERE register = 'legal_contracts'",
    ]


def copies(divisions: list[tuple[str, str]], firms: list[str], lawyers: list[str], many: int) -> list[tuple[str, list[object]]]:
    """Into the tables of a rival, whose few other rows come from the console's."""
    made: list[tuple[str, list[object]]] = []
    for table, names in (("law_firm", firms), ("lawyer", lawyers)):
        made.append((f"INSERT INTO {table} (name) SELECT unnest(%s::text[])", [names]))
    made.append(("CREATE TEMP TABLE division AS SELECT unnest(%s::text[]) AS code, unnest(%s::text[]) AS name",
                 [[code for code, _name in divisions], [name for _code, name in divisions]]))
    made.append((f"INSERT INTO legal_contract (division, {COLUMNS}) SELECT d.name, {COMMON} {PLACES.format(many=many)}", []))
    return made
