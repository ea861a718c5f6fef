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
"""For tables whose ids appear in messages: SQLite remembers the last id, as PostgreSQL always
does, so that none is given twice and a restored copy can continue after it."""
