"""The data dictionary (数据字典): every register with its columns and code tables, as a page of Markdown."""
from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flask_babel import force_locale
from flask_babel import gettext as _

from app.core.conditions import condition, only_words
from app.core.register import Register, areas, registers

HEAD = """# 数据字典 / Registers

本页由 `flask registers document` 从台账声明生成，请勿手改。Made from the declarations by `flask registers document`; do not edit.
"""


def _kind(column: Any) -> str:
    info = column.info
    if info["kind"] == "link":
        return f"link → {info['register']}"
    length = getattr(column.type, "length", None) if info["kind"] in ("text", "number") else None
    return f"{info['kind']}({length})" if length else str(info["kind"])


def _remarks(column: Any) -> str:
    info = column.info
    words = [str(info["help"])] if info.get("help") else []
    if condition(column):
        words.append(only_words(column))
    if info["kind"] == "choice":
        words.append("；".join(f"{member.value} {member.label}" for member in info["choice"]))
    if info.get("own"):
        words.append(_("the county's own"))
    if info.get("fixed"):
        words.append(_("filled by the console"))
    return " ".join(words).replace("|", "\\|")


def _section(register: Register, columns: dict[str, Any]) -> Iterator[str]:
    yield f"### {register.label} `{register.name}`\n"
    if register.intro:
        yield f"{register.intro}\n"
    facts = [_("Table: %(name)s", name=f"`{register.table.name}`"), _("Rights: %(verbs)s", verbs=", ".join(register.verbs()))]
    if register.key:
        facts.append(_("Key in workbooks: %(columns)s", columns=", ".join(register.key)))
    yield " · ".join(facts) + "\n"
    heads = (_("Column"), _("Name"), _("Kind"), _("Required"), _("Remarks"))
    yield f"| {' | '.join(heads)} |\n|---|---|---|---|---|"
    for name, column in columns.items():
        need = "" if column.nullable else "*"
        yield f"| `{name}` | {column.info['label']} | {_kind(column)} | {need} | {_remarks(column)} |"
    yield ""


def document(*, own: bool = False) -> str:
    """The whole dictionary, in Chinese, areas in menu order; with the county's own fields if they are wanted."""
    with force_locale("zh"):
        lines = [HEAD]
        for area in areas().values():
            lines.append(f"## {area.label}\n")
            for register in registers():
                if register.area == area.name:
                    lines += _section(register, register.columns if own else register.declared.columns)
        return "\n".join(lines).rstrip() + "\n"
