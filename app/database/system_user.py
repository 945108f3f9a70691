"""The system account (系统账户) that PostgreSQL runs under when the console is started by root."""
from __future__ import annotations

import os
import pwd
import shutil
import struct
import subprocess
from pathlib import Path

from app.database.credentials import ServerRefused

NAME = "pingan-db"
_ACL = "system.posix_acl_access"
_USER_OWNER, _USER, _GROUP_OWNER, _GROUP, _MASK, _OTHER = 0x01, 0x02, 0x04, 0x08, 0x10, 0x20
_NOBODY = 0xFFFFFFFF
_Entry = tuple[int, int, int]


def account() -> pwd.struct_passwd | None:
    """The account to run PostgreSQL under, made if missing; none when we are not root anyway."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(NAME)
    except KeyError:
        return _make_account()


def _make_account() -> pwd.struct_passwd:
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd is None:
        raise ServerRefused(f"PostgreSQL 不能以 root 运行且系统没有 useradd：请新建系统账户 {NAME}，或以普通用户启动 / PostgreSQL does "
                            f"not run as root and there is no useradd: make a system account {NAME}, or start as an ordinary user.")
    subprocess.run([useradd, "--system", "--no-create-home", "--home-dir", "/nonexistent",
                    "--shell", "/usr/sbin/nologin", NAME], check=True, capture_output=True)
    return pwd.getpwnam(NAME)


def as_account(user: pwd.struct_passwd | None) -> dict[str, object]:
    """The arguments that make a child process run under the account."""
    return {} if user is None else {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def may(user: pwd.struct_passwd, path: Path, right: str) -> bool:
    """Whether the account has a right (r, w or x) on a path, as the kernel sees it."""
    test = subprocess.run(["/usr/bin/env", "test", f"-{right}", str(path)], cwd="/", check=False, **as_account(user))  # type: ignore[call-overload]
    return test.returncode == 0


def open_way(user: pwd.struct_passwd | None, path: Path) -> None:
    """Let the account pass through the folders above a path, and nobody else (it cannot list them)."""
    if user is None or may(user, path.parent, "x"):
        return
    for folder in reversed(path.parents):
        if not may(user, folder, "x"):
            _let_pass(user, folder)


def _let_pass(user: pwd.struct_passwd, folder: Path) -> None:
    try:
        entries = [e for e in _entries(folder) if e[0] != _MASK and (e[0], e[2]) != (_USER, user.pw_uid)]
        entries.append((_USER, 0o1, user.pw_uid))
        rights = [right for tag, right, _who in entries if tag in (_USER, _GROUP_OWNER, _GROUP)]
        entries.append((_MASK, _union(rights), _NOBODY))
        packed = b"".join(struct.pack("<HHI", tag, right, who) for tag, right, who in sorted(entries, key=lambda e: (e[0], e[2])))
        os.setxattr(folder, _ACL, struct.pack("<I", 2) + packed)
    except (OSError, AttributeError) as refused:
        raise ServerRefused(f"数据库账户 {NAME} 无法进入 {folder}：请把程序和数据目录移到 /opt 之类的位置 / The database account {NAME} "
                            f"cannot pass through {folder}: move the console and its data folder to a place such as /opt.") from refused


def _entries(folder: Path) -> list[_Entry]:
    try:
        raw = os.getxattr(folder, _ACL)[4:]
        return [struct.unpack_from("<HHI", raw, at) for at in range(0, len(raw), 8)]
    except OSError:
        mode = folder.stat().st_mode
        return [(_USER_OWNER, mode >> 6 & 7, _NOBODY), (_GROUP_OWNER, mode >> 3 & 7, _NOBODY), (_OTHER, mode & 7, _NOBODY)]


def _union(rights: list[int]) -> int:
    whole = 0
    for right in rights:
        whole |= right
    return whole
