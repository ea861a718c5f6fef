"""Transactions: a connection, its repositories, and an explicit commit."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import cached_property
from typing import TypeVar

from storage.catalog_cache import CatalogCache
from storage.engines.connection import Connection
from storage.engines.engine import Engines
from storage.engines.locks import lock_rows
from storage.repositories.accounts.access import SqlAccess
from storage.repositories.accounts.clients import SqlClients
from storage.repositories.accounts.email_codes import SqlEmailCodes
from storage.repositories.accounts.link_codes import SqlLinkCodes
from storage.repositories.accounts.preferences import SqlPreferences
from storage.repositories.accounts.strangers import SqlStrangers
from storage.repositories.accounts.users import SqlUsers
from storage.repositories.accounts.votes import SqlVotes
from storage.repositories.audit import SqlAudit
from storage.repositories.desk.figures import SqlDesk
from storage.repositories.desk.search import SqlDeskSearch
from storage.repositories.loading.loading import SqlLoading
from storage.repositories.loading.restoring import SqlRestoring
from storage.repositories.messages.outbox import SqlOutbox
from storage.repositories.owner import SqlOwners
from storage.repositories.panel.adopting import SqlAdopting
from storage.repositories.panel.catalogue_sources import SqlCatalogueSources
from storage.repositories.panel.panel_calls import SqlPanelCalls
from storage.repositories.panel.panel_invoices import SqlPanelInvoices
from storage.repositories.panel.panel_services import SqlPanelServices
from storage.repositories.panel.panel_states import SqlPanelStates
from storage.repositories.reminders.digests import SqlDigests
from storage.repositories.reminders.reminder_plans import SqlReminderPlans
from storage.repositories.reminders.reminder_reports import SqlReminderReports
from storage.repositories.reminders.reminders import SqlReminders
from storage.repositories.sales.carts import SqlCarts
from storage.repositories.sales.catalogs import SqlCatalogs
from storage.repositories.sales.inbox import SqlInbox
from storage.repositories.sales.invoices import SqlInvoices
from storage.repositories.sales.orders import SqlOrders
from storage.repositories.sales.payments import SqlPayments
from storage.repositories.sales.unplaced import SqlUnplaced
from storage.repositories.services.cancellations import SqlCancellations
from storage.repositories.services.renewals import SqlRenewals
from storage.repositories.services.service_search import SqlServiceSearch
from storage.repositories.services.services import SqlServices
from storage.repositories.tasks import SqlTasks
from storage.tables.accounts import clients

R = TypeVar("R")


def _on(repository: Callable[[Connection], R]) -> "cached_property[R]":
    """A repository that is made when it is first used: a screen uses one or two of them."""
    return cached_property(lambda uow: repository(uow.connection))


class SqlUnitOfWork:
    """One transaction and its repositories; leaving without commit rolls back."""

    def __init__(self, connection: Connection, cache: CatalogCache, bot_id: int) -> None:
        self.connection = connection
        self.cache = cache
        self.bot_id = bot_id
        self.committed = False

    clients = _on(SqlClients)
    users = _on(SqlUsers)
    access = _on(SqlAccess)
    link_codes = _on(SqlLinkCodes)
    email_codes = _on(SqlEmailCodes)
    services = _on(SqlServices)
    renewals = _on(SqlRenewals)
    cancellations = _on(SqlCancellations)
    catalogs = cached_property(lambda uow: SqlCatalogs(uow.connection, uow.cache))
    catalogue_sources = _on(SqlCatalogueSources)
    carts = cached_property(lambda uow: SqlCarts(uow.connection, uow.catalogs))
    search = cached_property(lambda uow: SqlServiceSearch(uow.connection, uow.catalogs))
    orders = _on(SqlOrders)
    panel_calls = _on(SqlPanelCalls)
    panel_invoices = _on(SqlPanelInvoices)
    panel_services = _on(SqlPanelServices)
    adopting = _on(SqlAdopting)
    panel_state = _on(SqlPanelStates)
    invoices = cached_property(lambda uow: SqlInvoices(uow.connection, uow.catalogs))
    payments = _on(SqlPayments)
    votes = _on(SqlVotes)
    strangers = _on(SqlStrangers)
    preferences = cached_property(lambda uow: SqlPreferences(uow.connection, uow.catalogs))
    reminders = _on(SqlReminders)
    digests = cached_property(lambda uow: SqlDigests(uow.connection, uow.bot_id))
    reminder_reports = _on(SqlReminderReports)
    reminder_plans = _on(SqlReminderPlans)
    outbox = cached_property(lambda uow: SqlOutbox(uow.connection, uow.bot_id))
    inbox = _on(SqlInbox)
    unplaced = _on(SqlUnplaced)
    tasks = _on(SqlTasks)
    desk = _on(SqlDesk)
    desk_search = _on(SqlDeskSearch)
    audit = _on(SqlAudit)
    owner = _on(SqlOwners)
    loading = _on(SqlLoading)
    restoring = _on(SqlRestoring)

    async def lock_client(self, client_id: int) -> None:
        """Wait until no other transaction locks the client, and lock it until this one ends."""
        await lock_rows(self.connection, clients, [client_id])

    async def commit(self) -> None:
        """Commit; this unit of work must not be used afterwards."""
        await self.connection.commit()
        self.committed = True


class SqlWork:
    """Opens transactions on the engines of one database."""

    def __init__(self, engines: Engines, bot_id: int) -> None:
        self._engines = engines
        self._bot_id = bot_id
        self._cache = CatalogCache()

    @asynccontextmanager
    async def writing(self, client_id: int | None = None) -> AsyncIterator[SqlUnitOfWork]:
        """Open a transaction for writing: one at a time on SQLite, one per client on PostgreSQL.

        DatabaseError if the database cannot be written to: locked for too long, disk full.
        """
        async with self._engines.writer.connect() as connection:
            await connection.begin()
            uow = SqlUnitOfWork(connection, self._cache, self._bot_id)
            if client_id is not None:
                await uow.lock_client(client_id)
            yield uow
            if uow.committed and connection.has_begun:
                raise RuntimeError("statements after the commit would be lost")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlUnitOfWork]:
        """Open a transaction that only reads, from one snapshot."""
        async with self._engines.readers.connect() as connection:
            yield SqlUnitOfWork(connection, self._cache, self._bot_id)
