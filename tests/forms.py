"""Forms as people fill them (填表): the page's own fields, read back from its HTML, and invented values for a new row."""
from __future__ import annotations

import html
import re
from itertools import count, cycle
from typing import Any

from sqlalchemy import func, select

from app.core.register import Register, find
from app.database import db

NUMBERS = count(1)
YEARS = cycle(range(2030, 2100))
"""Years that no demo row has, each given once before any comes again: some keys know nothing finer."""
INPUT = re.compile(r"<input\b[^>]*>")
ATTRIBUTE = re.compile(r'([\w-]+)(?:="([^"]*)")?')
ID_WEIGHTS, ID_CHECKS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2), "10X98765432"


def fields_of(page: str) -> dict[str, str]:
    """What a browser would send for the form of the page, untouched."""
    form = re.search(r"<form\b[^>]*data-guard.*?</form>", page, re.DOTALL)
    assert form, "the page has no form"
    found: dict[str, str] = {}
    for tag in INPUT.findall(form[0]):
        said = dict(ATTRIBUTE.findall(tag))
        if said.get("name") and (said.get("type") not in ("checkbox", "radio") or "checked" in said):
            found[said["name"]] = html.unescape(said.get("value", ""))
    for name, words in re.findall(r'<textarea\b[^>]*name="([^"]+)"[^>]*>(.*?)</textarea>', form[0], re.DOTALL):
        found[name] = html.unescape(words).strip("\r\n")
    for name, options in re.findall(r'<select\b[^>]*name="([^"]+)"[^>]*>(.*?)</select>', form[0], re.DOTALL):
        chosen = re.search(r'<option selected value="([^"]*)"', options) or re.search(r'<option value="([^"]*)"', options)
        found[name] = html.unescape(chosen[1]) if chosen else ""
    return found


def _id_number(number: int) -> str:
    body = f"1101011990010{1 + number % 9}{number % 1000:03d}"
    return body + ID_CHECKS[sum(int(d) * w for d, w in zip(body, ID_WEIGHTS, strict=True)) % 11]


def _credit_code(number: int) -> str:
    signs, weights = "0123456789ABCDEFGHJKLMNPQRTUWXY", (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    body = f"31100000{number:09d}"
    return body + signs[(31 - sum(signs.index(s) * w for s, w in zip(body, weights, strict=True)) % 31) % 31]


def written_for(column: Any, code: str) -> str:
    kind, number = column.info["kind"], next(NUMBERS)
    special = {"credit_code": _credit_code(number), "certificate": f"1371620261{number:07d}",
               "year": str(next(YEARS)) if column.key == "year" else "",
               "starts_on": "2026-01-05", "due_on": "2099-12-31", "ends_on": "2099-12-31"}
    if column.key in special:
        return special[column.key]
    if kind == "link":
        target = find(column.info["register"])
        return str(db.session.scalar(select(func.min(target.model.id)).where(getattr(target.model, target.scope_column).startswith(code[:6]))))
    if kind == "sealed":
        return {"id": _id_number(number), "phone": f"138{number:08d}"}.get(column.info["mask"], f"测试{number}")
    length = column.info.get("length") or 20
    return {
        "division": code, "choice": next(iter(column.info["choice"])).value if kind == "choice" else "", "phone": f"138{number:08d}",
        "day": f"2026-0{3 + number % 7}-1{number % 10}", "month": f"{1900 + number // 4 % 300}-{1 + number % 4 * 3:02d}",
        "count": str(1000 + number), "money": "5000.00", "decimal": "3.5",
        "flag": "1",
    }.get(kind, f"测试{number}"[:length])


def new_row(register: Register, code: str, **given: str) -> dict[str, str]:
    """Values for every field that must be filled, and what the test says besides."""
    must = {n: c for n, c in register.writable.items() if not c.nullable and (c.default is None or n in register.key)}
    return {name: written_for(column, code) for name, column in must.items() if name not in given} | given


def complaints(answer: Any) -> list[str]:
    """What the page finds wrong, without its markup."""
    page = answer.get_data(as_text=True)
    found = re.findall(r'(?:class="field-error"|role="alert").*?</(?:p|div)>', page, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]*>", " ", "<" + each).split()) for each in found]
