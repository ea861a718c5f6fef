"""The panel: who owns services, invoices and dates, here or outside."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, Protocol, TypeVar

from billing.ports.work import UnitOfWork
from billing.rules.allowed import EVERYTHING, Allowed
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.orders import Order
from billing.rules.payments.payment import Payment
from billing.rules.payments.tasks import AppliedLine
from billing.views.services import Cancellation, CancelWhen

Value_co = TypeVar("Value_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What can be done through a panel; ask for these, never for a panel's name.

    `allowed` is what it lets clients do. With `sweeps` services and invoices are ours: we end and
    expire them when their day comes; without, that is left to the panel. With `credit` clients
    have credit with us; without, money that fits nothing is unplaced. With `spends_balance` it
    pays new invoices from the client's balance by itself. With `deferred` everything is written to
    it after the commit, by panel calls: it makes the invoices of an order itself, so that the way
    to pay is asked then, and applies what was paid for later.

    A service can be ended at once where `cancels_now`, on its last day where `cancels_at_end`, and
    a request to end it can be taken back where `withdraws_cancellation`; what it cannot do is a
    task for staff. `pays_there`: it has a page of its own where an invoice is paid.
    `pays_balance`: the client's balance there pays an invoice when they ask for it.
    `tells_changes`: it can be asked what has changed there since; without, clients are read when
    somebody looks, and everything at night.
    """

    allowed: Allowed = EVERYTHING
    sweeps: bool = True
    credit: bool = True
    spends_balance: bool = False
    deferred: bool = False
    cancels_now: bool = True
    cancels_at_end: bool = True
    withdraws_cancellation: bool = True
    pays_there: bool = False
    pays_balance: bool = False
    tells_changes: bool = True

    def ends(self, when: CancelWhen) -> bool:
        """Whether the panel ends a service then by itself, once it is told so."""
        by_itself = self.cancels_now if when is CancelWhen.NOW else self.cancels_at_end
        return self.deferred and by_itself

    def takes_back(self, when: CancelWhen) -> bool:
        """Whether a request to end a service then can be withdrawn."""
        return self.withdraws_cancellation or not self.ends(when)

    @property
    def has_balance(self) -> bool:
        """Whether clients have a balance there."""
        return self.spends_balance or self.pays_balance


@dataclass(frozen=True, slots=True)
class Applied(Generic[Value_co]):
    """It is done, in the caller's transaction."""

    value: Value_co


@dataclass(frozen=True, slots=True)
class Owed:
    """Panel calls were written in the caller's transaction; the effect follows later."""


@dataclass(frozen=True, slots=True)
class InvoiceTerms:
    """What an invoice that is made here needs: its day, its last day, its random digits."""

    today: date
    expires_on: date
    digits: int


class Panel(Protocol):
    """Who owns services and dates. Each method works in the caller's transaction."""

    @property
    def name(self) -> str:
        """Its kind, as `PANELIK_PANEL` names it."""

    async def identity(self) -> str:
        """What tells it apart from others of its kind: its address with an oldest id there.

        "" for the embedded one. Called with no transaction open: it may ask the panel, and raises
        PanelUnreachableError while that does not answer.
        """

    @property
    def capabilities(self) -> Capabilities:
        """What can be done through it."""

    async def place(
        self, uow: UnitOfWork, order: Order, terms: InvoiceTerms, *, now: datetime
    ) -> Applied[Invoice] | Owed:
        """Make the invoice of an order that was just written."""

    async def record_payment(
        self, uow: UnitOfWork, invoice: Invoice, payment: Payment, amount: Money, *, now: datetime
    ) -> Applied[None] | Owed:
        """Let the owner of the invoice know of money that came for it: the amount it asks for."""

    async def settle(
        self, uow: UnitOfWork, invoice: Invoice, *, now: datetime, today: date
    ) -> Applied[tuple[AppliedLine, ...]] | Owed:
        """Apply the lines of a paid invoice, each once, and say which of them make work."""

    async def pay_balance(self, uow: UnitOfWork, invoice: Invoice, *, now: datetime) -> Owed:
        """Have an invoice paid from the client's balance, where the panel `pays_balance`.

        NotOfferedError where it does not.
        """

    async def add_balance(
        self, uow: UnitOfWork, client_id: int, amount: Money, *, unplaced_id: int, now: datetime
    ) -> Owed:
        """Put unplaced money on the client's balance, where clients have none with us.

        NotOfferedError where they have credit here.
        """

    async def withdraw(
        self, uow: UnitOfWork, order: Order, *, now: datetime
    ) -> Applied[None] | Owed:
        """Give up an order that was placed and not paid."""

    async def cancel(
        self, uow: UnitOfWork, request: Cancellation, *, now: datetime
    ) -> Applied[None] | Owed:
        """Let the owner of a service know that its client wants to end it."""

    async def keep(
        self, uow: UnitOfWork, request: Cancellation, *, now: datetime
    ) -> Applied[None] | Owed:
        """Take such a request back."""
