"""Templates (模板) in a sandbox: a missing figure is an error, never an empty place in a document."""
from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from app.documents import charts
from app.documents.errors import TemplateRefused

NUMERALS = "零一二三四五六七八九十"


def chinese_date(value: str) -> str:
    """Write a day as official papers do: 2026年11月2日, without leading zeros."""
    day = date.fromisoformat(value)
    return f"{day.year}年{day.month}月{day.day}日"


def short_date(value: str) -> str:
    """Write a day for the cell of a table: 2026-11-02 stays sortable and narrow."""
    return date.fromisoformat(value).strftime("%Y.%m.%d")


def numeral(value: int) -> str:
    """Write a small number in Chinese, as headings count (一、二、…)."""
    if value <= 10:
        return NUMERALS[value]
    tens, ones = divmod(value, 10)
    return (NUMERALS[tens] if tens > 1 else "") + "十" + (NUMERALS[ones] if ones else "")


def shown(value: Any) -> str:
    """Write a figure; what is not known is a dash."""
    if value is None:
        return "—"
    return f"{value:.1f}".removesuffix(".0") if isinstance(value, float) else str(value)


def environment(folder: Path) -> ImmutableSandboxedEnvironment:
    """Return the sandbox that sees the document's own folder and the shared one."""
    loader = FileSystemLoader([folder, folder.parent])
    sandbox = ImmutableSandboxedEnvironment(
        loader=loader, undefined=StrictUndefined, autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    sandbox.filters.update(
        chinese_date=chinese_date, short_date=short_date, numeral=numeral, shown=shown, even=charts.even
    )
    sandbox.globals.update(bars=charts.bars, line=charts.line)
    return sandbox


def fill(folder: Path, figures: dict[str, Any]) -> Markup:
    """Fill ``template.html`` of the folder with the figures."""
    try:
        return Markup(environment(folder).get_template("template.html").render(figures))
    except TemplateError as error:
        raise TemplateRefused(f"The template of {folder.name} cannot be filled: {error.message}") from error
    except (ArithmeticError, AttributeError, TypeError, ValueError) as error:
        raise TemplateRefused(f"The template of {folder.name} cannot be filled: {error}") from error
