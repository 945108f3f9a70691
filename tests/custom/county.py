"""What the tests of fields fill forms with."""
from __future__ import annotations

import io
from typing import Any

from python_calamine import CalamineWorkbook

PATH = "law_firms"


def rows_of(content: bytes) -> list[list[Any]]:
    """The first sheet of a workbook."""
    return CalamineWorkbook.from_filelike(io.BytesIO(content)).get_sheet_by_index(0).to_python()


def stands(browser: Any, firm: Any) -> dict[str, Any]:
    """The firm as the interface says it."""
    return browser.get(f"/api/v1/{PATH}/{firm.id}").json["result"]


def fill(browser: Any, firm: Any, **fields: Any) -> Any:
    """Send the form of a firm as it stands, with some fields more."""
    sent = {name: value for name, value in stands(browser, firm).items() if value not in (None, False) and name != "id"}
    return browser.send(f"/{PATH}/edit/{firm.id}", **{**sent, **fields})


def put(browser: Any, firm: Any, **values: Any) -> Any:
    """Change a firm through the interface."""
    version = stands(browser, firm)["row_version"]
    return browser.put(f"/api/v1/{PATH}/{firm.id}", json={"row_version": version, **values}, headers={"X-CSRFToken": browser.csrf()})
