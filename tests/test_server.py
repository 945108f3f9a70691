"""The embedded database (内置数据库): closed to others, mended after a kill; and a county's own, checked before use."""
from __future__ import annotations

import contextlib
import os
import signal
import stat
import subprocess
from pathlib import Path

import psutil
import psycopg
import pytest
from sqlalchemy import make_url

from app.database import address
from app.database.credentials import ServerRefused, native, recall
from app.database.server import SOCKET, Server, binaries


def connect(url: str) -> psycopg.Connection:
    return psycopg.connect(native(make_url(url)), autocommit=True)


def main_process(server: Server) -> int:
    return int((server.folder / "postmaster.pid").read_text().splitlines()[0])


@pytest.fixture(scope="module")
def server(open_folder):
    # A long path with spaces and Chinese characters, which no socket's address has room for.
    made = Server(open_folder / "平安 台" / "数据 目录" / ("很长" * 20), {"fsync": "off"})
    made.start()
    yield made
    made.stop()


@pytest.fixture
def urls(server):
    return server.start()


def test_the_roles_have_no_more_rights_than_they_need(urls):
    with connect(urls["app_url"]) as app, connect(urls["owner_url"]) as owner:
        rights = app.execute("SELECT rolname, rolsuper OR rolcreatedb OR rolcreaterole OR rolbypassrls OR rolreplication "
                             "FROM pg_roles WHERE rolname IN ('pingan_owner', 'pingan_app') ORDER BY 1").fetchall()
        assert rights == [("pingan_app", False), ("pingan_owner", False)]
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("CREATE TABLE mine (a int)")
        owner.execute("CREATE TABLE theirs (a int)")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            app.execute("SELECT * FROM theirs")
        owner.execute("DROP TABLE theirs")


def test_it_speaks_utf8_and_the_county_s_time(urls):
    with connect(urls["app_url"]) as app:
        assert app.execute("SELECT upper('é平安'), current_setting('TimeZone')").fetchone() == ("É平安", "Asia/Shanghai")


def test_it_listens_on_no_network_address(server, urls):
    family = [psutil.Process(main_process(server)), *psutil.Process(main_process(server)).children(recursive=True)]
    assert family[0].net_connections("inet") == []
    for each in family[1:]:
        # A backend of a short task may end before it is asked.
        with contextlib.suppress(psutil.NoSuchProcess):
            assert each.net_connections("inet") == []
    with server.admin() as admin:
        assert admin.execute("SHOW listen_addresses").fetchone() == ("",)


def test_files_and_socket_are_closed_to_others(server, urls):
    for path in (server.folder, server.socket_folder(), server.socket_folder() / SOCKET, server.data / "database.json"):
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert len(os.fsencode(server.socket_folder() / SOCKET)) <= 107


def test_every_sign_in_needs_a_password(server, urls):
    rules = [line.split() for line in (server.folder / "pg_hba.conf").read_text().splitlines() if line and line[0] != "#"]
    assert {rule[-1] for rule in rules} == {"scram-sha-256"}
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        connect(urls["app_url"].replace(recall(server.data)["app"], "wrong"))


def test_another_local_user_is_refused(server, urls):
    if os.geteuid() != 0:
        # Only root can act as somebody else; an ordinary account relies on the modes, which are tested above.
        assert stat.S_IMODE(server.socket_folder().stat().st_mode) == 0o700
        return
    words = [str(binaries() / "psql"), "-h", str(server.socket_folder()), "-U", "postgres", "-c", "SELECT 1"]
    done = subprocess.run(words, user="nobody", group=65534, extra_groups=[], cwd="/", capture_output=True, text=True, check=False,
                          env={"PGPASSWORD": recall(server.data)["superuser"]})
    assert done.returncode != 0
    assert "Permission denied" in done.stderr


def test_starting_twice_changes_nothing(server, urls):
    number = main_process(server)
    assert Server(server.data).start() == urls
    assert main_process(server) == number


def test_after_a_kill_the_next_start_keeps_what_was_written(server, urls):
    with connect(urls["owner_url"]) as owner:
        owner.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(main_process(server), signal.SIGKILL)
    again = Server(server.data, {"fsync": "off"}).start()
    with connect(again["owner_url"]) as owner:
        assert owner.execute("SELECT answer FROM kept").fetchone() == (42,)
        owner.execute("DROP TABLE kept")


def test_a_lock_that_names_another_program_does_not_stop_it(server, urls):
    server.stop()
    (server.folder / "postmaster.pid").write_text(f"{os.getpid()}\n{server.folder}\n1\n5432\n\n\n\nready\n")
    assert not server.running()
    server.start()
    assert server.running()


def test_lost_passwords_are_made_anew(server, urls):
    (server.data / "database.json").unlink()
    with connect(Server(server.data, {"fsync": "off"}).start()["app_url"]) as app:
        assert app.execute("SELECT 1").fetchone() == (1,)
    server._known = recall(server.data)


@pytest.mark.parametrize(("url", "words"), [
    ("mysql://a:b@localhost/c", "mysql://"), ("nonsense", "no valid address"), ("postgresql://localhost/c", "lacks a user"),
    ("postgresql://a:b@localhost", "lacks a user"), ("postgresql://a:geheim@127.0.0.1:9/c", "cannot be reached"),
    ("postgresql://a:geheim@host.invalid/c", "cannot be reached"),
])
def test_a_wrong_or_unreachable_address_is_refused_in_one_sentence(url, words, tmp_path):
    with pytest.raises(ServerRefused) as refused:
        address.prepare(url, tmp_path)
    said = str(refused.value)
    assert words in said
    assert "\n" not in said
    assert "geheim" not in said


def own(server: Server, **changes: object) -> str:
    url = server.url("postgres", recall(server.data)["superuser"])
    return url.set(**changes).render_as_string(hide_password=False)


def test_an_old_server_is_refused(server, urls, tmp_path, monkeypatch):
    monkeypatch.setattr(address, "OLDEST", 99)
    with pytest.raises(ServerRefused, match="99 or newer"):
        address.prepare(own(server), tmp_path)


def test_an_account_that_may_not_make_the_role_is_refused(server, urls, tmp_path):
    with pytest.raises(ServerRefused, match="CREATEROLE"):
        address.prepare(urls["owner_url"], tmp_path)


def test_an_own_server_gets_the_application_s_role(server, urls, tmp_path):
    first = address.prepare(own(server), tmp_path)
    assert address.prepare(own(server, drivername="postgresql"), tmp_path) == first
    with connect(first["app_url"]) as app:
        assert app.execute("SELECT current_user::text").fetchone() == ("pingan_app",)
    assert stat.S_IMODE(Path(tmp_path, "database.json").stat().st_mode) == 0o600
