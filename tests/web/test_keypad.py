"""What a phone knows of a field (录入提示): keys, shape and room, by kind of column, on every form."""
from __future__ import annotations

import re

import pytest

from app.core.register import registers
from app.web.keypad import LONG, attributes, hint

WRITTEN = [pytest.param(r, id=r.name) for r in registers() if not r.frozen and r.area != "divisions"]
MODES = {"phone": "tel", "money": "decimal", "decimal": "decimal", "count": "numeric"}


def _control(page, name):
    found = re.search(rf'<(?:input|textarea)\b[^>]*\bname="{name}"[^>]*>', page)
    assert found, name
    return found[0]


@pytest.mark.parametrize("register", WRITTEN)
def test_every_control_says_which_keys_it_needs(register, officer):
    page = officer.get(f"/{register.name}/add").get_data(as_text=True)
    for name, column in register.writable.items():
        kind = column.info["kind"]
        if kind in ("flag", "choice", "link", "division"):
            assert attributes(column) == {}
            continue
        control = _control(page, name)
        assert 'autocomplete="off"' in control, "a register is never filled with the typist's own data"
        assert "enterkeyhint=" in control
        if mode := MODES.get(kind) or {"phone": "tel", "id": "numeric"}.get(column.info.get("mask", "")):
            assert f'inputmode="{mode}"' in control
        if kind in ("text", "note"):
            assert f'maxlength="{column.info["length"]}"' in control
            assert ("data-counted" in control) is (column.info["length"] >= LONG)
        if said := hint(column):
            assert f'id="{name}-help"' in page
            assert f"{name}-help" in re.search(r'aria-describedby="([^"]*)"', control)[1], said


@pytest.mark.parametrize("register", [p for p in WRITTEN if p.values[0].sealed])
def test_a_mask_is_never_held_to_the_pattern_of_the_whole_value(register):
    assert all("pattern" not in attributes(column) for column in register.sealed.values())
