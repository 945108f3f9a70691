"""Backup and restore (备份与恢复): the database by the programs that come with the embedded server, and the records' files beside it."""
from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

from app.database.credentials import ServerRefused, native, recall
from app.database.server import binaries
from config import BadSetting, data_folder

FILES = "files"
"""Attachments, in the data folder and in every backup folder: each lies there once, under its hash, whichever dumps speak of it."""


NOTE = "last_backup"
"""In the data folder: when the last backup was complete."""


def backup(folder: Path) -> Path:
    """Dump the whole database into the folder; the file appears under its name only when it and its attachments are complete."""
    file = folder / f"pingan-{datetime.now().astimezone():%Y%m%d-%H%M%S}.dump"
    draft = file.with_suffix(".part")
    draft.touch(mode=0o600)
    _program("pg_dump", "--format=custom", "--no-owner", f"--file={draft}")
    with draft.open("rb") as made:
        os.fsync(made.fileno())
    # After the dump, so that every file it speaks of is there; what is taken away meanwhile stays in the folder for a day.
    copy_files(data_folder() / FILES, folder / FILES)
    made = draft.rename(file)
    (data_folder() / NOTE).write_text(datetime.now(UTC).isoformat(), encoding="ascii")
    return made


def last_backup(data: Path) -> datetime | None:
    """When the last backup of this data folder was complete; None if there was none, or its note cannot be read."""
    try:
        return datetime.fromisoformat((data / NOTE).read_text(encoding="ascii").strip())
    except (OSError, ValueError):
        return None


def restore(file: Path) -> None:
    """Put the dump in place of what is there; the database stays as it was when it fails. Files only ever come along."""
    copy_files(file.parent / FILES, data_folder() / FILES)
    # The mark of the set-up goes, so that the next start migrates what an older console has dumped.
    with psycopg.connect(native(_owner())) as connection:
        connection.execute(f'COMMENT ON DATABASE "{_owner().database}" IS NULL')
    _program("pg_restore", "--clean", "--if-exists", "--no-owner", "--single-transaction", "--exit-on-error",
             f"--dbname={_owner().database}", str(file))


def copy_files(source: Path, target: Path) -> int:
    """Copy the attachments that the target does not have yet, each whole or not at all; answers how many."""
    wanted = [path for path in source.glob("??/*") if len(path.name) == 64 and not (target / path.parent.name / path.name).exists()]
    for path in wanted:
        there = target / path.parent.name / path.name
        there.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = there.with_suffix(".part")
        draft.touch(mode=0o600)
        shutil.copyfile(path, draft)
        with draft.open("rb") as made:
            os.fsync(made.fileno())
        draft.rename(there)
    return len(wanted)


def _owner() -> URL:
    known = recall(data_folder())
    if not known.get("owner_url"):
        raise ServerRefused("这个数据目录还没有数据库，请先运行 scripts/start / There is no database in this data folder yet: "
                            "run scripts/start first.")
    return make_url(known["owner_url"])


def _program(name: str, *words: str) -> None:
    url = _owner()
    # The address goes by the environment: other users can read the words of a command.
    address = {"PGHOST": url.query.get("host", url.host), "PGPORT": url.port or 5432, "PGUSER": url.username,
               "PGPASSWORD": url.password, "PGDATABASE": url.database}
    known = {key: str(value) for key, value in address.items() if value is not None}
    if subprocess.run([str(binaries() / name), *words], env={**os.environ, **known}, check=False).returncode:
        raise ServerRefused(f"{name} 失败，原因见上 / {name} failed, the reason is above.")


def main() -> int:
    """``backup FOLDER`` or ``restore FILE``."""
    try:
        if sys.argv[1] == "backup":
            print(backup(Path(sys.argv[2])))
        else:
            restore(Path(sys.argv[2]))
    except (ServerRefused, BadSetting) as refused:
        print(refused, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
