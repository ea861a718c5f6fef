"""The whole schema; importing this module registers every table."""

from sqlalchemy import MetaData

from storage.tables import accounts, inbox, messages, running, sales, services
from storage.tables.base import metadata

MODULES = (accounts, services, sales, messages, running, inbox)
"""The modules that define tables, in the order of their references."""

schema: MetaData = metadata
