"""The one MetaData of the schema, with names for every constraint so that migrations find them."""

from sqlalchemy import MetaData

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

IDS_ONCE = True
"""For tables whose ids stand in messages: SQLite keeps the last one that it gave, as PostgreSQL
always does, so that none is given twice and a restored copy can move on from there."""
