"""Attachments for programs (附件接口): the same rights as on the page, whole or in pieces, and past the virus scanner."""
from __future__ import annotations

import hashlib
import os
import socket
import struct
import threading
import time

import pytest
from sqlalchemy import delete, select

from app.core.register import find
from app.web.attachments import store, sweep
from app.web.attachments.models import Attachment
from app.web.attachments.uploads import Upload
from tests.test_exits import MINE, OTHERS
from tests.web.test_attachments import PDF, SCOPED, _loose, _moved_here, photo, rows_of

pytestmark = pytest.mark.usefixtures("issued")
ITEMS = find("supervision_items")
FILES, UPLOADS = "/api/v1/attachments/", "/api/v1/uploads/"


@pytest.fixture
def item(db_session):
    """An open item of the clerk's town; its files are gone afterwards."""
    pk = _loose(ITEMS, MINE).id
    db_session.rollback()
    yield pk
    db_session.rollback()
    for model in (Attachment, Upload):
        db_session.execute(delete(model).where(model.register == ITEMS.name, model.row_id == pk))
    db_session.commit()


def ask(person, method, path, data=None, **words):
    headers = {"X-CSRFToken": person.csrf(), **words.pop("headers", {})}
    kind = {"content_type": "application/octet-stream"} if data is not None else {}
    return person.open(path, method=method, data=data, headers=headers, **kind, **words)


def whole(person, pk, content, name="方案.pdf", register=ITEMS, **more):
    return ask(person, "POST", FILES, content, query_string={"register": register.name, "row": pk, "name": name, **more})


def announce(person, pk, content, register=ITEMS, **more):
    said = {"register": register.name, "row": pk, "name": "大文件.pdf", "size": len(content), "sha256": hashlib.sha256(content).hexdigest(), **more}
    return person.post(UPLOADS, json=said, headers={"X-CSRFToken": person.csrf()})


def piece(person, number, content, offset):
    return ask(person, "PATCH", f"{UPLOADS}{number}", content, headers={"Upload-Offset": str(offset)})


def test_a_file_is_sent_listed_loaded_and_removed(clerk, item):
    made = whole(clerk, item, photo(), "现场.jpg", kind="before")
    assert made.status_code == 201, made.get_json()
    file = made.get_json()["result"]
    assert (file["name"], file["kind"], file["type"], file["row"]) == ("现场.jpg", "before", "jpg", item)
    assert clerk.get(FILES, query_string={"register": ITEMS.name, "row": item}).get_json()["result"] == [file]
    assert clerk.get(f"{FILES}{file['id']}").get_json()["result"] == file
    got = clerk.get(f"{FILES}{file['id']}/content")
    assert hashlib.sha256(got.data).hexdigest() == file["sha256"]
    assert got.headers["X-Content-Type-Options"] == "nosniff"
    assert b"SECRET-PHONE" not in got.data
    assert ask(clerk, "DELETE", f"{FILES}{file['id']}").status_code == 204
    assert clerk.get(f"{FILES}{file['id']}").status_code == 404


@pytest.mark.parametrize(("content", "more", "status", "field"), [
    (b"MZ" + b"\0" * 90, {}, 422, "file"), (PDF, {"kind": "x"}, 422, "kind"), (PDF, {"name": ""}, 422, "name"), (b"", {}, 422, "file"),
])
def test_what_cannot_be_taken_is_told(content, more, status, field, clerk, item):
    answer = whole(clerk, item, content, **more)
    assert answer.status_code == status
    assert [each["field"] for each in answer.get_json()["errors"]] == [field]
    assert rows_of(ITEMS, item) == []


def test_only_bytes_are_taken_and_no_more_than_the_limit(clerk, item):
    where = {"register": ITEMS.name, "row": item, "name": "a.pdf"}
    assert clerk.post(FILES, json={}, query_string=where, headers={"X-CSRFToken": clerk.csrf()}).status_code == 415
    assert whole(clerk, item, PDF + b"\0" * (20 * 1024 * 1024)).status_code == 413


def test_a_file_comes_in_pieces_and_goes_on_after_a_broken_line(clerk, item):
    content = PDF + os.urandom(3000)
    begun = announce(clerk, item, content)
    assert (begun.status_code, begun.headers["Upload-Offset"]) == (201, "0")
    number = begun.get_json()["result"]["id"]
    assert piece(clerk, number, content[:1000], 0).get_json()["result"]["offset"] == 1000
    again = piece(clerk, number, content[:1000], 0)
    assert (again.status_code, again.get_json()["code"], again.headers["Upload-Offset"]) == (409, "wrong_offset", "1000")
    place = int(clerk.get(f"{UPLOADS}{number}").headers["Upload-Offset"])
    assert piece(clerk, number, content[place:2500], place).status_code == 200
    done = piece(clerk, number, content[2500:], 2500)
    assert done.status_code == 201
    assert done.get_json()["result"]["sha256"] == hashlib.sha256(content).hexdigest()
    assert clerk.get(f"{UPLOADS}{number}").status_code == 404
    assert not list((store.folder() / store.PIECES).glob(f"{number}.part"))
    assert [file.name for file in rows_of(ITEMS, item)] == ["大文件.pdf"]


def test_another_content_than_announced_is_not_taken(clerk, item):
    number = announce(clerk, item, PDF).get_json()["result"]["id"]
    assert piece(clerk, number, PDF + b"x", 0).status_code == 422
    wrong = piece(clerk, number, b"x" * len(PDF), 0)
    assert (wrong.status_code, wrong.get_json()["code"]) == (422, "wrong_hash")
    assert clerk.get(f"{UPLOADS}{number}").status_code == 404, "the next try begins anew"
    assert rows_of(ITEMS, item) == []


@pytest.mark.parametrize("wrong", [{"size": 0}, {"size": 10**9}, {"size": "9"}, {"size": True}, {"sha256": "x"}, {"name": 5}, {"kind": []},
                                   {"more": 1}])
def test_an_announcement_that_makes_no_sense_is_refused(wrong, clerk, item):
    answer = announce(clerk, item, PDF, **wrong)
    assert answer.status_code == 422
    assert [each["field"] for each in answer.get_json()["errors"]] == list(wrong)


def test_an_upload_is_its_senders_alone(clerk, officer, item):
    number = announce(clerk, item, PDF).get_json()["result"]["id"]
    for answer in (officer.get(f"{UPLOADS}{number}"), piece(officer, number, PDF, 0), ask(officer, "DELETE", f"{UPLOADS}{number}")):
        assert answer.status_code == 404
    assert ask(clerk, "DELETE", f"{UPLOADS}{number}").status_code == 204


def test_pieces_left_behind_are_swept(clerk, item, db_session):
    number = announce(clerk, item, PDF).get_json()["result"]["id"]
    piece(clerk, number, PDF[:9], 0)
    place = store.folder() / store.PIECES / f"{number}.part"
    os.utime(place, (time.time() - 2 * store.GRACE,) * 2)
    sweep.run("2026-01-01")
    assert not place.exists()


@pytest.mark.parametrize("register", SCOPED)
def test_another_towns_files_do_not_exist_for_programs_either(register, clerk, db_session):
    row = _loose(register, OTHERS) or _moved_here(register, OTHERS)
    pk = row.id
    made = Attachment(register=register.name, row_id=pk, division_code=getattr(row, register.scope_column), name="x.pdf", type="pdf", size=9,
                      sha256=store.keep(PDF))
    db_session.add(made)
    db_session.commit()
    number = made.id
    answers = [clerk.get(FILES, query_string={"register": register.name, "row": pk}), clerk.get(f"{FILES}{number}"),
               clerk.get(f"{FILES}{number}/content"), ask(clerk, "DELETE", f"{FILES}{number}"), whole(clerk, pk, PDF, register=register),
               announce(clerk, pk, PDF, register=register)]
    assert [answer.status_code for answer in answers] == [404] * 6
    db_session.delete(made)
    db_session.commit()


def test_who_only_reads_sends_and_removes_nothing(leader, clerk, item):
    number = whole(clerk, item, PDF).get_json()["result"]["id"]
    assert leader.get(f"{FILES}{number}").status_code == 200
    for answer in (whole(leader, item, PDF), announce(leader, item, PDF), ask(leader, "DELETE", f"{FILES}{number}")):
        assert answer.status_code == 403


def test_files_about_people_leave_only_after_a_fresh_proof(officer, db_session):
    register = find("key_person_files")
    pk = (_loose(register, MINE) or _moved_here(register, MINE)).id
    db_session.rollback()
    number = whole(officer, pk, PDF, register=register).get_json()["result"]["id"]
    assert officer.get(f"{FILES}{number}/content").status_code == 200
    db_session.execute(Attachment.__table__.metadata.tables["login_session"].update().values(proved_at=db_session.scalar(select(Attachment.created_at)
                       .where(Attachment.id == number)).replace(year=2020)))
    db_session.commit()
    refused = officer.get(f"{FILES}{number}/content")
    assert (refused.status_code, refused.get_json()["code"]) == (403, "proof_required")
    db_session.execute(delete(Attachment).where(Attachment.id == number))
    db_session.commit()


@pytest.fixture
def clamd(app, monkeypatch):
    """A scanner that speaks clamd's INSTREAM and finds whatever holds the word EICAR."""
    server, seen = socket.create_server(("127.0.0.1", 0)), []

    def exactly(link, count):
        got = b""
        while len(got) < count:
            got += link.recv(count - len(got))
        return got

    def serve():
        while True:
            try:
                link, _address = server.accept()
            except OSError:
                return
            with link:
                assert exactly(link, 10) == b"zINSTREAM\0"
                content = b""
                while length := struct.unpack(">I", exactly(link, 4))[0]:
                    content += exactly(link, length)
                seen.append(content)
                link.sendall(b"stream: Eicar-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    monkeypatch.setitem(app.config, "SCANNER", f"tcp://127.0.0.1:{server.getsockname()[1]}")
    yield seen
    server.close()


def test_every_file_passes_the_scanner_first(clerk, item, clamd):
    large = PDF + os.urandom(200_000)
    assert whole(clerk, item, large).status_code == 201
    assert clamd == [large]
    found = whole(clerk, item, PDF + b"EICAR")
    assert found.status_code == 422
    assert "Eicar-Signature" in found.get_json()["errors"][0]["message"]
    assert len(rows_of(ITEMS, item)) == 1


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:9", "unix:/nowhere/clamd.ctl"])
def test_without_an_answer_of_the_scanner_no_file_is_taken(address, clerk, item, app, monkeypatch):
    monkeypatch.setitem(app.config, "SCANNER", address)
    answer = whole(clerk, item, PDF)
    assert answer.status_code == 422
    assert "病毒扫描" in answer.get_json()["errors"][0]["message"]
    assert rows_of(ITEMS, item) == []
