"""Chinese first: every text has its translation, and pages are in Chinese."""
from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

from babel.messages.pofile import read_po

ROOT = Path(__file__).parent.parent
CATALOGUE = ROOT / "translations/zh/LC_MESSAGES/messages.po"


def test_every_text_has_its_chinese(tmp_path):
    template = tmp_path / "messages.pot"
    subprocess.run([sys.executable, "-m", "babel.messages.frontend", "-q", "extract", "-F", "translations/babel.cfg", "-k", "lazy_gettext",
                    "-k", "_", "-k", "gettext", "-o", str(template), "."], cwd=ROOT, check=True, capture_output=True)
    with template.open("rb") as stream:
        wanted = {message.id for message in read_po(stream) if message.id}
    with CATALOGUE.open("rb") as stream:
        catalogue = read_po(stream)
        known = {message.id for message in catalogue if message.id and message.string and not message.fuzzy}
    assert sorted(map(str, wanted - known)) == []
    assert not catalogue.fuzzy


def test_placeholders_survive_translation():
    with CATALOGUE.open("rb") as stream:
        for message in read_po(stream):
            if message.id:
                assert set(re.findall(r"%\(\w+\)s", message.id)) == set(re.findall(r"%\(\w+\)s", message.string)), message.id


def test_pages_are_chinese_until_english_is_chosen(officer):
    assert "督查督办" in officer.get("/supervision_items/list/").get_data(as_text=True) or "督" in officer.get("/").get_data(as_text=True)
    officer.get("/lang/en?next=/")
    assert "Supervision items" in officer.get("/supervision_items/list/").get_data(as_text=True)
