"""The faces of documents (公文字体): the county's own first, then the open ones; no face of the machine."""
from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTCollection, TTFont

SHIPPED = Path(__file__).parent / "fonts"

# The wanted face, the file that holds it, and the face that stands in for it.
NEEDED = (("仿宋", "FandolFang.otf", "Noto Serif SC"), ("楷体", "FandolKai.otf", "Noto Serif SC"), ("扩展区汉字", "HanaMinB.ttf", "□"))

_CONFIG = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig>
{folders}
<cachedir>{cache}</cachedir>
<config><rescan><int>0</int></rescan></config>
</fontconfig>
"""


def is_ready() -> bool:
    """Tell whether the open faces have been gathered."""
    return (SHIPPED / "stamp.json").is_file()


def stand_ins() -> list[str]:
    """Name the faces that another stands in for, for the console to say so."""
    if not is_ready():
        return []
    there = set(json.loads((SHIPPED / "stamp.json").read_text("utf-8"))["faces"])
    return [f"{wanted} → {instead}" for wanted, file, instead in NEEDED if file not in there]


def configure(work: Path, own: Path | None = None) -> Path:
    """Write the private fontconfig file, so that the same bytes come out on every machine."""
    work.mkdir(parents=True, exist_ok=True)
    folders = [folder for folder in (own, SHIPPED) if folder and folder.is_dir()]
    listed = "\n".join(f"<dir>{escape(str(folder.resolve()))}</dir>" for folder in folders)
    text = _CONFIG.format(folders=listed, cache=escape(str((work / "font-cache").resolve())))
    target = work / "fonts.conf"
    if not target.is_file() or target.read_text("utf-8") != text:
        target.write_text(text, "utf-8")
    return target


def holds(sign: str, own: Path | None = None) -> bool:
    """Whether any face can print the character; asked for rare ones only, since reading a face takes a while."""
    return any(ord(sign) in _signs(path) for folder in (SHIPPED, own) if folder and folder.is_dir()
               for path in sorted(folder.iterdir()) if path.suffix.lower() in (".ttf", ".otf", ".ttc"))


@lru_cache(maxsize=32)
def _signs(path: Path) -> frozenset[int]:
    face = TTCollection(path).fonts[0] if path.suffix.lower() == ".ttc" else TTFont(path, lazy=True)
    return frozenset(face.getBestCmap() or ())
