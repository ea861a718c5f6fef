"""Transactions: a connection, its repositories, and an explicit commit."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy.ext.asyncio import AsyncConnection

from storage.catalog_cache import CatalogCache
from storage.engines.engine import Engines
from storage.engines.locks import lock_rows
from storage.repositories.accounts.access import SqlAccess
from storage.repositories.accounts.clients import SqlClients
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
from storage.repositories.panel.panel_calls import SqlPanelCalls
from storage.repositories.panel.panel_invoices import SqlPanelInvoices
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
from storage.repositories.services.service_search import SqlServiceSearch
from storage.repositories.services.services import SqlServices
from storage.repositories.tasks import SqlTasks
from storage.tables.accounts import clients


class SqlUnitOfWork:
    """One transaction and its repositories; leaving without commit rolls back."""

    def __init__(self, connection: AsyncConnection, cache: CatalogCache, bot_id: int) -> None:
        self._connection = connection
        self.committed = False
        self.clients = SqlClients(connection)
        self.users = SqlUsers(connection)
        self.access = SqlAccess(connection)
        self.link_codes = SqlLinkCodes(connection)
        self.services = SqlServices(connection)
        self.cancellations = SqlCancellations(connection)
        self.catalogs = SqlCatalogs(connection, cache)
        self.carts = SqlCarts(connection, self.catalogs)
        self.search = SqlServiceSearch(connection, self.catalogs)
        self.orders = SqlOrders(connection)
        self.panel_calls = SqlPanelCalls(connection)
        self.panel_invoices = SqlPanelInvoices(connection)
        self.invoices = SqlInvoices(connection, self.catalogs)
        self.payments = SqlPayments(connection)
        self.votes = SqlVotes(connection)
        self.strangers = SqlStrangers(connection)
        self.preferences = SqlPreferences(connection, self.catalogs)
        self.reminders = SqlReminders(connection)
        self.digests = SqlDigests(connection, bot_id)
        self.reminder_reports = SqlReminderReports(connection)
        self.reminder_plans = SqlReminderPlans(connection)
        self.outbox = SqlOutbox(connection, bot_id)
        self.inbox = SqlInbox(connection)
        self.unplaced = SqlUnplaced(connection)
        self.tasks = SqlTasks(connection)
        self.desk = SqlDesk(connection)
        self.desk_search = SqlDeskSearch(connection)
        self.audit = SqlAudit(connection)
        self.owner = SqlOwners(connection)
        self.loading = SqlLoading(connection)
        self.restoring = SqlRestoring(connection)

    async def lock_client(self, client_id: int) -> None:
        """Wait until no other transaction locks the client, and lock it until this one ends."""
        await lock_rows(self._connection, clients, [client_id])

    async def commit(self) -> None:
        """Commit; this unit of work must not be used afterwards."""
        await self._connection.commit()
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
            if uow.committed and connection.in_transaction():
                raise RuntimeError("statements after the commit would be lost")

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[SqlUnitOfWork]:
        """Open a transaction that only reads, from one snapshot."""
        async with self._engines.readers.connect() as connection:
            yield SqlUnitOfWork(connection, self._cache, self._bot_id)
