"""Runs the console (平安建设业务台): database, set-up, web server, worker and clock as one process tree."""
from __future__ import annotations

import argparse
import fcntl
import os
import shlex
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import config

PYTHON = shlex.quote(sys.executable)
FLASK = f"{PYTHON} -m flask --app app"
PROCESSES = {
    "web": f"{PYTHON} -m gunicorn --config gunicorn.conf.py",
    "worker": f"{FLASK} jobs worker",
    "clock": f"{FLASK} jobs clock",
}
PATIENCE = 90


class CannotRun(RuntimeError):
    """Why the console does not start; the text says what to do."""


def arguments() -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="scripts/start", description=__doc__)
    parser.add_argument("--port", type=int, help="port of the web server (8080)")
    parser.add_argument("--data", type=Path, help="folder for everything that is kept (var/)")
    parser.add_argument("--demo", action="store_true", help="add the demo county and demo users")
    return parser.parse_args()


def environment(asked: argparse.Namespace) -> None:
    """Hand the choices down to every process by the environment."""
    data = asked.data.expanduser().resolve() if asked.data else config.data_folder()
    os.environ["PINGAN_DATA"] = str(data)
    os.environ["PINGAN_RUNNER"] = str(os.getpid())
    os.environ["PYTHONUNBUFFERED"] = "1"
    if asked.demo:
        # Whoever looks at the demo has no phone at hand that belongs to its people.
        os.environ.setdefault("PINGAN_SECOND_FACTOR", "offered")
    if asked.port is not None:
        os.environ["PINGAN_PORT"] = str(asked.port)
    os.chdir(config.ROOT)


@contextmanager
def alone(data: Path) -> Iterator[None]:
    """Hold the data folder: two consoles on one would fight over it."""
    data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (data / "run.lock").open("w", encoding="utf-8") as lock:
        until = time.monotonic() + 15
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError as held:
                # After a kill -9 the last processes of the former console need a moment to end.
                if time.monotonic() > until:
                    raise CannotRun(f"数据目录 {data} 正被另一个业务台使用 / Another console is running on {data}.") from held
                time.sleep(0.3)
        yield


def check_port(address: str, port: int) -> None:
    """Refuse a port that something else has, before anything is started."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError as taken:
            raise CannotRun(f"端口 {port} 无法使用（{taken.strerror}），请用 --port 换一个 / Port {port} cannot be used "
                            f"({taken.strerror}); choose another with --port.") from taken


def set_up(data: Path, owner_url: str, *, demo: bool) -> None:
    """Migrate and fill in what is missing, unless this very code has done so in this database."""
    from app.database import stamp

    wanted = stamp.of_code(config.ROOT)
    if stamp.fits(owner_url, wanted, demo=demo):
        return
    done = subprocess.run([sys.executable, "-m", "flask", "--app", "app", "setup", *(["--demo"] if demo else [])], check=False)
    if done.returncode:
        raise CannotRun("初始化失败，原因见上；改正后再次启动 / Set-up failed, the reason is above; put it right and start again.")
    stamp.put(owner_url, wanted, demo=demo)


def reachable(address: str, port: int) -> str:
    """Where this machine itself reaches the web server."""
    return f"http://{'127.0.0.1' if address in ('0.0.0.0', '::') else address}:{port}"  # noqa: S104


def announce(here: str) -> None:
    """Say where the console is, once it answers."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{here}/health", timeout=2):  # noqa: S310
                print(f"\n  业务台已就绪 / The console is ready: {here}/\n", flush=True)
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    print(f"{PATIENCE} 秒后仍未就绪，请看上面的记录 / Not ready after {PATIENCE} s; see the messages above.", flush=True)


def run_all(data: Path, *, embedded: bool) -> int:
    """Run every process until one is told to stop."""
    from honcho.manager import Manager

    chosen = config.settings()
    manager = Manager()
    commands = {"database": f"{PYTHON} -m app.database.server", **PROCESSES} if embedded else PROCESSES
    here = reachable(chosen["BIND"], chosen["PORT"])
    for name, command in commands.items():
        after = {"PINGAN_AFTER": f"{here}/health"} if name in ("worker", "clock") else {}
        manager.add_process(name, f"exec {PYTHON} keeper.py {command}", env={**os.environ, "PINGAN_DATA": str(data), **after})
    threading.Thread(target=announce, args=(here,), daemon=True).start()
    manager.loop()
    return int(manager.returncode or 0)


def run(asked: argparse.Namespace) -> int:
    """Start in order, run, and stop in the opposite order."""
    environment(asked)
    data, chosen = config.data_folder(), config.settings()
    with alone(data):
        check_port(chosen["BIND"], chosen["PORT"])
        config.load()
        server, urls = database(data, chosen["DATABASE_URL"])
        try:
            set_up(data, urls["owner_url"], demo=asked.demo)
            return run_all(data, embedded=server is not None)
        finally:
            if server is not None:
                server.stop()


def database(data: Path, address: str) -> tuple[object, dict[str, str]]:
    """The embedded server, started; or the county's own, checked."""
    if address:
        from app.database.address import prepare

        return None, prepare(address, data)
    from app.database.server import Server

    server = Server(data)
    return server, server.start()


def main() -> int:
    """Run, and turn what is expected to go wrong into one sentence."""
    # Before the process tree takes over, a stop must still pass through the clean-up below.
    signal.signal(signal.SIGTERM, lambda number, _frame: sys.exit(128 + number))
    try:
        return run(arguments())
    except KeyboardInterrupt:
        return 130
    except (CannotRun, config.BadSetting, *_refusals()) as refused:
        print(refused, file=sys.stderr)
        return 2


def _refusals() -> tuple[type[Exception], ...]:
    module = sys.modules.get("app.database.credentials")
    return (module.ServerRefused,) if module else ()


if __name__ == "__main__":
    sys.exit(main())
