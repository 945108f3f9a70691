"""``scripts/bench web``: set up, measure, print the table, and write it as JSON."""
from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from bench import measure, synthetic
from bench.person import NAME
from bench.stage import ROOT, Stage
from bench.visitor import Visitor

VIEWS, CONNECTIONS = 60, 16


def arguments() -> argparse.Namespace:
    """What was asked for."""
    parser = argparse.ArgumentParser(prog="scripts/bench", description=__doc__)
    parser.add_argument("what", choices=["web"])
    parser.add_argument("--rows", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=4.0, help="of each of three runs of the loader on each candidate")
    parser.add_argument("--data", type=Path, default=ROOT / "var" / "bench")
    parser.add_argument("--json", type=Path, help="write the table there too")
    return parser.parse_args()


def start_seconds(stage: Stage, tries: int = 5) -> float:
    """The median of starting a worker with 60 views, interpreter and imports included."""
    def once(*words: str) -> tuple[float, int]:
        began = time.perf_counter()
        done = subprocess.run([sys.executable, "-m", "bench.synthetic", *words], cwd=ROOT, env=stage.environ, check=True,
                              capture_output=True, text=True)
        return time.perf_counter() - began, int(done.stdout)

    with TemporaryDirectory() as folder:
        synthetic.write(Path(folder), max(0, VIEWS - once()[1]))
        once(folder)
        return round(statistics.median(once(folder)[0] for _ in range(tries)), 2)


def run(asked: argparse.Namespace) -> list[measure.Result]:
    """Everything, on a stage of its own that is taken down afterwards."""
    stage = Stage(asked.data.resolve(), asked.rows)
    try:
        stage.make()
        with stage.running() as ports:
            def visitor(name: str) -> Visitor:
                return Visitor(name, ports[name], NAME if name == "console" else "bench", stage.key)

            found = measure.latencies({name: visitor(name) for name in ports}, asked.rounds, max(1, asked.rows // 25))
            # One session for all connections: signing in is limited to a few sessions for each person.
            first = {name: visitor(name) for name in ports}
            speed = measure.rates({name: [one.twin() for _ in range(CONNECTIONS)] for name, one in first.items()}, asked.seconds)
        return measure.results(found, speed, start_seconds(stage))
    finally:
        stage.server.stop()


def table(made: list[measure.Result]) -> str:
    """The table as Markdown."""
    def shown(figure: float | None) -> str:
        return "–" if figure is None else f"{figure:g}"

    lines = ["| what | stock FAB | Django admin | console | ratio | target | |", "|---|---:|---:|---:|---:|---:|---|"]
    lines += [f"| {r.what} | {shown(r.stock)} | {shown(r.rival)} | {shown(r.console)} | {r.ratio:g} | {r.target:g} | {'met' if r.met else 'MISSED'} |"
              for r in made]
    return "\n".join(lines)


def main() -> None:
    """Measure and print."""
    asked = arguments()
    made = run(asked)
    sys.stdout.write(table(made) + "\n")
    if asked.json:
        asked.json.write_text(json.dumps(measure.as_dicts(made), indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
