"""What an area puts on the first page (工作台): figures, things to do, tiles and charts, each number with the way to its rows."""
from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Behind:
    """A number of rows and the list that shows exactly those rows."""

    label: Any = ""
    rows: int
    url: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """One large figure; what is not itself a number of rows says in ``rows`` how many stand behind it."""

    label: Any
    value: str
    unit: Any = ""
    rows: int
    url: str
    also: tuple[Behind, ...] = ()
    tone: str = "blue"
    icon: str = "file-text"


@dataclass(frozen=True, kw_only=True)
class Due:
    """One thing to do, with its days: negative when overdue."""

    title: str
    url: str
    where: str
    days: int


@dataclass(frozen=True, kw_only=True)
class Work:
    """What waits to be done: the most pressing, and the lists of all that is open and all that is late."""

    first: list[Due]
    due: Behind
    late: Behind
    title: Any = ""
    """What kind of work it is, where an area's own name for it helps."""


@dataclass(frozen=True, kw_only=True)
class Tile:
    """One division with its share in percent."""

    name: str
    rate: int
    all: Behind
    late: Behind


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far something is that everybody must do: how many of how many, by division, and the first who have not."""

    title: Any
    done: Behind
    of: Behind
    missing: Behind
    late: Behind
    groups: list[Tile]
    """``late`` of a tile are those who have not."""
    first: list[Due]


@dataclass(frozen=True, kw_only=True)
class Chart:
    """Figures to draw, as a line over time or as bars; each series has one number for each label."""

    name: str
    title: Any
    kind: str
    labels: list[str]
    series: list[tuple[Any, list[Behind]]]
    of: Behind | None = None
    """What the bars are parts of."""

    @property
    def data(self) -> dict[str, Any]:
        """What the browser draws."""
        drawn = [{"name": str(name), "values": [point.rows for point in points], "urls": [point.url for point in points]}
                 for name, points in self.series]
        return {"kind": self.kind, "labels": self.labels, "of": self.of.rows if self.of else None, "series": drawn}


@dataclass(frozen=True, kw_only=True)
class Paper:
    """One briefing, to read and to download."""

    title: str
    when: str
    url: str
    download_url: str = ""
    read_url: str = ""


@dataclass(frozen=True, kw_only=True)
class Annual:
    """The published figures of one year with their source."""

    title: str
    source: str
    rows: list[tuple[str, str]]
    url: str


@dataclass(frozen=True, kw_only=True)
class Line:
    """One line of a list: what, since when or why, and how it stands."""

    title: Any
    note: Any = ""
    tag: Any = ""
    tone: str = "grey"
    url: str


@dataclass(frozen=True, kw_only=True)
class Listed:
    """A short list with the way to the whole; ``empty`` is said when nothing is in it."""

    name: str
    title: Any
    url: str
    lines: list[Line]
    empty: Any


@dataclass(frozen=True, kw_only=True)
class Change:
    """A figure of the last full half-month beside the one before."""

    label: Any
    now: Behind
    before: Behind
    icon: str
    tone: str = "blue"


@dataclass(frozen=True, kw_only=True)
class Part:
    """What one area has to show."""

    cards: list[Card] = field(default_factory=list)
    tiles: list[Tile] = field(default_factory=list)
    charts: list[Chart] = field(default_factory=list)
    papers: list[Paper] = field(default_factory=list)
    lists: list[Listed] = field(default_factory=list)
    annual: Annual | None = None
    progress: Progress | None = None


@dataclass(frozen=True)
class Block:
    """An area's part of the first page; asked for only when the reader may read ``register``."""

    register: str
    part: Callable[[], Part]
    work: Callable[[], Work | None] = lambda: None
    changes: Callable[[], list[Change]] = list
    """What leaders look at first, in the cockpit."""
    order: int = 50
    """Where the part stands among the others."""
