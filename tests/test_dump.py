"""Backup and restore (备份与恢复): a dump and the attachments beside it bring a console back on another data folder."""
from __future__ import annotations

import hashlib

import psycopg
from sqlalchemy import make_url, select

from app.database import dump
from app.database.credentials import native, recall, remember
from app.web.attachments import store
from app.web.attachments.models import Attachment
from tests.web.test_attachments import ITEMS, MINE, _loose


def test_attachments_come_back_with_the_rows_that_name_them(data_dir, databases, open_folder, db_session, monkeypatch):
    content = b"%PDF-1.7 kept by the backup"
    row = _loose(ITEMS, MINE)
    sha256 = store.keep(content)
    db_session.add(Attachment(register=ITEMS.name, row_id=row.id, division_code=row.division_code, name="备份.pdf", type="pdf",
                              size=len(content), sha256=sha256))
    db_session.commit()
    monkeypatch.setenv("PINGAN_DATA", str(data_dir))
    backups = open_folder / "backups"
    backups.mkdir()
    made = dump.backup(backups)
    kept = backups / "files" / sha256[:2] / sha256
    assert hashlib.sha256(kept.read_bytes()).hexdigest() == sha256
    assert (made.stat().st_mode | kept.stat().st_mode) & 0o077 == 0
    assert dump.copy_files(data_dir / "files", backups / "files") == 0, "a second backup copies nothing again"

    new = open_folder / "restored"
    new.mkdir()
    remember(new, {**databases.empty(data_dir, "restored"), "source": "tests"})
    monkeypatch.setenv("PINGAN_DATA", str(new))
    dump.restore(made)
    assert (new / "files" / sha256[:2] / sha256).read_bytes() == content
    with psycopg.connect(native(make_url(recall(new)["owner_url"]))) as connection:
        assert connection.execute("SELECT count(*) FROM attachment WHERE sha256 = %s", (sha256,)).fetchone() == (1,)
    db_session.delete(db_session.scalar(select(Attachment).where(Attachment.sha256 == sha256)))
    db_session.commit()
