"""A county's own PostgreSQL (自有数据库): checked before use, and given the application's role."""
from __future__ import annotations

import hashlib
from pathlib import Path
from typing import NoReturn

import psycopg
from psycopg import Connection
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from app.database.credentials import APP, ServerRefused, close_to_strangers, ensure_role, native, new_password, recall, remember

OLDEST = 15
SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")


def prepare(address: str, data: Path) -> dict[str, str]:
    """Check the server at the address, make the application's role there, and write both addresses down."""
    owner = read(address)
    source = hashlib.sha256(native(owner).encode()).hexdigest()
    known = recall(data)
    password = known["app"] if known.get("source") == source else new_password()
    app = owner.set(username=APP, password=password)
    with _connected(owner) as connection:
        _check(connection)
        _give_role(connection, app)
        close_to_strangers(connection, str(owner.database))
    found = {"owner_url": owner.render_as_string(hide_password=False), "app_url": app.render_as_string(hide_password=False)}
    # The embedded server's own passwords stay, so that going back to it needs nothing but removing the setting.
    remember(data, {**known, **found, "app": password, "source": source})
    return found


def read(address: str) -> URL:
    """The address in the form that our driver wants."""
    try:
        url = make_url(address.strip())
    except ArgumentError:
        _refuse("不是有效的地址，应形如 postgresql://用户:口令@主机:5432/pingan",
                "is no valid address; write postgresql://owner:password@host:5432/pingan")
    if url.drivername not in SCHEMES:
        _refuse(f"以 {url.drivername}:// 开头，只支持 postgresql://", f"begins with {url.drivername}://, only postgresql:// is supported")
    if not url.database or not url.username:
        _refuse("缺少用户名或数据库名，应形如 postgresql://用户:口令@主机:5432/pingan",
                "lacks a user or a database; write postgresql://owner:password@host:5432/pingan")
    return url.set(drivername="postgresql+psycopg")


def _refuse(chinese: str, english: str) -> NoReturn:
    raise ServerRefused(f"DATABASE_URL {chinese} / DATABASE_URL {english}.")


def _connected(url: URL) -> Connection:
    try:
        return psycopg.connect(native(url), autocommit=True, connect_timeout=5)
    except psycopg.Error as wrong:
        where = f"{url.host or url.query.get('host', '')}:{url.port or 5432}/{url.database}"
        reason = (str(wrong).strip().splitlines() or ["?"])[0].rsplit("failed: ", 1)[-1]
        _refuse(f"指定的数据库 {where} 无法连接，请检查地址、口令和防火墙（{reason}）",
                f"names a database that cannot be reached at {where}: check address, password and firewall ({reason})")


def _check(connection: Connection) -> None:
    if connection.info.server_version < OLDEST * 10000:
        has = connection.info.server_version // 10000
        _refuse(f"指向 PostgreSQL {has}，需要 {OLDEST} 或更新版本", f"points to PostgreSQL {has}; {OLDEST} or newer is needed")
    if connection.info.parameter_status("server_encoding") != "UTF8":
        _refuse("指向的数据库编码不是 UTF8，请用 ENCODING 'UTF8' 新建",
                "points to a database that is not UTF8; create one with ENCODING 'UTF8'")
    may = connection.execute("SELECT pg_has_role(datdba, 'MEMBER') AND has_schema_privilege('public', 'CREATE') "
                             "FROM pg_database WHERE datname = current_database()").fetchone()
    if not may or not may[0]:
        _refuse("的账户不是该数据库的所有者，请执行 ALTER DATABASE … OWNER TO …",
                "signs in as an account that does not own the database; run ALTER DATABASE … OWNER TO …")


def _give_role(connection: Connection, app: URL) -> None:
    try:
        ensure_role(connection, APP, str(app.password))
    except psycopg.errors.InsufficientPrivilege:
        _refuse(f"的账户无权建立角色 {APP}，请执行 ALTER ROLE … CREATEROLE",
                f"signs in as an account that may not make the role {APP}; run ALTER ROLE … CREATEROLE")
    # A role of that name with more rights would pass by every rule on the rows.
    strong = connection.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = %s", (APP,)).fetchone()
    if strong and strong[0]:
        _refuse(f"上的角色 {APP} 权限过大，请执行 ALTER ROLE {APP} NOSUPERUSER NOBYPASSRLS",
                f"has a role {APP} with too many rights; run ALTER ROLE {APP} NOSUPERUSER NOBYPASSRLS")
