"""What a connected panel shows of a client, in our words, and panel calls for the operator."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.panel.panel_calls import PanelCall
from billing.rules.panel.unread_rows import UnreadRow
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import LineKind
from billing.rules.shop.catalog import Price, ProductKind
from billing.rules.shop.quotes import Amounts


@dataclass(frozen=True, slots=True)
class SeenService:
    """A service as the panel shows it; an amount that it does not say is None.

    `product_ref` is what the panel calls its product; it numbers products and add-ons apart.
    Without a due date nothing is ever due, unless it is not known (yet). `trouble` is the panel's
    own word where somebody of the company has to look: a set-up that failed, a status that nobody
    knows.
    """

    kind: ServiceKind
    ref: str
    product_ref: str
    name: str
    status: ServiceStatus
    cycle: BillingCycle
    amount: Money | None
    registered_on: date
    domain: str = ""
    next_due_date: date | None = None
    due_date_known: bool = True
    suspended_for: SuspendedFor | None = None
    parent: tuple[ServiceKind, str] | None = None
    trouble: str = ""


@dataclass(frozen=True, slots=True)
class SeenLine:
    """A line of a panel's invoice; `service` is what it is about, by kind and id there."""

    name: str
    amounts: Amounts
    kind: LineKind | None = None
    service: tuple[ServiceKind, str] | None = None


@dataclass(frozen=True, slots=True)
class SeenInvoice:
    """An invoice as the panel shows it; `order_ref` is the order there that it was made for.

    `address` is the panel's own page where it is paid, "" where there is none or where this
    reading does not say it.
    """

    ref: str
    number: str
    status: InvoiceStatus
    totals: Amounts
    paid: Money
    lines: tuple[SeenLine, ...]
    created_at: datetime
    order_ref: str = ""
    address: str = ""


@dataclass(frozen=True, slots=True)
class PanelClient:
    """A client as the panel shows them; "" for what it does not say.

    `is_closed` when they may buy nothing. `tax_rate` in basis points, None for the company's.
    """

    ref: str
    name: str
    email: str
    currency: str
    language: str = ""
    timezone: str = ""
    country: str = ""
    tax_id: str = ""
    is_closed: bool = False
    tax_rate: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One reading of what a client has in the panel; `is_closed` when they may buy nothing.

    `balance` is what stands to their credit there, None where the panel does not say. With
    `unread` rows of theirs it is not whole, and nothing of it is kept. `strays` are rows that
    cannot be read, either, and of which nobody can say whose they are: what this reading does not
    show may be among them.
    """

    services: tuple[SeenService, ...]
    invoices: tuple[SeenInvoice, ...]
    is_closed: bool = False
    balance: Money | None = None
    unread: tuple[UnreadRow, ...] = ()
    strays: tuple[UnreadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelAccount:
    """A client of the panel with what they have there.

    `read_at` is when the oldest part of it was read, where that was before it was asked for now.
    """

    client: PanelClient
    snapshot: Snapshot
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class PanelChanges:
    """What a panel's change feed says since a cursor, and the cursor to ask with next.

    `clients` are the refs of those whose rows may have changed, `catalogue` whether products may
    have. Where the feed has forgotten what came after the cursor, or nobody can say what it tells,
    it is not `complete`, and everything has to be read. `unread` is what could not be read.
    """

    cursor: str
    clients: frozenset[str] = frozenset()
    catalogue: bool = False
    is_complete: bool = True
    unread: tuple[UnreadRow, ...] = ()


@dataclass(frozen=True, slots=True)
class PanelProduct:
    """A product or an add-on as the panel offers it; `fits` are the products of an add-on.

    Those and `group` are refs there. Prices are as the panel has them, in its currency.
    """

    kind: ProductKind
    ref: str
    name: str
    description: str = ""
    group: str = ""
    prices: tuple[Price, ...] = ()
    fits: tuple[str, ...] = ()
    asks_for_domain: bool = False
    offered: bool = True


@dataclass(frozen=True, slots=True)
class PanelCatalogue:
    """What a panel offers: groups by their refs, and products in the panel's order.

    `unread` are products that could not be read, and that are not among them.
    """

    groups: tuple[tuple[str, str], ...]
    products: tuple[PanelProduct, ...]
    unread: tuple[UnreadRow, ...] = ()


class FindingState(StrEnum):
    """What a check of a panel found."""

    OK = "ok"
    OFF = "off"
    """It works without, and something is not offered."""
    MISSING = "missing"
    """It does not work until this is mended."""


PERMISSIONS: Final = "permissions"
"""What the finding about all permissions is about: allowed, or nobody knows."""

_PERMISSION: Final = "permission "


@dataclass(frozen=True, slots=True)
class PanelFinding:
    """One line of a check: what was looked at, and in plain English what was found and to do."""

    about: str
    state: FindingState
    text: str

    @classmethod
    def of_permission(cls, name: str, state: FindingState, text: str) -> "PanelFinding":
        """The finding about one permission, which is missing."""
        return cls(f"{_PERMISSION}{name}", state, text)

    @property
    def knows_permissions(self) -> bool:
        """Whether it says what is allowed: all of it, or what is missing of it."""
        if self.about == PERMISSIONS:
            return self.state is FindingState.OK
        return self.about.startswith(_PERMISSION)


@dataclass(frozen=True, slots=True)
class ListedCall:
    """An open call with what the operator knows it by: the client, the proforma, the money."""

    call: PanelCall
    client_ref: str
    invoice_number: str
    amount: Money
