"""The two papers put together (简报成稿): figures in the form that their schemas ask for."""
from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from app.areas.briefings import figures
from app.areas.divisions.calendar import CHINA
from app.areas.divisions.divisions import Division, DivisionKind
from app.core.period import HalfMonth

COPIES = {"county": 60, "town": 20}
MOST = 3


def _issuer(division: Division) -> str:
    county = division.kind is DivisionKind.county
    return f"中共{division.name}委政法委员会" if county else f"{division.name}社会治安综合治理中心"


def _span(period: HalfMonth) -> str:
    return f"{period.start.month}月{period.start.day}日至{period.end.day}日"


def _head(division: Division, period: HalfMonth, numbers: tuple[int, int], issued_on: date, kind: str) -> dict[str, Any]:
    return {
        "number": numbers[0], "total_number": numbers[1], "issuer": _issuer(division), "issued_on": issued_on.isoformat(),
        # The moment belongs to the data: the same figures give the same bytes.
        "created": datetime.combine(issued_on, time(8), CHINA).isoformat(), "cut_off": period.end.isoformat(), "copies": COPIES[kind],
        "columns": [{"key": key, "label": label} for key, label in figures.COLUMNS],
        "overdue": figures.overdue(period.end, division.code), "contracts": figures.ending(period.end, division.code),
        "persons": figures.persons(division.code),
    }


def _tables(period: HalfMonth) -> tuple[list[dict[str, Any]], str, list[dict[str, Any]]]:
    """Each town with its figures, the quarter of the assessments, and the ranking."""
    towns, counted = figures.towns(), figures.counts(period)
    quarter, scores = figures.six_in_place(period.end)
    rows = []
    for town in towns:
        cells: dict[str, Any] = {key: counted[key].get(town.code, 0) for key, _label in figures.COLUMNS if key != "in_place"}
        cells["in_place"] = scores[town.code][0] if town.code in scores else None
        rows.append({"code": town.code, "name": town.name, "figures": cells})
    return rows, quarter, figures.ranking({town.code: town.name for town in towns}, scores)


def _totals(rows: list[dict[str, Any]]) -> dict[str, Any]:
    made: dict[str, Any] = {key: sum(row["figures"][key] for row in rows) for key, _l in figures.COLUMNS if key != "in_place"}
    known = [row["figures"]["in_place"] for row in rows if row["figures"]["in_place"] is not None]
    made["in_place"] = round(sum(known) / len(known), 1) if known else None
    return made


def _most(rows: list[dict[str, Any]], key: str) -> str:
    leading = sorted((row for row in rows if row["figures"][key]), key=lambda row: -row["figures"][key])[:MOST]
    return "、".join(row["name"] for row in leading) or "无"


def _change(words: str, now: int, before: int) -> str:
    if now == before:
        return f"{words}与上期持平"
    return f"{words}{'增加' if now > before else '减少'}{abs(now - before)}件"


def _summary(period: HalfMonth, totals: dict[str, Any]) -> list[str]:
    before = figures.counts(period.previous())
    names = {town.code for town in figures.towns()}
    past = {key: sum(n for code, n in before[key].items() if code in names) for key in ("opened", "closed", "overdue")}
    share = f"，占在办总数的{100 * totals['overdue'] / totals['open']:.1f}%" if totals["open"] else ""
    return [
        f"本期（{_span(period)}），全县各镇（街道）在册综治中心{totals['centres']}个、中心工作人员{totals['staff']}名。各镇（街道）新立项督查事项"
        f"{totals['opened']}件，销号{totals['closed']}件；截至期末在办{totals['open']}件，其中超期{totals['overdue']}件{share}。",
        "与上期相比，" + "，".join((
            _change("新立项事项", totals["opened"], past["opened"]), _change("销号事项", totals["closed"], past["closed"]),
            _change("超期事项", totals["overdue"], past["overdue"]))) + "。",
    ]


def county(division: Division, period: HalfMonth, numbers: tuple[int, int], issued_on: date) -> dict[str, Any]:
    """The county's half-monthly briefing (全县半月简报)."""
    rows, quarter, ranked = _tables(period)
    totals = _totals(rows)
    series = (("本期销号", "closed"), ("超期未销号", "overdue"))
    return _head(division, period, numbers, issued_on, "county") | {
        "title": f"{period.label}全县平安建设工作情况", "notice": "内部资料", "summary": _summary(period, totals),
        "towns_text": f"各镇（街道）在期法律顾问合同{totals['contracts']}份，未来60日内到期{totals['ending']}份。"
                      f"销号较多的是{_most(rows, 'closed')}；超期事项较多的是{_most(rows, 'overdue')}。",
        "quarter": quarter, "towns": rows, "totals": totals, "ranking": ranked,
        "chart": {"names": [row["name"] for row in rows], "series": [
            {"label": label, "values": [row["figures"][key] for row in rows]} for label, key in series]},
        "copies_to": [
            {"kind": "报", "names": "县委、县政府主要负责同志，市委政法委"}, {"kind": "送", "names": "县委政法委委员，县直各有关单位"},
            {"kind": "发", "names": "各镇（街道）、经济开发区"}],
    }


def town(division: Division, period: HalfMonth, numbers: tuple[int, int], issued_on: date) -> dict[str, Any]:
    """One town's briefing on one page (镇街道半月简报)."""
    rows, _quarter, _ranked = _tables(period)
    own = next(row["figures"] for row in rows if row["code"] == division.code)
    totals, place = _totals(rows), "街道" if division.kind is DivisionKind.subdistrict else "镇"
    average = {key: (value if key == "in_place" else round(value / len(rows), 1)) for key, value in totals.items()}
    return _head(division, period, numbers, issued_on, "town") | {
        "title": f"{division.name}{period.label}平安建设工作情况", "place": place, "figures": own, "average": average,
        "summary": [f"本期（{_span(period)}），全{place}在册综治中心{own['centres']}个、工作人员{own['staff']}名；新立项督查事项{own['opened']}件，"
                    f"销号{own['closed']}件；截至期末在办{own['open']}件，其中超期{own['overdue']}件。"],
    }
