"""The whole schema; importing this module registers every table."""

from sqlalchemy import MetaData

from storage.tables import accounts, audit, inbox, messages, panel, running, sales, services, tasks
from storage.tables.base import metadata

MODULES = (accounts, services, sales, panel, messages, running, inbox, audit, tasks)
"""The modules that define tables, in the order in which they refer to each other."""

schema: MetaData = metadata
