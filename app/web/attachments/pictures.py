"""Photographs (照片): drawn anew, so that place, device and whatever hides in them stay behind."""
from __future__ import annotations

import io
import threading

from flask_babel import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from app.web.attachments.kinds import AttachmentRefused, Kind

MOST_PIXELS = 40_000_000
THUMBNAIL = 320
FORMATS = {"jpg": "JPEG", "png": "PNG", "webp": "WEBP", "gif": "GIF"}
BROKEN = (UnidentifiedImageError, OSError, SyntaxError, ValueError)
# One large picture takes 160 MB while it is drawn; two at once would double what a web process needs.
_one_at_a_time = threading.Lock()


def _opened(content: bytes, kind: Kind) -> Image.Image:
    """The picture, not yet decoded, and refused while that is cheap."""
    picture = Image.open(io.BytesIO(content), formats=[FORMATS[kind.name]])
    if picture.width * picture.height * getattr(picture, "n_frames", 1) > MOST_PIXELS:
        raise Image.DecompressionBombError
    return picture


def cleaned(content: bytes, kind: Kind) -> bytes:
    """The picture upright and without any of its metadata (GPS, device, comments)."""
    with _one_at_a_time:
        try:
            return _drawn_anew(_opened(content, kind), kind)
        except Image.DecompressionBombError as large:
            raise AttachmentRefused(_("The picture has more than 40 million pixels; make it smaller and add it again.")) from large
        except BROKEN as broken:
            raise AttachmentRefused(_("The picture is damaged: it cannot be opened.")) from broken


def _drawn_anew(picture: Image.Image, kind: Kind) -> bytes:
    made, moving = io.BytesIO(), getattr(picture, "n_frames", 1) > 1
    if moving and kind.name in ("gif", "webp"):
        picture.save(made, FORMATS[kind.name], save_all=True, exif=b"", xmp=b"", icc_profile=None, comment=b"")
        return made.getvalue()
    upright = ImageOps.exif_transpose(picture)
    bare = _sheet(upright, kind)
    bare.save(made, FORMATS[kind.name], **({"quality": 90} if kind.name in ("jpg", "webp") else {}))
    return made.getvalue()


def _sheet(picture: Image.Image, kind: Kind) -> Image.Image:
    """The bare points of a picture: a fresh sheet knows no metadata."""
    mode = "RGB" if kind.name == "jpg" else "RGBA" if "A" in picture.getbands() or "transparency" in picture.info else "RGB"
    sheet = Image.new(mode, picture.size)
    sheet.paste(picture.convert(mode))
    return sheet


def thumbnail(content: bytes) -> bytes:
    """A small JPEG of a picture, white where it is see-through."""
    with _one_at_a_time, Image.open(io.BytesIO(content), formats=list(FORMATS.values())) as picture:
        picture.draft("RGB", (THUMBNAIL * 2, THUMBNAIL * 2))
        small = picture.convert("RGBA")
        small.thumbnail((THUMBNAIL, THUMBNAIL))
        sheet, made = Image.new("RGB", small.size, "white"), io.BytesIO()
        sheet.paste(small, mask=small)
        sheet.save(made, "JPEG", quality=80)
        return made.getvalue()
