"""Carts, invoices, payments and the catalogue."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Protocol

from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceLine, InvoiceStatus
from billing.rules.payments.orders import Order
from billing.rules.payments.payment import Payment, PaymentStatus
from billing.rules.shop.cart import Cart, CartLine
from billing.rules.shop.catalog import Catalog
from billing.rules.shop.existing_orders import ExistingOrders
from billing.views.home import LeftToPay
from billing.views.operator import UnpaidProforma
from billing.views.page import Part
from billing.views.payments import InvoiceSummary, OrderSummary


class Carts(Protocol):
    """One cart per client, an aggregate with a revision."""

    async def get(self, client_id: int) -> Cart:
        """The cart; an empty one at revision 0 if there never was one."""

    async def get_with_catalog(self, client_id: int) -> tuple[Cart, Catalog]:
        """The cart and the newest catalogue, which prices it, in one statement."""

    async def by_client(self, client_ids: Collection[int]) -> Mapping[int, Cart]:
        """The carts of those clients who have ever had one."""

    async def save(self, cart: Cart, lines: Sequence[CartLine]) -> Cart:
        """Store new lines over that revision and bump it; CartChangedError if it has moved."""


class Orders(Protocol):
    """What clients have confirmed; every query names the client."""

    async def add(self, order: Order) -> Order:
        """Insert; the id is assigned. Unique by (client, cart revision), else CartChangedError."""

    async def hold(self, order: Order) -> None:
        """Hold the renewals on an order until `save` says that the panel has answered.

        CartChangedError if one of them is on another order.
        """

    async def of_cart(self, client_id: int, cart_revision: int) -> Order | None:
        """The order a cart revision became."""

    async def get(self, client_id: int, order_id: int) -> Order | None:
        """One order of a client."""

    async def under_way(self, client_id: int, limit: int) -> tuple[OrderSummary, ...]:
        """Those that the panel has yet to answer, the newest first."""

    async def by_refs(self, client_id: int, refs: Collection[str]) -> Mapping[str, int]:
        """The client's orders that the panel knows by these ids, or of which calls made them."""

    async def save(self, order: Order, *, ref: str | None = None) -> None:
        """Write state, lines and refusal, and the panel's id if there is one.

        What it held is released unless it is under way.
        """


class Invoices(Protocol):
    """Invoices with their lines."""

    async def left_to_pay(self, client_id: int) -> LeftToPay:
        """How many are unpaid, what is left of them together, and the newest."""

    async def next_number(self, day: date, digits: int) -> str:
        """The next invoice number; `digits` are the random ones at its end."""

    async def add(self, invoice: Invoice) -> Invoice:
        """Insert with its lines; ids are assigned."""

    async def of_cart(self, client_id: int, cart_revision: int, seal: int) -> tuple[Invoice, ...]:
        """The invoices of the order that a cart revision became, if it has that seal."""

    async def of_order(self, client_id: int, order_id: int) -> tuple[Invoice, ...]:
        """The invoices of a client's order, oldest first; none that is being drawn up."""

    async def get(self, client_id: int, invoice_id: int) -> Invoice | None:
        """One invoice of a client with its lines."""

    async def get_with_catalog(
        self, client_id: int, invoice_id: int
    ) -> tuple[Invoice, Catalog] | None:
        """The same with the newest catalogue, which says how it can be paid, in one statement.

        None for one that is still being drawn up: its client does not see it.
        """

    async def by_id(self, invoice_id: int) -> Invoice | None:
        """One invoice of any client, for gateways and sweeps."""

    async def by_number(self, number: str) -> Invoice | None:
        """One invoice of any client, for the operator."""

    async def own(self, client_id: int, number: str) -> int | None:
        """The client's invoice of that number, in whatever case it is written; no draft."""

    async def page(
        self, client_id: int, *, is_open: bool, limit: int, offset: int
    ) -> tuple[InvoiceSummary, ...]:
        """One page, newest first."""

    async def unpaid(self, part: Part) -> tuple[UnpaidProforma, ...]:
        """Those that wait to be paid, of all clients, the oldest first."""

    async def counts(self, client_id: int) -> tuple[int, int]:
        """How many are open, and how many past."""

    async def update_if_unchanged(
        self, invoice: Invoice, *, status: InvoiceStatus, paid: Money, at: datetime
    ) -> bool:
        """Set status and paid amount, only if both are still as read; False if they moved."""

    async def existing_orders(self, client_id: int, names: Collection[str]) -> ExistingOrders:
        """New services and add-ons on unpaid invoices, and live services with these names."""

    async def save_lines(self, invoice_id: int, lines: Sequence[InvoiceLine]) -> None:
        """Note what happened to the lines that have not been applied yet."""

    async def expired(self, today: date, *, limit: int) -> tuple[Invoice, ...]:
        """Unpaid ones past their date."""


class Payments(Protocol):
    """Attempts to pay."""

    async def add(self, payment: Payment) -> Payment:
        """Insert; the id is assigned. A charge and share that exist raise DuplicateChargeError."""

    async def get(self, payment_id: int) -> Payment | None:
        """One attempt."""

    async def open_of(self, invoice_id: int, gateway: str) -> Payment | None:
        """The open attempt of an invoice through a gateway."""

    async def first_for_charge(self, gateway: str, charge_id: str) -> Payment | None:
        """The payment with the provider's key; the first one, where it paid several invoices."""

    async def for_charge(self, gateway: str, charge_id: str) -> tuple[Payment, ...]:
        """Every payment with the provider's key, the one it was booked on first before others."""

    async def confirm(
        self, payment_id: int, *, charge_id: str, amount: Money, at: datetime
    ) -> bool:
        """Mark paid once; False if it was paid already or the charge is known."""

    async def paid_of(self, invoice_id: int) -> tuple[Payment, ...]:
        """The confirmed payments of an invoice."""

    async def close_open(self, invoice_id: int, status: PaymentStatus) -> None:
        """Give up the open attempts of an invoice."""


class Catalogs(Protocol):
    """The catalogue, one immutable document per revision."""

    async def current(self) -> Catalog:
        """The newest revision.

        Which one that is costs one small statement, once in a transaction and none at all after
        `get_with_catalog` or `read_settings_inputs`.
        """

    async def save(self, catalog: Catalog, *, at: datetime) -> Catalog:
        """Store as the next revision unless equal to the newest."""

    async def prune(self, *, before: datetime, keep: int, limit: int) -> int:
        """Delete revisions loaded before then, but for the newest so many; how many."""
