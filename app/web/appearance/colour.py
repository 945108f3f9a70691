"""One accent colour and the tints that follow from it, each light enough or dark enough to be read (WCAG 1.4.3)."""
from __future__ import annotations

import re

ENOUGH = 4.5
"""The contrast that text of the usual size needs."""

Tint = tuple[int, int, int]


def parse(text: str) -> Tint | None:
    """Red, green and blue of ``#rrggbb``; None for anything else."""
    found = re.fullmatch(r"#([0-9a-fA-F]{2})([0-9a-fA-F]{2})([0-9a-fA-F]{2})", text)
    return (int(found[1], 16), int(found[2], 16), int(found[3], 16)) if found else None


def brightness(tint: Tint) -> float:
    """Relative luminance, 0 (black) to 1 (white)."""
    linear = [part / 255 / 12.92 if part <= 10 else ((part / 255 + 0.055) / 1.055) ** 2.4 for part in tint]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: Tint, other: Tint) -> float:
    """The contrast of two colours, 1 to 21."""
    high, low = sorted((brightness(one), brightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def mixed(tint: Tint, other: Tint, share: float) -> str:
    """The colour with a share of another in it."""
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in zip(tint, other, strict=True))


def readable(text: str) -> bool:
    """Whether white words on the colour, and words of the colour on white and on its own light tint, can be read."""
    tint = parse(text)
    if tint is None:
        return False
    light = parse(mixed(tint, (255, 255, 255), 0.91))
    return light is not None and min(contrast(tint, (255, 255, 255)), contrast(tint, light)) >= ENOUGH


def sheet(text: str) -> str:
    """The style sheet that puts the accent in place of the shipped blue."""
    tint = parse(text)
    if tint is None:
        return ""
    dark, light = mixed(tint, (0, 0, 0), 0.22), mixed(tint, (255, 255, 255), 0.91)
    plain, hover = ", ".join(map(str, tint)), ", ".join(map(str, parse(dark) or tint))
    return (f":root {{ --primary: {text}; --primary-dark: {dark}; --primary-light: {light}; --bright: {text}; --bs-primary: {text}; "
            f"--bs-primary-rgb: {plain}; --bs-link-color: {text}; --bs-link-color-rgb: {plain}; "
            f"--bs-link-hover-color-rgb: {hover}; --ring: rgba({plain}, .25); }}\n"
            f".side-scroll a.active {{ background: {text}; }}\n.bare-side {{ background: {dark}; }}\n"
            f"progress::-webkit-progress-value {{ background: {text}; }}\n")
