"""The kind of browser in words (浏览器类别): enough to know one's own devices by, too little to follow anybody."""
from __future__ import annotations

BROWSERS = (
    ("MicroMessenger", "微信"), ("DingTalk", "钉钉"), ("360SE", "360"), ("360EE", "360"), ("QIHU", "360"), ("QQBrowser", "QQ"),
    ("MetaSr", "搜狗"), ("Edg", "Edge"), ("OPR/", "Opera"), ("HuaweiBrowser", "华为"), ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"), ("Chromium/", "Chromium"), ("Safari/", "Safari"),
)
"""Pieces of what browsers call themselves, the more special first: most of them claim to be Chrome and Safari too."""
SYSTEMS = (
    ("HarmonyOS", "HarmonyOS"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("UOS", "统信 UOS"), ("Kylin", "银河麒麟"), ("Linux", "Linux"),
)


def _named(text: str, known: tuple[tuple[str, str], ...]) -> str:
    return next((name for piece, name in known if piece in text), "")


def family(text: str) -> str:
    """Browser and system, such as ``Edge · Windows``; empty for what is neither."""
    return " · ".join(filter(None, (_named(text, BROWSERS), _named(text, SYSTEMS))))


def is_phone(words: str) -> bool:
    """Whether the family names something that is held in the hand."""
    return words.endswith(("Android", "iPhone", "iPad", "HarmonyOS"))
