"""Charts (统计图) as SVG written by hand: their text is set in the document's own faces and stays text."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor, log10

from jinja2 import Environment
from markupsafe import Markup

INK = "#333333"
GRID = "#d9d9d9"
TONES = ("#2f5d8a", "#c0392b", "#8a8f98", "#c98a1b")
FACE = "'Noto Sans SC', sans-serif"
FIGURE_FACE = "Tinos, 'Noto Serif SC', serif"

SMALLEST = 7.5
"""The smallest type of a name, in the units of the drawing."""
LINES = 3

_ENVIRONMENT = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True)

_FRAME = """
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {{ box.width }} {{ box.height }}" width="{{ box.width }}"
 height="{{ box.height }}" font-family="{{ face }}" font-size="10" fill="{{ ink }}" role="img">
{% for key in keys %}
<rect x="{{ key.x }}" y="3" width="10" height="8" fill="{{ key.tone }}"/>
<text x="{{ key.x + 14 }}" y="11">{{ key.label }}</text>
{% endfor %}
{% for tick in ticks %}
<path d="M{{ box.left }} {{ tick.y }}H{{ box.width }}" stroke="{{ grid }}" stroke-width="{{ 1 if tick.value == 0 else 0.5 }}"/>
<text x="{{ box.left - 5 }}" y="{{ tick.y + 3.5 }}" text-anchor="end" font-family="{{ figure_face }}">{{ tick.value }}</text>
{% endfor %}
{% for name in names %}
{% for words in name.lines %}
<text x="{{ name.x }}" y="{{ box.bottom + 2 + 11 * loop.index }}" text-anchor="middle" font-size="{{ name.size }}">{{ words }}</text>
{% endfor %}
{% endfor %}
"""

_BARS = _ENVIRONMENT.from_string(_FRAME + """
{% for bar in marks %}
<rect x="{{ bar.x }}" y="{{ bar.y }}" width="{{ bar.width }}" height="{{ bar.height }}" fill="{{ bar.tone }}"/>
<text x="{{ bar.x + bar.width / 2 }}" y="{{ bar.y - 2.5 }}" text-anchor="middle" font-size="9" font-family="{{ figure_face }}">{{ bar.value }}</text>
{% endfor %}
</svg>
""")

_LINE = _ENVIRONMENT.from_string(_FRAME + """
{% for line in marks %}
<polyline points="{{ line.points }}" fill="none" stroke="{{ line.tone }}" stroke-width="1.6"/>
{% for x, y in line.dots %}
<circle cx="{{ x }}" cy="{{ y }}" r="2.4" fill="{{ line.tone }}"/>
{% endfor %}
{% endfor %}
</svg>
""")


@dataclass(frozen=True)
class Box:
    """The drawing area, in points of the page: 156 mm wide as the type area is."""

    width: float = 442
    height: float = 190
    left: float = 26
    top: float = 26
    bottom: float = 168

    def y(self, value: float, top_value: float) -> float:
        """Place a value on the vertical axis."""
        return round(self.bottom - (self.bottom - self.top) * value / top_value, 2)


@dataclass(frozen=True)
class Mark:
    """One series of a chart: what it counts and its value at each name."""

    label: str
    values: Sequence[float]


def even(highest: float) -> int:
    """Round the top of an axis up to a number that splits into four even steps."""
    if highest <= 4:
        return 4
    power = 10 ** floor(log10(highest / 4))
    step = next(s * power for s in (1, 2, 2.5, 5, 10) if s * power * 4 >= highest and (s * power) % 1 == 0)
    return ceil(step) * 4


def _broken(name: str, slot: float) -> list[str]:
    """A name on one line, or on two or three where its slot is too narrow for type that can be read."""
    room = max(1, int(slot * 0.92 / SMALLEST))
    wanted = min(LINES, -(-len(name) // room))
    length = -(-len(name) // wanted) if wanted else 1
    kept = [name[start:start + length] for start in range(0, length * wanted, length)]
    rest = name[length * wanted:]
    return kept if not rest and all(len(words) <= room for words in kept) else [*kept[:-1], kept[-1][:room - 1] + "…"]


def _frame(box: Box, names: Sequence[str], series: Sequence[Mark]) -> tuple[dict[str, object], int, float]:
    top = even(max((value for mark in series for value in mark.values), default=0))
    slot = (box.width - box.left) / max(len(names), 1)
    lines = [_broken(name, slot) for name in names]
    size = max(SMALLEST, min(10, slot * 0.92 / max((len(words) for each in lines for words in each), default=1)))
    ticks = [{"value": top * part // 4, "y": box.y(top * part / 4, top)} for part in range(5)]
    placed = [{"x": round(box.left + slot * (n + 0.5), 2), "lines": words, "size": round(size, 2)} for n, words in enumerate(lines)]
    keys, x = [], box.left
    for mark, tone in zip(series, TONES, strict=False):
        keys.append({"x": x, "label": mark.label, "tone": tone})
        x += 10 * len(mark.label) + 34
    words = {"box": box, "ticks": ticks, "names": placed, "keys": keys, "ink": INK, "grid": GRID}
    return {**words, "face": FACE, "figure_face": FIGURE_FACE}, top, slot


def _series(series: Sequence[dict[str, object]]) -> list[Mark]:
    return [Mark(str(one["label"]), list(one["values"])) for one in series]


def bars(names: Sequence[str], series: Sequence[dict[str, object]], height: float = 190) -> Markup:
    """Draw a bar for each name and series; the value stands above its bar."""
    box, marks = Box(height=height, bottom=height - 40), _series(series)
    frame, top, slot = _frame(box, names, marks)
    width = round(slot * 0.72 / max(len(marks), 1), 2)
    drawn = []
    for order, (mark, tone) in enumerate(zip(marks, TONES, strict=False)):
        for place, value in enumerate(mark.values):
            y = box.y(value, top)
            x = round(box.left + slot * (place + 0.14) + width * order, 2)
            drawn.append({"x": x, "y": y, "width": width, "height": round(box.bottom - y, 2), "tone": tone, "value": value})
    return Markup(_BARS.render(marks=drawn, **frame))


def line(names: Sequence[str], series: Sequence[dict[str, object]], height: float = 190) -> Markup:
    """Draw a line for each series through its values in the order of the names."""
    box, marks = Box(height=height, bottom=height - 40), _series(series)
    frame, top, slot = _frame(box, names, marks)
    drawn = []
    for mark, tone in zip(marks, TONES, strict=False):
        dots = [(round(box.left + slot * (n + 0.5), 2), box.y(value, top)) for n, value in enumerate(mark.values)]
        drawn.append({"dots": dots, "points": " ".join(f"{x},{y}" for x, y in dots), "tone": tone})
    return Markup(_LINE.render(marks=drawn, **frame))
