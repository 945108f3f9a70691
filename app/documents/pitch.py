"""Keep the pitch of lines (行距): a line that mixes Chinese, digits and rare characters is as high as any other.

WeasyPrint centres each run of text in the line by the height of the faces it happens to hold, so that baselines differ
and the line grows by up to two points; a page of GB/T 9704 then no longer holds its 22 lines. The text is set on the
baseline of the line's own face instead.
"""
from __future__ import annotations

from typing import Any

from weasyprint.layout import inline


def hold_the_pitch() -> None:
    """Replace WeasyPrint's placing of text within the line height, for the life of the process."""
    plain = inline.split_text_box

    def split_text_box(context: Any, box: Any, *where: Any, **options: Any) -> Any:
        part, skip, broken = plain(context, box, *where, **options)
        if part is not None and part.style["line_height"] != "normal":
            line_height, baseline = inline.strut(part.style)
            rise = baseline - (part.baseline - part.margin_top)
            part.margin_top, part.margin_bottom = rise, line_height - part.height - rise
            part.baseline = baseline
        return part, skip, broken

    inline.split_text_box = split_text_box
