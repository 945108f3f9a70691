"""Where Alembic meets the console: the owner's connection and the whole metadata."""
from __future__ import annotations

from alembic import context
from flask_appbuilder import Model

from app.database import models

models.modules()


def include(item: object, name: str | None, kind: str, reflected: bool, compare_to: object) -> bool:
    """Leave out the queue's own tables, which its library describes in SQL."""
    return not (kind == "table" and str(name).startswith("procrastinate_"))


connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Model.metadata, include_object=include, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
