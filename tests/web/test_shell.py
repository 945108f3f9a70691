"""The shell around every page: few requests, small answers, the bell, the help, and a county's own appearance."""
from __future__ import annotations

import gzip
import io
import re
import struct
import zlib

import pytest
from sqlalchemy import delete, select

from app.audit import AuditEntry
from app.core.register import registers
from app.web.appearance.colour import contrast, parse, readable
from app.web.appearance.model import AppearanceRow

REGISTERS = [pytest.param(r, id=r.name) for r in registers()]
REQUESTS, BYTES = 10, 120 * 1024


def picture():
    """A PNG of one pixel."""
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
    return (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(b"\0\0\0\0"))
            + chunk(b"IEND", b""))


@pytest.fixture
def looks(db_session):
    """The shipped appearance, before and after."""
    def shipped():
        db_session.rollback()
        db_session.execute(delete(AppearanceRow))
        db_session.commit()
    shipped()
    yield
    shipped()


def files_of(page):
    """Every file that a page makes the browser ask for."""
    found = re.findall(r'<(?:link[^>]*?href|script[^>]*?src|img[^>]*?src)="([^"]+)"', page)
    return {*found, *re.findall(r'<use href="([^"#]+)#', page)}


@pytest.mark.parametrize("register", REGISTERS)
def test_a_list_asks_for_few_files_and_few_bytes(register, officer):
    answer = officer.get(f"/{register.name}/list/", headers={"Accept-Encoding": "gzip"})
    page = gzip.decompress(answer.data).decode()
    files = files_of(page)
    sizes = [len(officer.get(path, headers={"Accept-Encoding": "gzip"}).data) for path in files]
    # The page itself and the bell's question come on top of the files.
    assert len(files) + 2 <= REQUESTS, sorted(files)
    assert len(answer.data) + sum(sizes) <= BYTES


def test_texts_are_compressed_as_the_browser_can_read_them(officer):
    for path in ("/", "/desk.js", "/desk.css", "/static/dist/vendor.css", "/api/v1/divisions/"):
        plain = officer.get(path)
        packed = officer.get(path, headers={"Accept-Encoding": "gzip"})
        assert "Content-Encoding" not in plain.headers, path
        assert packed.headers["Content-Encoding"] == "gzip", path
        assert "Accept-Encoding" in packed.headers["Vary"]
        assert len(packed.data) < len(gzip.decompress(packed.data)) * 0.7


def test_the_length_of_a_page_tells_nothing_about_its_token(officer):
    lengths = {len(officer.get("/help").data) for _ in range(12)}
    assert len(lengths) > 3


def test_the_bell_counts_the_open_work_of_whoever_asks(officer, clerk, client):
    told = officer.get("/bell").get_json()
    assert told["count"] > 0
    assert told["html"].count("<li>") == min(told["count"], 10)
    assert clerk.get("/bell").get_json()["count"] < told["count"]
    assert client.get("/bell").status_code in (302, 401)


def test_a_page_does_not_wait_for_the_bell(officer, statements):
    officer.get("/help")
    with statements() as seen:
        officer.get("/help")
    assert not [each for each in seen if "supervision_item" in each]


def test_the_help_is_for_everybody_signed_in(officer, system_admin, client):
    assert officer.get("/help").status_code == system_admin.get("/help").status_code == 200
    assert client.get("/help").status_code == 302


def test_a_county_dresses_its_console_and_others_see_it_at_once(looks, system_admin, officer, client, db_session):
    officer.get("/")
    answer = system_admin.post("/appearance/", content_type="multipart/form-data", data={
        "csrf_token": system_admin.csrf(), "county_name": "试验县", "accent": "#8a1f1f", "notice": "登录提示", "footer": "页脚提示",
        "emblem": (io.BytesIO(picture()), "e.png")})
    assert answer.status_code == 302
    page, gate = officer.get("/").get_data(as_text=True), client.get("/login/").get_data(as_text=True)
    assert "试验县" in page
    assert "页脚提示" in page
    assert "/appearance.css?v=" in page
    sheet = client.get("/appearance.css")
    assert "#8a1f1f" in sheet.get_data(as_text=True)
    assert client.get("/emblem").data == picture()
    assert "登录提示" in gate
    entry = db_session.scalar(select(AuditEntry).where(AuditEntry.table_name == "appearance").order_by(AuditEntry.id.desc()).limit(1))
    assert entry.changes["county_name"] == [None, "试验县"]
    assert entry.changes.get("emblem", ["***"])[0] == "***"


@pytest.mark.parametrize(("field", "value"), [("accent", "#ffff00"), ("accent", "red"), ("accent", "#12345"), ("county_name", "长" * 31),
                                              ("footer", "长" * 201)])
def test_a_wrong_setting_is_refused_and_what_was_typed_stays(looks, field, value, system_admin, db_session):
    data = {"csrf_token": system_admin.csrf(), "county_name": "试验县", field: value}
    answer = system_admin.post("/appearance/", data=data)
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.get_data(as_text=True)
    assert db_session.scalar(select(AppearanceRow.id)) is None


@pytest.mark.parametrize("content", [b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", b"GIF89a", b"x" * (201 * 1024)])
def test_an_emblem_is_a_small_picture_or_nothing(looks, content, system_admin, db_session):
    answer = system_admin.post("/appearance/", content_type="multipart/form-data",
                               data={"csrf_token": system_admin.csrf(), "emblem": (io.BytesIO(content), "e.png")})
    assert answer.status_code == 422
    assert db_session.scalar(select(AppearanceRow.id)) is None


def test_only_the_system_admin_changes_the_appearance(officer, clerk):
    assert officer.get("/appearance/").status_code == clerk.get("/appearance/").status_code == 403


def test_the_shipped_blue_can_be_read_and_yellow_cannot():
    assert readable("#1558c4")
    assert not readable("#ffd400")
    assert round(contrast(parse("#000000"), parse("#ffffff"))) == 21
