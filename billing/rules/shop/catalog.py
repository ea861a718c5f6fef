"""What a company offers: groups, products, add-ons, prices, banners, help topics, policy.

A catalogue is one immutable value, loaded whole and numbered by a revision: a screen and the quote
behind it always speak of the same one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.reminders.stages import ReminderPolicy
from billing.rules.work import NEEDS_WORK, WorkKind

Texts = Mapping[str, str]
"""One text per language code."""


def text_in(texts: Texts, languages: Sequence[str]) -> str:
    """The text in the first language that has one, else in English, else in any; "" if none."""
    for language in (*languages, "en"):
        if text := texts.get(language):
            return text
    return next(iter(texts.values()), "")


@dataclass(frozen=True, slots=True)
class Price:
    """What one product costs for one cycle in one currency; absent means not offered.

    `amount` and `setup` are net or gross as the operator's setting says.
    """

    cycle: BillingCycle
    amount: Money
    setup: Money


@dataclass(frozen=True, slots=True)
class Group:
    """A shelf of the catalogue, for products or for add-ons."""

    id: str
    name: Texts
    description: Texts = field(default_factory=dict)


class ProductKind(StrEnum):
    """Whether a product stands alone or belongs to a service."""

    PRODUCT = "product"
    ADDON = "addon"


class NameKind(StrEnum):
    """What the client types when they order a product."""

    DOMAIN = "domain"
    LABEL = "label"


@dataclass(frozen=True, slots=True)
class Product:
    """Something that can be ordered; an add-on names the products it fits.

    `id` is unique in the catalogue. `ref` is what its owner calls it, unique within its kind only:
    there may be a product 5 and an add-on 5.
    One that asks for a domain takes those with its `domain_endings`; all, where it names none.
    What was paid of the kinds in `needs_work` opens a task.
    """

    id: str
    ref: str
    number: int
    kind: ProductKind
    group: str
    name: Texts
    description: Texts = field(default_factory=dict)
    features: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    prices: tuple[Price, ...] = ()
    fits: tuple[str, ...] = ()
    asks_for: NameKind = NameKind.LABEL
    domain_endings: tuple[str, ...] = ()
    max_per_service: int = 1
    offered: bool = True
    reminder_policy: ReminderPolicy | None = None
    needs_work: tuple[WorkKind, ...] = NEEDS_WORK

    def prices_in(self, currency: str) -> tuple[Price, ...]:
        """The prices offered in a currency, shortest cycle first."""
        mine = (price for price in self.prices if price.amount.currency == currency)
        return tuple(sorted(mine, key=lambda price: price.cycle.length))

    def price(self, cycle: BillingCycle, currency: str) -> Price | None:
        """The price for a cycle and currency, or None where it is not offered."""
        return next(
            (p for p in self.prices if p.cycle == cycle and p.amount.currency == currency), None
        )

    def fits_product(self, product_id: str) -> bool:
        """Whether this add-on may be ordered for a service of that product."""
        return self.kind is ProductKind.ADDON and product_id in self.fits

    def is_offered_in(self, currency: str) -> bool:
        """Whether it can be ordered today by a client of that currency."""
        return self.offered and bool(self.prices_in(currency))


@dataclass(frozen=True, slots=True)
class Banner:
    """A promotion on the services screen, on the days from `starts` to `ends` inclusive."""

    id: str
    text: Texts
    starts: date | None = None
    ends: date | None = None
    picture: str | None = None
    product: str | None = None
    url: str | None = None

    def shows(self, today: date) -> bool:
        """Whether it runs on that day."""
        return (self.starts or today) <= today <= (self.ends or today)


@dataclass(frozen=True, slots=True)
class HelpTopic:
    """A short guide; votes are counted by its id."""

    id: str
    number: int
    title: Texts
    body: Texts


@dataclass(frozen=True, slots=True)
class BankAccount:
    """Where a bank transfer goes; `short_name` is the holder in at most 20 characters."""

    holder: str
    number: str
    bank: str = ""
    swift: str = ""
    short_name: str = ""


@dataclass(frozen=True, slots=True)
class Company:
    """The hosting company as its clients see it; texts and URLs are the operator's."""

    name: str
    about: Texts = field(default_factory=dict)
    terms: Texts = field(default_factory=dict)
    privacy: Texts = field(default_factory=dict)
    payment_support: Texts = field(default_factory=dict)
    cancellation: Texts = field(default_factory=dict)
    signup_url: str | None = None
    contact_url: str | None = None
    service_url: str | None = None
    bank_accounts: Mapping[str, BankAccount] = field(default_factory=dict)
    address: str = ""
    tax_id: str = ""


class LatePolicy(StrEnum):
    """From which day a renewal paid after its due date counts."""

    FROM_DUE_DATE = "from_due_date"
    FROM_PAYMENT_DATE = "from_payment_date"


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's rules for renewing and paying."""

    late: LatePolicy = LatePolicy.FROM_DUE_DATE
    opens_days_before: Mapping[BillingCycle, int] = field(default_factory=dict)
    change_cycle_on_renewal: bool = True
    invoice_expires_days: int = 14
    soon_days: int = 14
    reminders: ReminderPolicy = field(default_factory=ReminderPolicy)


@dataclass(frozen=True, slots=True)
class Catalog:
    """Everything a company offers, at one revision; withdrawn products stay, no longer offered."""

    revision: int
    company: Company
    policy: Policy = field(default_factory=Policy)
    groups: tuple[Group, ...] = ()
    products: tuple[Product, ...] = ()
    banners: tuple[Banner, ...] = ()
    topics: tuple[HelpTopic, ...] = ()

    def product(self, product_id: str) -> Product | None:
        """The product or add-on with the company's own id."""
        return next((p for p in self.products if p.id == product_id), None)

    def owned_as(self, kind: ProductKind, ref: str) -> Product | None:
        """The product or add-on that its owner calls so."""
        return next((p for p in self.products if (p.kind, p.ref) == (kind, ref)), None)

    def numbered(self, number: int) -> Product | None:
        """The product or add-on with a button's number; numbers are never given twice."""
        return next((p for p in self.products if p.number == number), None)

    def topic(self, number: int) -> HelpTopic | None:
        """The help topic with a button's number."""
        return next((topic for topic in self.topics if topic.number == number), None)

    def banner(self, today: date) -> Banner | None:
        """The first banner that runs today."""
        return next((banner for banner in self.banners if banner.shows(today)), None)

    def offered(self, kind: ProductKind, currency: str) -> tuple[Product, ...]:
        """What can be ordered of a kind in a currency, in the catalogue's order."""
        return tuple(p for p in self.products if p.kind is kind and p.is_offered_in(currency))

    def orderable(self, product_id: str | None, currency: str) -> Product | None:
        """The product or add-on with that id where it can be ordered today in a currency."""
        product = self.product(product_id) if product_id else None
        return product if product and product.is_offered_in(currency) else None

    def needs_work(self, product_id: str) -> tuple[WorkKind, ...]:
        """After what there is work to do for a product; the default for one that is not known."""
        product = self.product(product_id)
        return product.needs_work if product else NEEDS_WORK

    def reminder_policy(self, product_id: str) -> ReminderPolicy:
        """The stages for a product: its own, else the company's."""
        product = self.product(product_id)
        return (product and product.reminder_policy) or self.policy.reminders

    @property
    def reminder_horizon(self) -> tuple[int, int]:
        """Days from today to the furthest and nearest due dates that any product's stages need."""
        own = (product.reminder_policy for product in self.products)
        horizons = [policy.horizon for policy in (self.policy.reminders, *own) if policy]
        return max(far for far, _ in horizons), min(near for _, near in horizons)
