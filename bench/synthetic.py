"""Registers that exist for a measurement only (合成台账): files of an area written beside the real ones."""
from __future__ import annotations

import sys
from pathlib import Path

REGISTER = '''
from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped
from app.core import columns as col
from app.core.base import Scoped
from app.core.register import Register

class Row(Scoped):
    __tablename__ = "made_{number}"
    title: Mapped[str] = col.text("Title", 100)
    note: Mapped[str | None] = col.note("Note")

register = Register(model=Row, name="made_{number}", label="Made {number}", area="made", listed=("division_code", "title"),
                    searched=("title",), key=("division_code", "title"), title=("title",))
'''
AREA = '''
from app.core.register import Area
area = Area("made", "Made", order=90)
'''


def write(folder: Path, many: int) -> Path:
    """An area with so many registers, in a folder for ``join``."""
    place = folder / "made"
    place.mkdir()
    (place / "__init__.py").write_text(AREA, encoding="utf-8")
    for number in range(many):
        (place / f"made_{number}.py").write_text(REGISTER.format(number=number), encoding="utf-8")
    return folder


def join(folder: Path) -> None:
    """Let the console find them, before it looks for registers."""
    import app.areas

    app.areas.__path__.append(str(folder))


def main() -> None:
    """Make the application, with the registers of the folder named, and print how many views it has."""
    if len(sys.argv) > 1:
        join(Path(sys.argv[1]))
    from flask_appbuilder.api import BaseApi

    from app import create_app

    views = create_app().appbuilder.baseviews  # type: ignore[attr-defined]
    sys.stdout.write(f"{sum(not isinstance(view, BaseApi) for view in views)}\n")


if __name__ == "__main__":
    main()
