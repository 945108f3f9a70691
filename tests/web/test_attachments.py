"""Attachments (附件): under the rights of their record, by content, clean, and gone when nobody has them."""
from __future__ import annotations

import io
import os
import struct
import time
import zipfile
import zlib
from datetime import UTC, datetime

import pytest
from PIL import Image
from sqlalchemy import delete, insert, select, text
from sqlalchemy.exc import DBAPIError

from app.core.register import find, registers
from app.core.task import TaskRefused
from app.database import db
from app.database.scope import Range, Scope, acting
from app.web.attachments import store, sweep
from app.web.attachments.kinds import KINDS, AttachmentRefused, clean_name, kind_of
from app.web.attachments.models import Attachment
from tests.test_exits import MINE, OTHERS, _moved_here

pytestmark = pytest.mark.usefixtures("issued")
ITEMS = find("supervision_items")
ALL = [pytest.param(r, id=r.name) for r in registers() if not r.frozen]
SCOPED = [p for p in ALL if not p.values[0].shared]
LOCKING = [p for p in ALL if p.values[0].workflow and p.values[0].workflow.locked]
PDF = b"%PDF-1.7\n1 0 obj<<>>endobj\ntrailer<<>>\n%%EOF\n"


def photo(size=(640, 480), form="JPEG", **words):
    """A picture as a phone takes it, with its place and device."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0112] = "SECRET-PHONE", 6
    exif.get_ifd(0x8825).update({1: "N", 2: (37.0, 9.0, 1.0), 3: "E", 4: (118.0, 7.0, 1.0)})
    made = io.BytesIO()
    Image.new("RGB", size, "teal").save(made, form, exif=exif, **words)
    return made.getvalue()


def packed(*names, fill=b"x"):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, fill)
    return made.getvalue()


def upload(person, register, pk, *files, kind="other", script=True):
    given = [(io.BytesIO(content), name) for name, content in files]
    return person.post(f"/attachments/{register.name}/{pk}", data={"csrf_token": person.csrf(), "kind": kind, "file": given},
                       headers={"X-Requested-With": "XMLHttpRequest"} if script else {}, content_type="multipart/form-data")


def rows_of(register, pk):
    db.session.rollback()
    return list(db.session.scalars(select(Attachment).where(Attachment.register == register.name, Attachment.row_id == pk)
                                   .order_by(Attachment.id)))


def _loose(register, code):
    """A row of a division that may still be changed: neither it nor the record it belongs to is closed."""
    column = getattr(register.model, register.scope_column)
    query = select(register.model).where(column >= code, column < code + "~").order_by(register.model.id.desc())
    return next((row for row in db.session.scalars(query) if not register.locked(row) and not _under_a_closed_one(register, row)), None)


def _under_a_closed_one(register, row):
    """Whether another test has closed the record that the row is a part of."""
    owners = ((owner, part.link) for owner in registers() for part in owner.parts if part.register == register.name)
    return any((above := db.session.get(owner.model, getattr(row, link))) and owner.locked(above) for owner, link in owners)


@pytest.fixture
def item(db_session):
    """An open item of the clerk's town, without files."""
    pk = _loose(ITEMS, MINE).id
    yield pk
    db_session.rollback()
    db_session.execute(delete(Attachment).where(Attachment.register == ITEMS.name, Attachment.row_id == pk))
    db_session.commit()


def test_a_photograph_comes_in_without_its_place_and_goes_out_under_its_name(clerk, item, db_session):
    answer = upload(clerk, ITEMS, item, ("整改前 现场.JPG", photo()), kind="before")
    assert answer.status_code == 201, answer.get_data(as_text=True)
    (made,) = rows_of(ITEMS, item)
    assert (made.name, made.kind, made.type) == ("整改前 现场.jpg", "before", "jpg")
    got = clerk.get(f"/attachments/file/{made.id}")
    assert got.status_code == 200
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert got.headers["Content-Security-Policy"].startswith("sandbox")
    assert "UTF-8''%E6%95%B4%E6%94%B9%E5%89%8D" in got.headers["Content-Disposition"]
    assert b"SECRET-PHONE" not in got.data
    picture = Image.open(io.BytesIO(got.data))
    assert (dict(picture.getexif()), picture.size) == ({}, (480, 640)), "it stands upright, without metadata"
    small = Image.open(io.BytesIO(clerk.get(f"/attachments/small/{made.id}").data))
    assert max(small.size) == 320
    seen = db_session.execute(text("SELECT action FROM audit_entry WHERE table_name = 'supervision_item' AND row_id = :i "
                                   "AND action IN ('attach', 'download') ORDER BY id"), {"i": item}).scalars().all()
    assert seen[-2:] == ["attach", "download"]


def test_a_document_is_saved_and_never_shown_by_the_browser(clerk, item):
    word = packed("[Content_Types].xml", "word/document.xml")
    assert upload(clerk, ITEMS, item, ("方案.docx", word), ("报告.pdf", PDF), script=False).status_code == 302
    document, paper = rows_of(ITEMS, item)
    assert clerk.get(f"/attachments/file/{document.id}").headers["Content-Disposition"].startswith("attachment")
    assert clerk.get(f"/attachments/file/{paper.id}").headers["Content-Disposition"].startswith("inline")
    assert clerk.get(f"/attachments/file/{paper.id}?save").headers["Content-Disposition"].startswith("attachment")
    assert clerk.get(f"/attachments/small/{document.id}").status_code == 404


def _huge_picture():
    """A PNG of a few bytes that says it has a billion points."""
    def part(name, body):
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", struct.pack(">IIBBBBB", 40_000, 40_000, 8, 2, 0, 0, 0)) + part(b"IDAT", zlib.compress(b"")) + part(
        b"IEND", b"")


BAD = {
    "an empty file": ("a.pdf", b"", "文件"),
    "a program called a picture": ("a.jpg", b"MZ\x90\x00" + b"\0" * 200, "仅支持"),
    "a page called a picture": ("a.png", b"<html><script>alert(1)</script></html>", "仅支持"),
    "a drawing with scripts": ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='x()'/>", "仅支持"),
    "a plain archive": ("a.zip", packed("a.txt"), "仅支持"),
    "a broken archive": ("a.docx", b"PK\x03\x04" + b"\0" * 50, "损坏"),
    "macros": ("a.docx", packed("word/document.xml", "word/vbaProject.bin"), "宏"),
    "an archive that unpacks to 500 MB": ("a.xlsx", packed("xl/workbook.xml", "xl/a.xml", fill=b"\0" * 250 * 1024 * 1024), "解压"),
    "a picture of a billion points": ("a.png", _huge_picture(), "4000 万像素"),
    "half a picture": ("a.jpg", photo()[:900], "损坏"),
    "too large a file": ("a.pdf", PDF + b"\0" * 20 * 1024 * 1024, "20 MB"),
}


@pytest.mark.parametrize("case", BAD)
def test_what_is_not_taken_is_said_and_leaves_nothing(case, clerk, item):
    name, content, words = BAD[case]
    answer = upload(clerk, ITEMS, item, (name, content))
    assert answer.status_code == 422
    assert words in answer.get_data(as_text=True)
    assert rows_of(ITEMS, item) == []


@pytest.mark.parametrize(("given", "kept"), [
    ("../../etc/passwd", "passwd.pdf"), ("C:\\机密\\报告.PDF", "报告.pdf"), ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
    ("照片\u202efdp.exe", "照片fdp.exe.pdf"), ("", "file.pdf"), ("...", "file.pdf"), (".pdf", "pdf.pdf"), ("合同.jpg", "合同.pdf"),
    ("长" * 300 + ".pdf", "长" * 120 + ".pdf"), ("\0a.pdf", "a.pdf"),
])
def test_a_name_is_kept_but_leads_nowhere(given, kept):
    assert clean_name(given, KINDS["pdf"]) == kept


def test_old_office_files_are_known_by_their_streams():
    head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600
    assert kind_of(head + "WordDocument".encode("utf-16-le")).name == "doc"
    assert kind_of(head + "Workbook".encode("utf-16-le")).name == "xls"
    assert clean_name("报表.et", KINDS["xls"]) == "报表.et"
    for bad in (head, head + "WordDocument_VBA_PROJECT".encode("utf-16-le")):
        with pytest.raises(AttachmentRefused):
            kind_of(bad)


def test_a_record_has_room_for_so_many_and_no_more(clerk, item, app, monkeypatch):
    monkeypatch.setitem(app.config, "ATTACHMENTS_PER_RECORD", 2)
    answer = upload(clerk, ITEMS, item, *((f"{n}.pdf", PDF + bytes([n])) for n in range(3)))
    assert answer.status_code == 422
    assert len(rows_of(ITEMS, item)) == 2


@pytest.mark.parametrize("register", SCOPED)
def test_another_town_s_files_do_not_exist_on_any_path(register, clerk, db_session):
    row = _loose(register, OTHERS) or _moved_here(register, OTHERS)
    pk = row.id
    made = Attachment(register=register.name, row_id=pk, division_code=getattr(row, register.scope_column), name="x.pdf", type="pdf", size=9,
                      sha256=store.keep(PDF))
    db_session.add(made)
    db_session.commit()
    number = made.id
    for path in (f"/attachments/{register.name}/{pk}", f"/attachments/file/{number}", f"/attachments/small/{number}"):
        assert clerk.get(path).status_code == 404, path
    assert clerk.send(f"/attachments/remove/{number}").status_code == 404
    assert upload(clerk, register, pk, ("a.pdf", PDF)).status_code == 404
    own = Scope(ranges=(Range.below(MINE),), user_id=1, actor="clerk")
    with acting(own):
        assert db_session.scalar(select(Attachment.id).where(Attachment.id == number)) is None
        with pytest.raises(DBAPIError):
            db_session.execute(insert(Attachment).values(
                register=register.name, row_id=pk, division_code=MINE, name="x.pdf", type="pdf", size=1, sha256="0" * 64))
        db_session.rollback()


@pytest.mark.parametrize("register", LOCKING)
def test_a_closed_record_takes_no_file_and_loses_none(register, officer, db_session):
    state = next(iter(register.workflow.locked))
    column = getattr(register.model, register.workflow.column)
    row = db_session.scalar(select(register.model).where(column == state).limit(1)) or _loose(register, MINE)
    setattr(row, register.workflow.column, state)
    db_session.commit()
    assert upload(officer, register, row.id, ("a.pdf", PDF)).status_code == 403
    with pytest.raises(DBAPIError, match="record is locked"):
        db_session.execute(insert(Attachment).values(
            register=register.name, row_id=row.id, division_code=row.division_code, name="x.pdf", type="pdf", size=1, sha256="0" * 64))


@pytest.mark.parametrize("register", [p for p in ALL if p.values[0].sensitive])
def test_files_about_people_are_for_those_who_may_open_sealed_data(register, officer, make_user, db_session):
    row = _loose(register, MINE) or _moved_here(register, MINE)
    pk = row.id
    assert upload(officer, register, pk, ("走访.jpg", photo())).status_code == 201
    made = rows_of(register, pk)[-1]
    village = make_user("村社区录入员", MINE)
    page = village.get(f"/{register.name}/show/{pk}").get_data(as_text=True)
    assert "走访.jpg" not in page
    assert village.get(f"/attachments/file/{made.id}").status_code == 403
    assert officer.get(f"/attachments/small/{made.id}").status_code == 404
    assert officer.get(f"/attachments/file/{made.id}").status_code == 200
    assert db_session.scalar(text("SELECT count(*) FROM audit_entry WHERE action = 'download' AND table_name = :t AND row_id = :i"),
                             {"t": register.table.name, "i": pk})


def test_files_move_and_go_with_their_record(db_session):
    row = _loose(ITEMS, OTHERS)
    made = ITEMS.model(division_code=row.division_code, **{n: getattr(row, n) for n in ITEMS.writable if n not in ("division_code", *ITEMS.key)})
    db_session.add(made)
    db_session.flush()
    file = Attachment(register=ITEMS.name, row_id=made.id, division_code=made.division_code, name="x.pdf", type="pdf", size=9,
                      sha256=store.keep(PDF))
    db_session.add(file)
    db_session.commit()
    made.division_code = MINE
    db_session.commit()
    db_session.refresh(file)
    assert file.division_code == MINE
    pk = made.id
    db_session.delete(made)
    db_session.commit()
    assert rows_of(ITEMS, pk) == []


def test_equal_files_lie_once_and_are_swept_when_nobody_has_them(clerk, item, db_session):
    content = PDF + os.urandom(8)
    assert upload(clerk, ITEMS, item, ("a.pdf", content), ("b.pdf", content)).status_code == 201
    first, second = rows_of(ITEMS, item)
    place = store.place(first.sha256)
    assert first.sha256 == second.sha256
    assert place.read_bytes() == content
    assert place.stat().st_mode & 0o077 == 0
    os.utime(place, (0, 0))
    assert clerk.send(f"/attachments/remove/{first.id}").status_code == 302
    sweep.run("2026-01-01")
    assert place.exists(), "the other still has it"
    assert clerk.send(f"/attachments/remove/{second.id}").status_code == 302
    os.utime(place, (time.time(), time.time()))
    sweep.run("2026-01-01")
    assert place.exists(), "what was just used is left alone for a day"
    os.utime(place, (0, 0))
    assert "1" in sweep.run("2026-01-01")
    assert not place.exists()
    with acting(Scope(ranges=(Range.below(MINE),))), pytest.raises(TaskRefused):
        sweep.run("2026-01-01")


def test_who_only_reads_adds_and_removes_nothing(leader, clerk, item):
    assert upload(clerk, ITEMS, item, ("a.pdf", PDF)).status_code == 201
    (made,) = rows_of(ITEMS, item)
    assert leader.get(f"/attachments/file/{made.id}").status_code == 200
    assert upload(leader, ITEMS, item, ("b.pdf", PDF)).status_code == 403
    assert leader.send(f"/attachments/remove/{made.id}").status_code == 403
    assert made.created_at <= datetime.now(UTC)
