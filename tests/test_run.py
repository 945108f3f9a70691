"""The process tree (进程树): it starts, mends itself, stops whole, and starts again whatever was killed."""
from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

import config

SOON = 60.0


def wait_for(what: Callable[[], object], seconds: float = SOON) -> None:
    until = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < until, "waited in vain"
        time.sleep(0.1)


def _ended(process: psutil.Process) -> bool:
    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.Error:
        return True


class Console:
    """A console on a data folder and a port of its own."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.data = data
        self.log = data.with_suffix(".log")

    def start(self) -> None:
        environ = {name: text for name, text in os.environ.items() if not name.startswith(("PINGAN_", "DATABASE_URL"))}
        words = [sys.executable, str(config.ROOT / "run.py"), "--port", str(self.port), "--data", str(self.data)]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(words, cwd="/", env={**environ, "PINGAN_BIND": "127.0.0.1"}, stdout=log, stderr=log)

    def healthy(self) -> bool:
        assert self.process.poll() is None, self.log.read_text()[-3000:]
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/health", timeout=2) as answer:
                return answer.status == 200
        except OSError:
            return False

    def members(self) -> list[psutil.Process]:
        """Every process of it: each carries the data folder in its environment, or works in it."""
        found = []
        for process in psutil.process_iter():
            try:
                here = process.environ().get("PINGAN_DATA") == str(self.data) or process.cwd().startswith(str(self.data))
            except psutil.Error:
                continue
            found += [process] if here and not _ended(process) else []
        return found

    def member(self, words: str) -> psutil.Process | None:
        for process in self.members():
            try:
                line = " ".join(process.cmdline())
            except psutil.Error:
                # It ended between the listing and the question.
                continue
            if words in line and "keeper.py" not in line:
                return process
        return None

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)


@pytest.fixture(scope="module")
def console(open_folder: Path) -> Iterator[Console]:
    made = Console(open_folder / "平安 数据")
    made.start()
    wait_for(made.healthy, 120)
    yield made
    made.stop()


@pytest.mark.parametrize("words", ["gunicorn", "jobs worker", "jobs clock", "app.database.server", "bin/postgres"])
def test_a_killed_process_is_started_again(console, words):
    wait_for(lambda: console.member(words))
    killed = console.member(words)
    killed.kill()
    wait_for(lambda: (now := console.member(words)) and now.pid != killed.pid)
    wait_for(console.healthy)


def test_it_stops_whole_and_starts_again_without_setting_up(console):
    console.stop()
    assert console.process.returncode == 128 + signal.SIGTERM
    wait_for(lambda: not console.members(), 10)
    before = console.log.stat().st_size
    console.start()
    wait_for(console.healthy)
    assert "one-time" not in console.log.read_text()[before:]


def test_after_a_kill_of_all_it_just_starts(console):
    for process in [psutil.Process(console.process.pid), *console.members()]:
        try:
            process.kill()
        except psutil.NoSuchProcess:
            continue
    console.process.wait()
    console.start()
    wait_for(console.healthy)


def test_nothing_outlives_the_console(console):
    console.process.kill()
    console.process.wait()
    wait_for(lambda: not console.members(), 20)
    console.start()
    wait_for(console.healthy)


def test_a_second_console_on_the_same_folder_or_port_is_refused(console, tmp_path):
    taken = Console(tmp_path / "other")
    taken.port = console.port
    taken.start()
    assert taken.process.wait(30) == 2
    assert "--port" in taken.log.read_text()


def test_a_bad_setting_is_refused_in_one_sentence(tmp_path):
    done = subprocess.run([sys.executable, str(config.ROOT / "run.py"), "--data", str(tmp_path)], capture_output=True, text=True,
                          check=False, env={**os.environ, "SECRET_KEY": "change_me"}, cwd="/")
    assert done.returncode == 2
    assert done.stderr.startswith("SECRET_KEY")
    assert done.stderr.count("\n") == 1
