"""Alembic's entry: runs the migrations on the connection that `storage.migrate` passes."""

from typing import Any, Literal, cast

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from storage.tables.schema import schema
from storage.types import Document, UTCDateTime


def render_plainly(kind: str, item: Any, _autogen: AutogenContext) -> str | Literal[False]:
    """Write our column types as plain ones, so that revisions outlive changes of our code."""
    if kind == "type" and isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, Document):
        return "sa.JSON(none_as_null=True)"
    return False


connection = cast("Connection", context.config.attributes["connection"])
sqlite = connection.dialect.name == "sqlite"
if sqlite:
    # Batch mode replaces a table by a copy, so references are checked only at the commit.
    connection.exec_driver_sql("PRAGMA defer_foreign_keys = ON")
context.configure(
    connection=connection,
    target_metadata=schema,
    render_as_batch=sqlite,
    render_item=render_plainly,
)
with context.begin_transaction():
    context.run_migrations()
