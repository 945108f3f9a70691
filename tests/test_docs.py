"""The handbook says what is true: the register of the guide is made as it says, and its tests come for free."""
from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
FREE = 13


def test_the_register_of_the_guide_works_and_gets_its_tests_for_free(tmp_path):
    code = re.search(r"```python\n(.*?)```", (ROOT / "docs/register.md").read_text("utf-8"), re.DOTALL).group(1)
    for folder in ("app", "tests"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__", "fonts", "dist"))
    for file in ("config.py", "pyproject.toml"):
        shutil.copy(ROOT / file, tmp_path)
    (tmp_path / "app/areas/supervision/patrols.py").write_text(code, encoding="utf-8")
    checked = subprocess.run([sys.executable, "-c", "from app.core.checks import faults; print(faults())"],
                             cwd=tmp_path, capture_output=True, text=True, check=True)
    assert checked.stdout.strip() == "[]"
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", "-p", "no:xdist", "-k", "patrols", "tests/test_registers.py",
         "tests/test_exits.py", "tests/web/test_workbook.py"], cwd=tmp_path, capture_output=True, text=True, check=False)
    free = [line for line in collected.stdout.splitlines() if "patrols]" in line]
    assert len(free) >= FREE, collected.stdout[-2000:]
    assert len(code.splitlines()) <= 60


def test_the_data_dictionary_says_what_the_registers_declare(app):
    from app.web.dictionary import document

    with app.test_request_context():
        assert (ROOT / "docs/registers.md").read_text(encoding="utf-8") == document(), "run: flask registers document > docs/registers.md"
