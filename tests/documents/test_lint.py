"""The layout linter: a right paper passes, and each of twelve broken ones is refused for its own reason."""
from __future__ import annotations

import json
from itertools import pairwise

import pytest

from app.documents import REPORTS, template
from app.documents.errors import LayoutRefused
from app.documents.lint import faults
from app.documents.render import Renderer

KINDS = sorted(path.parent.name for path in REPORTS.glob("*/sample.json"))
BROKEN = {
    "V02": "@page { size: 216mm 279mm }",
    "V04": "@page { margin-left: 18mm }",
    "V06": "html, p { line-height: 22pt }",
    "V07": "p { letter-spacing: -1.5pt }",
    "V10": ".note { font-size: 4pt }",
    "V11": "@page :right { @bottom-right { content: none } }",
    "V12": "@page :right { @bottom-right { padding-right: 40pt } }",
    "V14": ".mast-rule { margin-right: 60mm }",
    "V15": ".imprint { float: none }",
}


@pytest.fixture(scope="module")
def renderer(tmp_path_factory):
    """One layout process for the module."""
    made = Renderer(tmp_path_factory.mktemp("work"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def county():
    """The county's paper with its sample, as HTML."""
    return str(template.fill(REPORTS / "county", json.loads((REPORTS / "county/sample.json").read_text(encoding="utf-8"))))


def codes(renderer, html, target, text=None):
    """The rules that a layout breaks."""
    return {fault.code for fault in faults(renderer.lay_out(REPORTS / "county", html, target).path, text)}


@pytest.mark.parametrize("kind", KINDS)
def test_every_paper_of_the_console_keeps_the_standard(kind, renderer, tmp_path):
    sample = json.loads((REPORTS / kind / "sample.json").read_text(encoding="utf-8"))
    assert faults(renderer.make(REPORTS / kind, sample, tmp_path / "paper.pdf").path) == []


@pytest.mark.parametrize("code", BROKEN)
def test_a_broken_template_is_refused_for_its_own_reason(code, renderer, county, tmp_path):
    html = county.replace("</head>", f"<style>{BROKEN[code]}</style></head>")
    assert code in codes(renderer, html, tmp_path / "broken.pdf")


def test_an_empty_page_is_found(renderer, county, tmp_path):
    html = county.replace("<h2>", '<p style="break-before: page">\u00a0</p><h2 style="break-before: page">', 1)
    assert "V03" in codes(renderer, html, tmp_path / "empty.pdf")


def test_a_second_red_rule_on_a_later_page_is_found(renderer, county, tmp_path):
    html = county.replace("<h2>", '<div class="mast-rule"></div><h2>')
    assert "V13" in codes(renderer, html, tmp_path / "ruled.pdf")


def test_a_character_that_no_typeface_has_is_named(renderer, county, tmp_path):
    html = county.replace("<h2>", "<p>字符\U0001F9FF</p><h2>", 1)
    found = faults(renderer.lay_out(REPORTS / "county", html, tmp_path / "rare.pdf").path, "字符\U0001F9FF")
    assert [fault.code for fault in found] == ["V16"]
    assert "U+1F9FF" in str(found[0])


def test_a_refused_paper_leaves_no_file(renderer, tmp_path, monkeypatch):
    sample = json.loads((REPORTS / "county/sample.json").read_text(encoding="utf-8"))
    with pytest.raises(LayoutRefused, match="V16"):
        renderer.make(REPORTS / "county", {**sample, "title": "题\U0001F9FF"}, tmp_path / "paper.pdf")
    assert list(tmp_path.iterdir()) == []


def test_lines_that_mix_chinese_and_digits_keep_the_pitch(renderer, tmp_path):
    from app.documents.sheets import read

    words = "2026年11月全县共排查矛盾纠纷1,234件，化解1,198件，化解率97.1%。" * 30
    html = (f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>x</title>'
            f'<link rel="stylesheet" href="../_shared/page.css"></head><body><p>{words}</p></body></html>')
    sheet = read(renderer.lay_out(REPORTS / "county", html, tmp_path / "mixed.pdf").path)[0]
    bases = sorted({round(glyph.base, 1) for glyph in sheet.glyphs if abs(glyph.size - 15.79) < 0.1})
    lines = [base for place, base in enumerate(bases) if place == 0 or base - bases[place - 1] > 5]
    assert len(lines) == 22
    assert all(abs((after - before) - 28.98) < 0.6 for before, after in pairwise(lines))


@pytest.mark.parametrize("sign", ["𠮷", "㛃", "旻", "镕", "䶮"])
def test_rare_characters_of_names_and_places_are_printed(sign, renderer, county, tmp_path):
    html = county.replace("<h2>", f"<p>张{sign}</p><h2>", 1)
    assert faults(renderer.lay_out(REPORTS / "county", html, tmp_path / "name.pdf").path, f"张{sign}") == []
