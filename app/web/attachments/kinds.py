"""What a file is (文件类型), told by its content; its name is only believed where both agree."""
from __future__ import annotations

import io
import re
import unicodedata
import zipfile
from dataclasses import dataclass

from flask_babel import gettext as _

LONGEST_NAME = 120
MOST_UNPACKED = 400 * 1024 * 1024
MOST_PARTS = 10_000


class AttachmentRefused(ValueError):
    """The file is not taken; the message says why and what to do."""


@dataclass(frozen=True)
class Kind:
    """A kind of file that is taken: how browsers call it, and the endings its name may have."""

    name: str
    mime: str
    endings: tuple[str, ...]
    icon: str = "file-text"
    image: bool = False

    @property
    def inline(self) -> bool:
        """Whether a browser may show it itself; everything else is saved."""
        return self.image or self.name == "pdf"


OFFICE = "application/vnd.openxmlformats-officedocument."
KINDS = {kind.name: kind for kind in (
    Kind("jpg", "image/jpeg", ("jpg", "jpeg", "jfif"), icon="photo", image=True),
    Kind("png", "image/png", ("png",), icon="photo", image=True),
    Kind("webp", "image/webp", ("webp",), icon="photo", image=True),
    Kind("gif", "image/gif", ("gif",), icon="photo", image=True),
    Kind("pdf", "application/pdf", ("pdf",), icon="file-type-pdf"),
    Kind("docx", f"{OFFICE}wordprocessingml.document", ("docx",)),
    Kind("xlsx", f"{OFFICE}spreadsheetml.sheet", ("xlsx",), icon="file-spreadsheet"),
    Kind("pptx", f"{OFFICE}presentationml.presentation", ("pptx",)),
    Kind("ofd", "application/ofd", ("ofd",)),
    Kind("doc", "application/msword", ("doc", "wps")),
    Kind("xls", "application/vnd.ms-excel", ("xls", "et"), icon="file-spreadsheet"),
)}
STARTS = ((b"\xff\xd8\xff", "jpg"), (b"\x89PNG\r\n\x1a\n", "png"), (b"GIF87a", "gif"), (b"GIF89a", "gif"), (b"%PDF-", "pdf"))
PACKED = (("word/document.xml", "docx"), ("xl/workbook.xml", "xlsx"), ("ppt/presentation.xml", "pptx"), ("OFD.xml", "ofd"))
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
STREAMS = (("WordDocument", "doc"), ("Workbook", "xls"))
UNSEEN = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def kind_of(content: bytes) -> Kind:
    """The kind of a file, or AttachmentRefused."""
    if not content:
        raise AttachmentRefused(_("The file is empty."))
    for start, name in STARTS:
        if content.startswith(start):
            return KINDS[name]
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return KINDS["webp"]
    name = _packed(content) if content.startswith(b"PK\x03\x04") else _compound(content) if content.startswith(OLE) else ""
    if not name:
        raise AttachmentRefused(_("Only pictures, PDF, Word, Excel, PowerPoint, WPS and OFD files are taken; "
                                  "this one is something else, whatever its name says."))
    return KINDS[name]


def _packed(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as broken:
        raise AttachmentRefused(_("The file is damaged: it cannot be opened.")) from broken
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
        raise AttachmentRefused(_("The file would unpack to far more than it is; it is not taken."))
    names = {part.filename for part in parts}
    if any(name.endswith("vbaProject.bin") for name in names):
        raise AttachmentRefused(_("The file holds macros; save it without them and add it again."))
    return next((name for path, name in PACKED if path in names), "")


def _compound(content: bytes) -> str:
    if "_VBA_PROJECT".encode("utf-16-le") in content:
        raise AttachmentRefused(_("The file holds macros; save it without them and add it again."))
    return next((name for stream, name in STREAMS if stream.encode("utf-16-le") in content), "")


def clean_name(given: str, kind: Kind) -> str:
    """The file's own name without folders, unseen characters and a wrong ending."""
    name = UNSEEN.sub("", unicodedata.normalize("NFC", given)).replace("\\", "/").rsplit("/", 1)[-1]
    name = re.sub(r'[<>:"|?*]', "_", name).strip(" .")
    stem, _dot, ending = name.rpartition(".")
    known = {each for other in KINDS.values() for each in other.endings}
    if ending.lower() not in known or not stem:
        stem, ending = name, kind.endings[0]
    elif ending.lower() not in kind.endings:
        ending = kind.endings[0]
    return f"{stem[:LONGEST_NAME].rstrip(' .') or 'file'}.{ending.lower()}"
