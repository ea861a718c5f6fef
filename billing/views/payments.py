"""Checkout, invoices and payments."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from billing.rules.money import Money, PartialSum, total, total_known
from billing.rules.payments.invoices import Invoice
from billing.rules.payments.orders import LineState, Order, OrderState
from billing.rules.shop.cart_parts import CartPart
from billing.rules.shop.catalog import BankAccount
from billing.rules.shop.quotes import QuotedCart
from billing.views.cart import CartView


@dataclass(frozen=True, slots=True)
class GatewayName:
    """A gateway by its code, and by its number in buttons."""

    code: str
    number: int


@dataclass(frozen=True, slots=True)
class PayMethod:
    """A way to pay: one part from credit, the rest through a gateway.

    Without a gateway there is no rest: credit covers everything, or it costs nothing.
    """

    credit_part: Money
    due_part: Money
    gateway: GatewayName | None = None


@dataclass(frozen=True, slots=True)
class Checkout:
    """The ways to pay what is in the cart, or a `part` of it; `credit` None where there is none.

    If it `is_deferred`, there are none: a panel places the order first and makes the invoices.
    One that `spends_balance` then pays them from the client's `balance` there by itself.
    """

    quoted_cart: QuotedCart
    methods: tuple[PayMethod, ...]
    credit: Money | None
    use_credit: bool
    tax_rate: int = 0
    is_deferred: bool = False
    spends_balance: bool = False
    part: CartPart | None = None
    balance: Money | None = None


@dataclass(frozen=True, slots=True)
class RenewedAgain:
    """Renewals of a closed proforma that are in the cart again.

    `alone` when the cart holds nothing else; `complete` when all that the proforma held is there.
    """

    cart: CartView
    checkout: Checkout
    alone: bool
    complete: bool


@dataclass(frozen=True, slots=True)
class OpenUrl:
    """Pay on a web page."""

    url: str


@dataclass(frozen=True, slots=True)
class TelegramInvoice:
    """Pay with Telegram's own invoice; `payload` refers to the payment, amounts in minor units."""

    payload: str
    amount: Money
    number: str


@dataclass(frozen=True, slots=True)
class Instructions:
    """Pay by bank transfer."""

    account: BankAccount
    title: str
    amount: Money
    tax_id: str = ""
    """The recipient's number as a tax payer."""


@dataclass(frozen=True, slots=True)
class Done:
    """Nothing more to do: it is paid."""


@dataclass(frozen=True, slots=True)
class NotStarted:
    """The gateway failed; the invoice waits and can be paid in any way."""


PaymentStart = OpenUrl | TelegramInvoice | Instructions | Done | NotStarted


@dataclass(frozen=True, slots=True)
class Placed:
    """An invoice that was made (or found, for a repeated tap) and how to pay it."""

    invoice: Invoice
    start: PaymentStart
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class OrderPage:
    """An order that a panel places, its invoices so far, and whether the balance pays one now."""

    order: Order
    invoices: tuple[Invoice, ...] = ()
    is_being_paid: bool = False
    is_slow: bool = False

    @property
    def confirmed(self) -> PartialSum:
        """What the client confirmed, without what the panel has refused."""
        lines = (line for line in self.order.lines if line.state is not LineState.REFUSED)
        return total_known((line.quote.gross for line in lines), self.order.currency)

    @property
    def invoiced(self) -> Money:
        """What the panel asks for, which need not be what was confirmed."""
        return total((invoice.gross for invoice in self.invoices), self.order.currency)

    @property
    def is_answered(self) -> bool:
        """Whether the panel has placed it, or a part of it."""
        return self.order.state in (OrderState.PLACED, OrderState.PART_PLACED)

    @property
    def differs(self) -> bool:
        """Whether the panel asks for another amount than the client confirmed."""
        confirmed = self.confirmed.whole
        is_known = confirmed is not None and self.is_answered and bool(self.invoices)
        return is_known and self.invoiced != confirmed

    @property
    def is_withdrawable(self) -> bool:
        """Whether the client can still give it up: placed, and nothing is paid, or about to be."""
        is_placed = self.is_answered and bool(self.invoices) and not self.is_being_paid
        return is_placed and all(one.is_open and not one.paid for one in self.invoices)


@dataclass(frozen=True, slots=True)
class Party:
    """Who sells or buys, as known today; what is not known is ""."""

    name: str
    tax_id: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class InvoicePage:
    """One invoice with the ways to pay what is left, and the credit that could pay a part.

    `credit` is None where clients have none, `balance` is what stands to their credit in the
    panel, where that can pay. `pay_address` is the page on the web where it is paid. While its
    order `is_being_withdrawn`, or it `is_being_paid` from the balance, there are no ways to pay.
    """

    invoice: Invoice
    methods: tuple[PayMethod, ...]
    today: date
    credit: Money | None
    seller: Party
    buyer: Party
    use_credit: bool = False
    is_being_withdrawn: bool = False
    is_being_paid: bool = False
    pay_address: str = ""
    balance: Money | None = None

    @property
    def balance_pays(self) -> bool:
        """Whether the balance there covers it; of one paid in part it would take the total."""
        is_whole = not self.invoice.paid
        return is_whole and self.balance is not None and self.balance >= self.invoice.gross


@dataclass(frozen=True, slots=True)
class InvoiceSummary:
    """One row of the list of invoices."""

    id: int
    number: str
    status: str
    gross: Money
    balance: Money
    created_at: datetime
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class OrderSummary:
    """An order in the list of invoices."""

    id: int
    created_at: datetime


@dataclass(frozen=True, slots=True)
class InvoiceList:
    """One page of a client's invoices; `others` is how many there are on the other list.

    `credit` is None where clients have none. `orders` are those that a panel has yet to answer.
    """

    open: bool
    page: int
    count: int
    page_size: int
    invoices: tuple[InvoiceSummary, ...]
    credit: Money | None
    others: int = 0
    orders: tuple[OrderSummary, ...] = ()

    @property
    def pages(self) -> int:
        """Number of pages, at least one."""
        return max(1, -(-self.count // self.page_size))


class PaymentOutcome(StrEnum):
    """What a confirmed payment did; a surplus is money of which nothing was due."""

    PAID = "paid"
    PART = "part"
    REPEATED = "repeated"
    SURPLUS = "surplus"
    UNPLACED = "unplaced"


@dataclass(frozen=True, slots=True)
class PaymentResult:
    """The invoice after a payment, and what the payment did.

    The `surplus` is the client's credit, or unplaced money where `is_credit` is False.
    `booked_on` is the company's day on which a repeated transfer was recorded before.
    """

    outcome: PaymentOutcome
    invoice: Invoice
    received: Money
    surplus: Money
    booked_on: date | None = None
    is_credit: bool = True
