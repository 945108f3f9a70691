"""Every setting (设置): its default, what it is for, and how the environment overrides it."""
from __future__ import annotations

import base64
import ipaddress
import itertools
import json
import os
import secrets
import stat
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
SHORTEST_KEY = 32
KNOWN_KEYS = (
    "thisismyscretkey", "CHANGE_ME_TO_A_COMPLEX_RANDOM_SECRET", "change_me", "changeme", "temporary_key", "temporary_superset", "secret",
    "USE_YOUR_OWN_SECURE_RANDOM_KEY", "your_own_random", "your-key", "_5#y2L\"F4Q8z", "192b9bdd22ab9ed4d12e236c78afcb9a",
)
"""Pieces of keys printed in handbooks: whoever reads them could forge anybody's session."""


class BadSetting(ValueError):
    """A setting that the console refuses to start with; the text says what to do."""


@dataclass(frozen=True)
class Setting:
    """One thing an operator may choose."""

    name: str
    default: Any
    help: str
    coerce: Callable[[str], Any] = str

    @property
    def variable(self) -> str:
        """The environment variable that overrides it."""
        return self.name if self.name in ("DATABASE_URL", "SECRET_KEY") else f"PINGAN_{self.name}"


def flag(text: str) -> bool:
    """A yes or no as people write it."""
    if text.lower() in ("1", "true", "yes", "on"):
        return True
    if text.lower() in ("0", "false", "no", "off", ""):
        return False
    raise ValueError("write true or false")


def whole(low: int, high: int) -> Callable[[str], int]:
    """A whole number between two bounds."""
    def read(text: str) -> int:
        if not low <= int(text) <= high:
            raise ValueError(f"write a number from {low} to {high}")
        return int(text)
    return read


def power_of_two(low: int, high: int) -> Callable[[str], int]:
    """A power of two between two exponents."""
    def read(text: str) -> int:
        if int(text) not in {2**each for each in range(low, high + 1)}:
            raise ValueError(f"write a power of two from {2**low} to {2**high}")
        return int(text)
    return read


def one_of(*choices: str) -> Callable[[str], str]:
    """One of a few words."""
    def read(text: str) -> str:
        if text not in choices:
            raise ValueError(f"write one of {', '.join(choices)}")
        return text
    return read


def person_entry(text: str) -> str:
    """The name of an entry with a place for the user name."""
    if "{name}" not in text or "=" not in text:
        raise ValueError("write an entry such as uid={name},ou=people,dc=county,dc=cn")
    return text


def zone(text: str) -> str:
    """The name of a time zone that this machine knows."""
    try:
        return ZoneInfo(text).key
    except (ZoneInfoNotFoundError, OSError) as unknown:
        raise ValueError("write a time zone such as Asia/Shanghai") from unknown


def targets(text: str) -> str:
    """Origins and networks, one blank between two."""
    for word in text.replace(",", " ").split():
        parts = urlsplit(word)
        if "://" not in word:
            ipaddress.ip_network(word)
        elif parts.scheme not in ("http", "https") or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.username:
            raise ValueError("write origins such as https://hooks.county.example and networks such as 10.1.0.0/16")
    return " ".join(text.replace(",", " ").split())


def scanner(text: str) -> str:
    """The socket of a virus scanner."""
    parts = urlsplit(text)
    if not (parts.scheme == "unix" and parts.path) and not (parts.scheme == "tcp" and parts.hostname and parts.port):
        raise ValueError("write a socket such as unix:/run/clamav/clamd.ctl or tcp://127.0.0.1:3310")
    return text


SETTINGS: tuple[Setting, ...] = (
    Setting("DATA", "", "Folder for everything that is kept: database, keys, documents. Default: `var` beside run.py."),
    Setting("DATABASE_URL", "", "A PostgreSQL server of your own (15 or newer), by an account that owns its database: "
            "`postgresql://owner:password@host:5432/pingan`. Empty: the embedded server."),
    Setting("SECRET_KEY", "", "Signs the session cookies. Empty: made once and kept in the data folder. At least 32 characters."),
    Setting("BIND", "0.0.0.0", "Network address the web server listens on; `127.0.0.1` for this machine alone."),  # noqa: S104
    Setting("PORT", 8080, "Port the web server listens on.", whole(1, 65535)),
    Setting("WEB_WORKERS", 2, "Web processes.", whole(1, 32)),
    Setting("THREADS", 8, "Threads in each web process.", whole(1, 64)),
    Setting("HTTPS", False, "True where the console is reached over https: cookies are then sent over https only.", flag),
    Setting("TRUSTED_PROXIES", 0, "How many proxies of your own stand before the web server and set X-Forwarded-For.", whole(0, 5)),
    Setting("LANGUAGE", "zh", "Language before a person has chosen one: zh or en.", one_of("zh", "en")),
    Setting("TIMEZONE", "Asia/Shanghai", "Time zone of dates, schedules and documents.", zone),
    Setting("COUNTY_NAME", "博兴县", "Name of the county on the sign-in page and in documents."),
    Setting("COUNTY_CODE", "371625", "Six-digit division code of the county."),
    Setting("SIGN_IN_NOTICE", "非涉密系统，严禁录入国家秘密", "Words on the sign-in page and in the foot of every page."),
    Setting("SESSION_HOURS", 8, "Hours after which a person signs in again, however busy the session is.", whole(1, 24)),
    Setting("IDLE_MINUTES", 30, "Minutes without a click after which a session ends.", whole(5, 480)),
    Setting("ADMIN_IDLE_MINUTES", 15, "The same for administrators and auditors.", whole(5, 480)),
    Setting("SESSIONS_PER_PERSON", 5, "Sessions a person may have at once; one more ends the one that was unused longest.", whole(1, 1000)),
    Setting("LOCK_TRIES", 5, "Wrong passwords or codes, within the minutes of a lock, after which an account is locked.", whole(3, 20)),
    Setting("LOCK_MINUTES", 15, "Minutes that a lock lasts.", whole(5, 1440)),
    Setting("UNUSED_DAYS", 90, "Days without a sign-in after which an account is closed at night, never the last administrator of a kind; "
            "0 for never.", whole(0, 3650)),
    Setting("PASSWORD_PROFILE", "dengbao", "Rules for passwords: dengbao (three kinds of characters, changed every 90 days, none of the last 5) "
            "or nist (length and lists of common passwords alone).", one_of("dengbao", "nist")),
    Setting("PASSWORD_COST", 32768, "Cost of a password hash (scrypt's N, a power of two); raised, each person's is renewed at the next sign-in.",
            power_of_two(15, 20)),
    Setting("SECOND_FACTOR", "required", "Codes from a phone at sign-in: required of administrators, auditors and whoever opens sealed data "
            "(after seven days of grace), offered to all, or off.", one_of("required", "offered", "off")),
    Setting("LDAP_URL", "", "A directory that keeps passwords, `ldaps://host` or `ldap://host` (StartTLS). Empty: none."),
    Setting("LDAP_USER_DN", "uid={name},ou=people,dc=example,dc=cn", "The entry of a person in the directory; `{name}` stands for the user name.",
            person_entry),
    Setting("LDAP_CA_FILE", "", "Certificates by which the directory is trusted. Empty: those of the machine."),
    Setting("OIDC_ISSUER", "", "A sign-on service (OpenID Connect), for example `https://id.county.example`. Empty: none."),
    Setting("OIDC_CLIENT_ID", "pingan", "The console's name at the sign-on service."),
    Setting("OIDC_CLIENT_SECRET", "", "The console's secret at the sign-on service."),
    Setting("OIDC_CLAIM", "preferred_username", "Which part of the service's answer is the user name here."),
    Setting("MAX_UPLOAD_MB", 16, "Largest upload, in megabytes.", whole(1, 512)),
    Setting("ATTACHMENT_MB", 20, "Largest attachment of a record, in megabytes.", whole(1, 512)),
    Setting("SCANNER", "", "The virus scanner that every attachment must pass: the socket of clamd, `unix:/run/clamav/clamd.ctl` or "
            "`tcp://127.0.0.1:3310`. Empty: none. While it does not answer no file is taken.", scanner),
    Setting("ATTACHMENTS_PER_RECORD", 30, "How many attachments a record may have.", whole(1, 1000)),
    Setting("IMPORT_AT_ONCE", 1000, "Rows of an import that are checked and written while the person waits; larger files go to the worker.",
            whole(1, 20_000)),
    Setting("EXPORT_AT_ONCE", 5000, "Rows of an export that are written while the person waits; larger ones go to the worker.", whole(1, 100_000)),
    Setting("RECYCLED_DAYS", 30, "Days that a deleted record stays in the recycle bin, from where it can be restored.", whole(1, 3650)),
    Setting("TOKENS", "all", "Who may have access tokens for programs: all, systems (accounts of other systems alone) or off.",
            one_of("all", "systems", "off")),
    Setting("API_PER_MINUTE", 600, "Requests that one access token may send in a minute.", whole(1, 100_000)),
    Setting("WEBHOOK_TARGETS", "", "Where events may be sent: origins such as `https://hooks.county.example`, and the private networks that their "
            "names may lead to, such as `10.1.0.0/16`, with blanks between. Empty: nowhere.", targets),
    Setting("WEBHOOK_CA_FILE", "", "Certificates by which receivers of events are trusted. Empty: those of the machine."),
    Setting("DUE_SHIFT", "forward", "Where the due day of a half-month's return (the 1st, the 17th) moves off a day of rest: forward, back or none.",
            one_of("forward", "back", "none")),
)


def value(setting: Setting, environ: Mapping[str, str] = os.environ) -> Any:
    """The setting as the environment has it, else its default."""
    text = environ.get(setting.variable, "").strip()
    if not text:
        return setting.default
    try:
        return setting.coerce(text)
    except ValueError as wrong:
        raise BadSetting(f"设置 {setting.variable} 无效 / The setting {setting.variable} is wrong: {wrong}.") from wrong


def settings(environ: Mapping[str, str] = os.environ) -> dict[str, Any]:
    """Every setting by name."""
    return {each.name: value(each, environ) for each in SETTINGS}


def data_folder(environ: Mapping[str, str] = os.environ) -> Path:
    """The data folder (数据目录): PINGAN_DATA, else ``var`` beside run.py."""
    return Path(environ.get("PINGAN_DATA") or ROOT / "var").expanduser().resolve()


def write_private(path: Path, text: str) -> None:
    """Write a file whole or not at all, readable by its owner alone."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_private(path: Path) -> str:
    """What a private file holds; refused when others can read it."""
    if stat.S_IMODE(path.stat().st_mode) & 0o077:
        raise BadSetting(f"其他用户可读取 {path}，请执行 / Others can read {path}; run: chmod 600 '{path}'")
    return path.read_text(encoding="utf-8").strip()


def kept(path: Path, make: Callable[[], str]) -> str:
    """The secret in a file of the data folder, made on the first start."""
    if not path.exists():
        write_private(path, make() + "\n")
    return read_private(path)


def _is_pattern(key: str) -> bool:
    """Whether it is a short piece again and again, or runs of characters in order."""
    steps = sum(ord(b) - ord(a) in (-1, 0, 1) for a, b in itertools.pairwise(key))
    return key in (key + key)[1:-1] or steps > len(key) // 2


def checked_key(key: str) -> str:
    """The session key, refused when it can be guessed."""
    known = any(each.lower() in key.lower() for each in KNOWN_KEYS)
    if len(key) < SHORTEST_KEY or len(set(key)) < 10 or known or _is_pattern(key):
        raise BadSetting("SECRET_KEY 太短、有规律或是公开的示例密钥：请删除该设置以自动生成，或填写 32 位以上的随机字符 / SECRET_KEY is shorter "
                         "than 32 characters, a pattern or a known example: unset it to have one made, or write 32 random characters or more.")
    return key


def checked_surroundings(data: Path, environ: Mapping[str, str] = os.environ) -> None:
    """Refuse what would open the console from below: a debugger in the page, or a data folder that others may write to."""
    if environ.get("FLASK_DEBUG", "").strip().lower() not in ("", "0", "false", "no", "off"):
        raise BadSetting("请取消 FLASK_DEBUG：调试模式会让任何访问者执行程序 / "
                         "Unset FLASK_DEBUG: a debugger in the page lets every visitor run programs.")
    if data.exists() and stat.S_IMODE(data.stat().st_mode) & 0o022:
        raise BadSetting(f"其他用户可写入数据目录 {data}，请执行 / Others can write to the data folder {data}; run: chmod go-w '{data}'")


def checked_services(chosen: Mapping[str, Any]) -> None:
    """Refuse services that would be reached without TLS; only this machine itself may be."""
    for name, secure in (("LDAP_URL", ("ldaps", "ldap")), ("OIDC_ISSUER", ("https",))):
        parts = urlsplit(chosen[name])
        if chosen[name] and (not parts.hostname or parts.scheme not in secure) and parts.hostname not in ("127.0.0.1", "localhost"):
            raise BadSetting(f"设置 PINGAN_{name} 须为加密地址 / The setting PINGAN_{name} must be an address by {' or '.join(secure)}.")


NO_DATABASE = "postgresql+psycopg://"
"""Where no start has written an address yet: enough to ask the registers something, not to reach a server."""


def database_urls(data: Path) -> dict[str, str]:
    """The two database addresses that the last start wrote down: the owner's and the application's."""
    path = data / "database.json"
    known = json.loads(read_private(path)) if path.exists() else {}
    return {"DATABASE_OWNER_URL": known.get("owner_url", ""), "SQLALCHEMY_DATABASE_URI": known.get("app_url", NO_DATABASE)}


def load(overrides: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """The configuration of the Flask application; what the caller gives (DATA_DIR included) goes before everything else."""
    given = dict(overrides or {})
    data = Path(given.get("DATA_DIR") or data_folder()).resolve()
    chosen = settings()
    checked_surroundings(data)
    checked_services(chosen)
    key = chosen.pop("SECRET_KEY") or kept(data / "secret_key", lambda: secrets.token_urlsafe(48))
    sealing = kept(data / "sealing.key", lambda: base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())
    return {
        **chosen, **database_urls(data), **fixed(chosen), "SECRET_KEY": checked_key(key),
        "SEALING_KEY": sealing, "SEALING_KEY_FILE": data / "sealing.key", **given, "DATA_DIR": data,
    }


def fixed(chosen: Mapping[str, Any]) -> dict[str, Any]:
    """What follows from the settings, or is not for an operator to choose."""
    return {
        "BABEL_DEFAULT_LOCALE": chosen["LANGUAGE"],
        "BABEL_DEFAULT_TIMEZONE": chosen["TIMEZONE"],
        "BABEL_TRANSLATION_DIRECTORIES": str(ROOT / "translations"),
        "LANGUAGES": {"zh": {"flag": "cn", "name": "简体中文"}, "en": {"flag": "gb", "name": "English"}},
        "FOOTER": chosen["SIGN_IN_NOTICE"],
        "MAX_CONTENT_LENGTH": chosen["MAX_UPLOAD_MB"] * 1024 * 1024,
        # Only how old the cookie's own signature may be; how long a session lasts is decided on the server.
        "PERMANENT_SESSION_LIFETIME": timedelta(days=31),
        "SESSION_PROTECTION": None,
        "SESSION_COOKIE_NAME": "__Host-pingan" if chosen["HTTPS"] else "pingan",
        "SESSION_COOKIE_PATH": "/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "SESSION_COOKIE_SECURE": chosen["HTTPS"],
        "SQLALCHEMY_ENGINE_OPTIONS": {"hide_parameters": True, "pool_pre_ping": True, "pool_size": chosen["THREADS"]},
        "WTF_CSRF_ENABLED": True,
        "WTF_CSRF_TIME_LIMIT": None,  # The token lives as long as the session, so that a long form is not lost.
        # Tables and permissions come from migrations and one command: two web processes that start at once would race.
        "FAB_CREATE_DB": False,
        "FAB_UPDATE_PERMS": False,
        "FAB_ADD_SECURITY_API": False,
        "FAB_ADD_SECURITY_VIEWS": False,
        "FAB_ADD_OPENAPI_VIEWS": False,
        "FAB_API_SWAGGER_UI": False,
        "FAB_ADD_MENU_API": False,
        "FAB_SAFE_REDIRECT_HOSTS": [],
        "AUTH_TYPE": 1,
        "AUTH_USER_REGISTRATION": False,
    }
