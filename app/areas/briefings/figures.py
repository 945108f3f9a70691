"""Figures of the briefings (简报数据): each indicator is one query over the county, grouped by town."""
from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select

from app.areas.centres.assessments import SIX, CentreAssessment
from app.areas.centres.centres import GovernanceCentre
from app.areas.centres.staff import CentreStaff
from app.areas.divisions.divisions import Division, DivisionKind
from app.areas.keypersons.files import FileState, KeyPersonFile
from app.areas.keypersons.groups import StatutoryGroup
from app.areas.legal.contracts import ContractState, LegalContract
from app.areas.legal.firms import LawFirm
from app.areas.supervision.items import SupervisionItem as Item
from app.core.period import HalfMonth
from app.database import db

TOWN = 9
ENDING = 60
"""Days within which the end of a contract is told."""
SMALL = 5
"""Counts of persons below this are not printed (domain rule: small numbers are suppressed)."""
ROWS = 8
"""Rows of a table of items or contracts in the county's paper; a town's paper must hold on one page."""
TOWN_ROWS = 2
TOWN_KINDS = (DivisionKind.town, DivisionKind.subdistrict)
COLUMNS = (
    ("centres", "综治中心"), ("staff", "中心人员"), ("in_place", "六个到位到位项"), ("contracts", "在期法律顾问合同"),
    ("ending", "60日内到期合同"), ("opened", "本期立项督查"), ("closed", "本期销号"), ("open", "在办督查"), ("overdue", "超期督查"),
)
PARTS = dict(zip(SIX, ("机构", "人员", "制度", "场所", "经费", "设施"), strict=True))
GROUPS = {
    StatutoryGroup.community_correction: "社区矫正对象", StatutoryGroup.resettlement: "刑满释放安置帮教对象",
    StatutoryGroup.drug_recovery: "社区戒毒、社区康复人员", StatutoryGroup.mental_health: "严重精神障碍患者（服务）",
    StatutoryGroup.children: "留守儿童和困境儿童", StatutoryGroup.elderly: "困难老年人", StatutoryGroup.disabled: "困难残疾人",
}


def towns() -> list[Division]:
    """The towns and subdistricts in scope, in the order of their codes."""
    return list(db.session.scalars(select(Division).where(Division.kind.in_(TOWN_KINDS)).order_by(Division.code)))


def _in_force(day: date) -> ColumnElement[bool]:
    return and_(LegalContract.state == ContractState.active, LegalContract.starts_on <= day, LegalContract.ends_on >= day)


def _open(day: date) -> ColumnElement[bool]:
    """Items that were at work at the end of that day, whatever became of them since."""
    return and_(Item.registered_on <= day, or_(Item.closed_on.is_(None), Item.closed_on > day))


def _conditions(period: HalfMonth) -> dict[str, tuple[Any, ColumnElement[bool] | None]]:
    last = period.end
    soon = LegalContract.ends_on <= last + timedelta(days=ENDING)
    return {
        "centres": (GovernanceCentre, None), "staff": (CentreStaff, None),
        "contracts": (LegalContract, _in_force(last)), "ending": (LegalContract, and_(_in_force(last), soon)),
        "opened": (Item, Item.registered_on.between(period.start, last)), "closed": (Item, Item.closed_on.between(period.start, last)),
        "open": (Item, _open(last)), "overdue": (Item, and_(_open(last), Item.due_on < last)),
    }


def _by_town(model: Any, condition: ColumnElement[bool] | None) -> dict[str, int]:
    town = func.substring(model.division_code, 1, TOWN)
    query = select(town, func.count()).group_by(town)
    return dict(db.session.execute(query if condition is None else query.where(condition)).tuples().all())


def counts(period: HalfMonth) -> dict[str, dict[str, int]]:
    """Every counted indicator by town code."""
    return {key: _by_town(*each) for key, each in _conditions(period).items()}


def _quarter(day: date) -> tuple[int, str]:
    """The newest quarter up to that day that has assessments; the day's own if there is none."""
    newest = db.session.execute(
        select(CentreAssessment.year, CentreAssessment.quarter).where(CentreAssessment.assessed_on <= day)
        .order_by(CentreAssessment.year.desc(), CentreAssessment.quarter.desc()).limit(1)).first()
    return (newest.year, newest.quarter.value) if newest else (day.year, str((day.month + 2) // 3))


def six_in_place(day: date) -> tuple[str, dict[str, tuple[float, str]]]:
    """The quarter in words, and by town the mean of parts in place with the parts that every centre lacks something of."""
    year, quarter = _quarter(day)
    town = func.substring(CentreAssessment.division_code, 1, TOWN)
    parts = [func.bool_and(getattr(CentreAssessment, part)) for part in SIX]
    rows = db.session.execute(
        select(town, func.avg(CentreAssessment.in_place), *parts).group_by(town)
        .where(CentreAssessment.year == year, CentreAssessment.quarter == quarter))
    made = {}
    for code, mean, *held in rows:
        missing = "、".join(name for name, whole in zip(PARTS.values(), held, strict=True) if not whole)
        made[code] = (round(float(mean), 1), missing)
    return f"{year}年第{'一二三四'[int(quarter) - 1]}季度", made


def ranking(names: dict[str, str], scores: dict[str, tuple[float, str]]) -> list[dict[str, Any]]:
    """Towns by score, equals on the same rank (1, 1, 3)."""
    placed = sorted(((score, code, lack) for code, (score, lack) in scores.items() if code in names), key=lambda p: (-p[0], p[1]))
    better: Callable[[float], int] = lambda score: sum(other > score for other, _code, _lack in placed)  # noqa: E731
    return [{"rank": better(score) + 1, "name": names[code], "score": score, "missing": lack} for score, code, lack in placed]


def _rows(below: str) -> int:
    return TOWN_ROWS if len(below) >= TOWN else ROWS


def overdue(day: date, below: str) -> dict[str, Any]:
    """Items past their day at the end of the period, the longest overdue first."""
    late = and_(_open(day), Item.due_on < day, Item.division_code.startswith(below))
    rows = db.session.execute(
        select(Item.number, Item.title, Item.responsible_unit, Item.due_on).where(late).order_by(Item.due_on, Item.id).limit(_rows(below)))
    told = [{"number": n or "—", "title": t, "unit": u, "due_on": d.isoformat(), "days": (day - d).days} for n, t, u, d in rows]
    return {"count": db.session.scalar(select(func.count()).select_from(Item).where(late)), "rows": told}


def ending(day: date, below: str) -> dict[str, Any]:
    """Contracts that end within 60 days, the first to end first."""
    soon = and_(_in_force(day), LegalContract.ends_on <= day + timedelta(days=ENDING), LegalContract.division_code.startswith(below))
    rows = db.session.execute(
        select(LegalContract.client, LegalContract.number, LawFirm.name, LegalContract.ends_on)
        .join(LawFirm, LawFirm.id == LegalContract.firm_id).where(soon).order_by(LegalContract.ends_on, LegalContract.id).limit(_rows(below)))
    told = [{"unit": c, "title": f"合同{n}", "firm": f, "ends_on": e.isoformat(), "days": (e - day).days} for c, n, f, e in rows]
    return {"count": db.session.scalar(select(func.count()).select_from(LegalContract).where(soon)), "rows": told}


def suppressed(count: int) -> str:
    """A count of persons as it may be printed."""
    return f"<{SMALL}" if count < SMALL else str(count)


def persons(below: str) -> list[dict[str, str]]:
    """How many files of each statutory group are open; no name, no place below the paper's own."""
    query: Select[Any] = (
        select(KeyPersonFile.statutory_group, func.count()).group_by(KeyPersonFile.statutory_group)
        .where(KeyPersonFile.state == FileState.open, KeyPersonFile.division_code.startswith(below)))
    found = dict(db.session.execute(query).tuples().all())
    return [{"label": label, "count": suppressed(found[group])} for group, label in GROUPS.items() if group in found]
