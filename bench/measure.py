"""The comparison itself (对比测速): candidates in turn, many times, so that whatever else the machine does meets all alike."""
from __future__ import annotations

import statistics
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from urllib.parse import quote

from bench.visitor import Visitor

WORDS = {"find_two": "司法", "find_four": "中心小学"}
NUMBERS = iter(range(10**9))


@dataclass
class Result:
    """One line of the table."""

    what: str
    stock: float | None
    rival: float | None
    console: float
    ratio: float
    target: float
    met: bool


def _p(times: list[float], share: float) -> float:
    return statistics.quantiles(times, n=100, method="inclusive")[round(share * 100) - 1]


def in_turn(visitors: dict[str, Visitor], rounds: int, act: Callable[[Visitor], tuple[float, int]]) -> dict[str, tuple[list[float], int]]:
    """The times of each candidate, one after the other in every round; the first two rounds warm up."""
    times: dict[str, list[float]] = {name: [] for name in visitors}
    sent: dict[str, int] = {}
    for number in range(rounds + 2):
        for name, visitor in visitors.items():
            spent, sent[name] = act(visitor)
            if number >= 2:
                times[name].append(spent)
    return {name: (times[name], sent[name]) for name in visitors}


def rates(fleets: dict[str, list[Visitor]], seconds: float, rounds: int = 3) -> dict[str, float]:
    """Requests a second of the list page with every connection busy, the candidates in turn."""
    done: dict[str, list[float]] = {name: [] for name in fleets}
    for _round in range(rounds):
        for name, fleet in fleets.items():
            done[name].append(_rate(fleet, seconds))
    return {name: statistics.median(each) for name, each in done.items()}


def _rate(fleet: list[Visitor], seconds: float) -> float:
    counts = [0] * len(fleet)
    until = time.perf_counter() + seconds

    def work(place: int) -> None:
        visitor = fleet[place]
        while time.perf_counter() < until:
            if visitor.get(visitor.paths["list"])[0] == 200:
                counts[place] += 1

    began = time.perf_counter()
    threads = [threading.Thread(target=work, args=(place,)) for place in range(len(fleet))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(counts) / (time.perf_counter() - began)


def new_row(visitor: Visitor, extra: dict[str, str]) -> dict[str, str]:
    """A form for one more contract."""
    number = f"NEW-{time.time_ns()}-{next(NUMBERS)}"
    form = {"number": number, "client": "测速镇人民政府", "starts_on": "2026-01-01", "ends_on": "2026-12-31", "fee": "12000", "state": "active"}
    links = {"firm_id": "1", "lawyer_id": "1", "division_code": "371625101"} if visitor.name == "console" else {
        "firm": "1", "lawyer": "1", "division": "测速镇"}
    return {**extra, **form, **links}


def latencies(visitors: dict[str, Visitor], rounds: int, page: int) -> dict[str, dict[str, tuple[list[float], int]]]:
    """Every kind of request, each with the candidates that know it."""
    found = {"list": in_turn(visitors, rounds, lambda v: v.timed(v.paths["list"]))}
    with_rest = {name: v for name, v in visitors.items() if "rest" in v.paths}
    found["rest"] = in_turn(with_rest, rounds, lambda v: v.timed(v.paths["rest"]))
    found["deep"] = in_turn(visitors, rounds // 2, lambda v: v.timed(v.paths["deep"].format(page=page)))
    for what, word in WORDS.items():
        found[what] = in_turn(visitors, rounds // 2, lambda v, word=word: v.timed(v.paths["find"].format(word=quote(word))))
    saving = {name: visitors[name] for name in ("rival", "console")}
    found["create"] = in_turn(saving, rounds // 2, lambda v: v.created(new_row(v, v.hidden(v.paths["add"]))))
    return found


def results(found: dict[str, dict[str, tuple[list[float], int]]], speed: dict[str, float], start: float) -> list[Result]:
    """The table: our figure as a share of the rival's, beside the target."""
    def middle(what: str, name: str) -> float | None:
        return round(statistics.median(found[what][name][0]), 2) if name in found[what] else None

    def line(words: str, what: str, against: str, target: float) -> Result:
        ours, other = middle(what, "console") or 0.0, middle(what, against) or 1.0
        return Result(words, middle(what, "stock"), middle(what, "rival"), ours, round(ours / other, 2), target, ours / other <= target)

    times, sent = found["list"]["console"]
    spread = _p(times, 0.95) / statistics.median(times)
    made = [line("list page p50 / stock FAB", "list", "stock", 0.4), line("list page p50 / Django admin", "list", "rival", 1.0),
            Result("list page p95 / p50", None, None, round(_p(times, 0.95), 2), round(spread, 2), 1.3, spread <= 1.3),
            Result("SQL statements of a list page", found["list"]["stock"][1], found["list"]["rival"][1], sent, sent, 8, sent <= 8),
            line("REST list / stock FAB", "rest", "stock", 0.45), line("create / Django admin", "create", "rival", 1.2),
            line("deep page / Django admin", "deep", "rival", 0.25), line("contains, 2 characters / Django admin", "find_two", "rival", 0.3),
            line("contains, 4 characters / Django admin", "find_four", "rival", 0.3)]
    faster = speed["console"] / speed["rival"]
    made.append(Result("requests a second, 16 connections / Django admin", *(round(speed[n], 1) for n in ("stock", "rival", "console")),
                       round(faster, 2), 2.0, faster >= 2.0))
    made.append(Result("start of a worker with 60 views, seconds", None, None, start, start, 1.5, start <= 1.5))
    return made


def as_dicts(made: list[Result]) -> list[dict[str, object]]:
    """The table for other programs."""
    return [asdict(each) for each in made]
