"""Looking a page over (页面检查): accessibility by axe-core, words left in the wrong language, and what does not fit the window."""
from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
RUN_AXE = """tags => axe.run(document, {runOnly: tags, resultTypes: ['violations']}).then(found => found.violations.flatMap(
  rule => rule.nodes.map(node => rule.id + ' ' + node.target.join(' ') + ' ' + (node.any.concat(node.all)[0] || {message: ''}).message)))"""
SAID = """() => {
  const said = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const parent = walker.currentNode.parentElement;
    const silent = parent.closest('script, style, noscript, code, pre, kbd, [lang]:not(html), [data-verbatim]');
    if (!silent) said.push(walker.currentNode.textContent.trim());
  }
  for (const node of document.querySelectorAll('[aria-label], [title], [placeholder]'))
    for (const name of ['aria-label', 'title', 'placeholder']) said.push(node.getAttribute(name) || '');
  return said.concat(document.title).filter(Boolean);
}"""
SIGNS = """() => Array.from(document.querySelectorAll(
    'button:not(.top-person), label, th:not([scope=row]), dt, legend, h2, .field-help, [role=tab]'))
  .filter(node => !node.closest('[data-verbatim]')).map(node => node.textContent.trim()).filter(Boolean)"""
NAMES = re.compile(r"\b[0-9a-f]{32,}\b|[\w.-]*(?:demo|test|http|www|@)[\w./@-]*")
"""Hashes, accounts and addresses, which belong to no language."""
ENGLISH = re.compile(r"[A-Za-z]*[a-z]{3,}[A-Za-z]*")
KNOWN = {"Excel", "Word", "Ping", "Desk", "English", "Alt", "Ctrl", "Enter", "Esc", "Shift", "xlsx", "csv", "pdf", "demo",
         "OpenAPI", "clock", "setup", "system", "admin", "xls", "Chrome", "Firefox", "Edge", "Linux", "Windows"}
"""Names of things that are written so in Chinese as well, and of accounts."""


@cache
def _axe() -> str:
    return (ROOT / "node_modules/axe-core/axe.min.js").read_text(encoding="utf-8")


def axe(page: Any) -> list[str]:
    """What axe-core finds on the page as it stands: rule, place, reason."""
    page.evaluate(_axe())
    return page.evaluate(RUN_AXE, TAGS)


def english_left(page: Any, data: set[str] = frozenset()) -> list[str]:
    """Texts of a Chinese page that hold English words; ``data`` are words that people entered."""
    texts = dict.fromkeys(page.evaluate(SAID))
    return [text[:80] for text in texts if set(ENGLISH.findall(NAMES.sub("", text))) - KNOWN - data]


def chinese_left(page: Any) -> list[str]:
    """Signs of an English page that are still Chinese; what people entered is not a sign."""
    return [text[:80] for text in dict.fromkeys(page.evaluate(SIGNS)) if re.search(r"[\u4e00-\u9fff]", text)]


def wider_than_window(page: Any) -> bool:
    """Whether the page must be scrolled sideways."""
    return page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
