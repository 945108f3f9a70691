"""The page of official papers (GB/T 9704): what fits on it, what it may read, and the same bytes twice."""
from __future__ import annotations

import subprocess

import pytest

from app.documents import REPORTS, template
from app.documents.errors import DocumentError, RenderFailed
from app.documents.render import Renderer

LINES, CHARACTERS = 22, 28


@pytest.fixture(scope="module")
def renderer(tmp_path_factory):
    """One layout process for the module."""
    made = Renderer(tmp_path_factory.mktemp("work"))
    yield made
    made.close()


def page_of(words):
    return (f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>x</title>'
            f'<link rel="stylesheet" href="../_shared/page.css"></head><body><div>{words}</div></body></html>')


def test_a_page_holds_22_lines_of_28_characters_and_no_more(renderer, tmp_path):
    full = renderer.lay_out(REPORTS / "county", page_of("国" * LINES * CHARACTERS), tmp_path / "full.pdf")
    over = renderer.lay_out(REPORTS / "county", page_of("国" * (LINES * CHARACTERS + 1)), tmp_path / "over.pdf")
    assert (full.pages, over.pages) == (1, 2)
    lines = subprocess.run(["pdftotext", "-layout", str(full.path), "-"], capture_output=True, text=True, check=True).stdout
    assert [line.strip() for line in lines.splitlines() if "国" in line] == ["国" * CHARACTERS] * LINES


def test_a_document_cannot_read_files_or_the_network(renderer, tmp_path):
    secret = tmp_path / "secret.txt"
    secret.write_text("kept secret")
    for address in (secret.as_uri(), "http://127.0.0.1:9/x.png", "file:///etc/hostname"):
        target = tmp_path / "out.pdf"
        target.unlink(missing_ok=True)
        try:
            renderer.lay_out(REPORTS / "county", page_of(f'<img src="{address}"><a rel="attachment" href="{address}">x</a>'), target)
        except RenderFailed:
            assert not target.exists()
        else:
            assert b"EmbeddedFile" not in target.read_bytes()


def test_the_same_figures_give_the_same_bytes(renderer, tmp_path):
    one = renderer.lay_out(REPORTS / "county", page_of("同样的内容"), tmp_path / "one.pdf")
    two = renderer.lay_out(REPORTS / "county", page_of("同样的内容"), tmp_path / "two.pdf")
    assert one.sha256 == two.sha256


def test_a_template_cannot_leave_its_sandbox_and_misses_nothing_silently(tmp_path):
    for attack in ("{{ ''.__class__.__mro__ }}", "{{ missing }}", "{{ range.__globals__ }}"):
        folder = tmp_path / "attack"
        folder.mkdir(exist_ok=True)
        (folder / "template.html").write_text(attack, encoding="utf-8")
        with pytest.raises(DocumentError):
            template.fill(folder, {})
