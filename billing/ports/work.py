"""Transactions: one unit of work with its repositories."""

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from billing.ports.access import Access, EmailCodes
from billing.ports.accounts import Clients, LinkCodes, Strangers, Users, Votes
from billing.ports.adopting import Adopting
from billing.ports.audit import AuditTrail
from billing.ports.catalogue_sources import CatalogueSources
from billing.ports.desk import Desk, DeskSearch
from billing.ports.inbox import Inbox, Unplaced
from billing.ports.loading import Loading
from billing.ports.outbox import Outbox
from billing.ports.owner import Owners
from billing.ports.panel_calls import PanelCalls, PanelInvoices
from billing.ports.panel_services import PanelServices
from billing.ports.panel_state import PanelStates
from billing.ports.reminders.digests import Digests
from billing.ports.reminders.items import Reminders
from billing.ports.reminders.plans import ReminderPlans
from billing.ports.reminders.preferences import Preferences
from billing.ports.reminders.reports import ReminderReports
from billing.ports.renewals import Renewals
from billing.ports.restoring import Restoring
from billing.ports.sales import Carts, Catalogs, Invoices, Orders, Payments
from billing.ports.search import ServiceSearch
from billing.ports.services import Cancellations, Services
from billing.ports.tasks import Tasks


class UnavailableError(Exception):
    """The database cannot be used now, and what was asked of it may have been done or not.

    Nobody can help but wait: the same may be asked again later, because it is safe to do twice.
    """


class UnitOfWork(Protocol):
    """One transaction and its repositories; leaving without commit rolls back."""

    @property
    def clients(self) -> Clients:
        """Clients and credit."""

    @property
    def users(self) -> Users:
        """Telegram users and links."""

    @property
    def access(self) -> Access:
        """Who has access to an account, and with what rights."""

    @property
    def link_codes(self) -> LinkCodes:
        """One-time codes."""

    @property
    def email_codes(self) -> EmailCodes:
        """Codes by e-mail."""

    @property
    def services(self) -> Services:
        """Services and add-ons."""

    @property
    def renewals(self) -> Renewals:
        """What can be renewed."""

    @property
    def cancellations(self) -> Cancellations:
        """Requests to cancel."""

    @property
    def carts(self) -> Carts:
        """Carts."""

    @property
    def orders(self) -> Orders:
        """Orders."""

    @property
    def panel_calls(self) -> PanelCalls:
        """What a connected panel is owed."""

    @property
    def panel_invoices(self) -> PanelInvoices:
        """Invoices that a panel owns."""

    @property
    def adopting(self) -> Adopting:
        """Rows that are handed over."""

    @property
    def panel_services(self) -> PanelServices:
        """Services that a panel owns."""

    @property
    def panel_state(self) -> PanelStates:
        """How far a connected panel was read, and since when it does not answer."""

    @property
    def invoices(self) -> Invoices:
        """Invoices."""

    @property
    def payments(self) -> Payments:
        """Payments."""

    @property
    def catalogs(self) -> Catalogs:
        """The catalogue."""

    @property
    def catalogue_sources(self) -> CatalogueSources:
        """What the catalogue is made of beside a connected panel."""

    @property
    def search(self) -> ServiceSearch:
        """Searches among services."""

    @property
    def votes(self) -> Votes:
        """Votes on help topics."""

    @property
    def strangers(self) -> Strangers:
        """What is kept of people who have not been here for long."""

    @property
    def preferences(self) -> Preferences:
        """What users want of reminders."""

    @property
    def reminders(self) -> Reminders:
        """Planning items and digests."""

    @property
    def digests(self) -> Digests:
        """Digests on their way."""

    @property
    def reminder_reports(self) -> ReminderReports:
        """What the operator asks about reminders."""

    @property
    def reminder_plans(self) -> ReminderPlans:
        """How far reminders are planned."""

    @property
    def outbox(self) -> Outbox:
        """Messages to send."""

    @property
    def inbox(self) -> Inbox:
        """Notices of money, kept before they are booked."""

    @property
    def unplaced(self) -> Unplaced:
        """Money that fits nothing."""

    @property
    def tasks(self) -> Tasks:
        """What has to be done after payments."""

    @property
    def desk(self) -> Desk:
        """What staff see of all clients."""

    @property
    def desk_search(self) -> DeskSearch:
        """Searches over all clients."""

    @property
    def audit(self) -> AuditTrail:
        """What the operator did."""

    @property
    def owner(self) -> Owners:
        """The panel that owns the database."""

    @property
    def loading(self) -> Loading:
        """Bulk loading."""

    @property
    def restoring(self) -> Restoring:
        """What has to change after a copy was restored."""

    async def lock_client(self, client_id: int) -> None:
        """Let nobody else change what is this client's until the transaction ends.

        What was read of it before may have changed by the time of the lock: read it again.
        """

    async def commit(self) -> None:
        """Make it so."""


class Work(Protocol):
    """Opens transactions."""

    def writing(self, client_id: int | None = None) -> AbstractAsyncContextManager[UnitOfWork]:
        """One that will write; from its start it locks the client whose things it changes.

        Two that lock the same client run one after the other, on every store.
        """

    def reading(self) -> AbstractAsyncContextManager[UnitOfWork]:
        """One that only reads a consistent snapshot."""
