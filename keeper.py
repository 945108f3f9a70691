"""Keeps one process of the console alive (守护), and ends it when the console itself is gone."""
from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
import urllib.request

import psutil

FIRST_PAUSE, LONGEST_PAUSE, STEADY = 0.5, 30.0, 60.0
LONGEST_WAIT = 15.0
_PR_SET_PDEATHSIG = 1


def alive(number: int) -> bool:
    """Whether a process still works; one that is dead but not yet collected does not."""
    try:
        return psutil.Process(number).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def die_with_parent() -> None:
    """Ask the kernel to end this process together with its keeper (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


class Keeper:
    """One command that must run for as long as the console does."""

    def __init__(self, command: list[str], runner: int) -> None:
        self.command, self.runner = command, runner
        self.stopping = False
        self.pause = FIRST_PAUSE

    def run(self) -> int:
        """Start the command again and again, until told to stop or until the console is gone."""
        signal.signal(signal.SIGTERM, self._stop)
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if first := os.environ.pop("PINGAN_AFTER", ""):
            self.give_way(first)
        while not self._over():
            started = time.monotonic()
            self._once()
            if not self._over():
                self._rest(time.monotonic() - started)
        return 0

    def give_way(self, address: str) -> None:
        """Let the web server start first: somebody is waiting for its page, nobody for this."""
        until = time.monotonic() + LONGEST_WAIT
        while time.monotonic() < until and not self._over():
            try:
                urllib.request.urlopen(address, timeout=2).close()  # noqa: S310
                return
            except OSError:
                time.sleep(0.3)

    def _stop(self, *_: object) -> None:
        self.stopping = True

    def _over(self) -> bool:
        return self.stopping or not alive(self.runner)

    def _once(self) -> None:
        # Its own session: a stop reaches it once, from here, and not a second time from the terminal.
        child = subprocess.Popen(self.command, start_new_session=True, preexec_fn=die_with_parent)  # noqa: PLW1509
        told = False
        while child.poll() is None:
            if self._over() and not told:
                child.terminate()
                told = True
            time.sleep(0.2)
        if not told:
            print(f"stopped with {child.returncode}; it is started again", flush=True)

    def _rest(self, lived: float) -> None:
        self.pause = FIRST_PAUSE if lived > STEADY else min(self.pause * 2, LONGEST_PAUSE)
        until = time.monotonic() + self.pause
        while time.monotonic() < until and not self._over():
            time.sleep(0.2)


if __name__ == "__main__":
    sys.exit(Keeper(sys.argv[1:], int(os.environ["PINGAN_RUNNER"])).run())
