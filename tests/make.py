"""Builders of billing values with invented defaults; a test names only what matters to it.

Every builder makes a valid value; keywords replace its fields, and a misspelt field fails.
"""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar

from billing.rules.allowed import EVERYTHING
from billing.rules.audit import Actor
from billing.rules.cycles import BillingCycle, add_cycle
from billing.rules.money import Money
from billing.rules.payments.invoices import Invoice, InvoiceLine, InvoiceStatus, invoice_number
from billing.rules.payments.payment import Payment, PaymentStatus
from billing.rules.services.service import Service, ServiceKind, ServiceStatus, SuspendedFor
from billing.rules.shop.cart import Cart, CartLine, LineKind
from billing.rules.shop.catalog import (
    BankAccount,
    Banner,
    Catalog,
    Company,
    Group,
    HelpTopic,
    Price,
    Product,
    ProductKind,
)
from billing.rules.shop.pricing import quote_line
from billing.rules.shop.pricing_inputs import PricingInputs
from billing.rules.shop.quotes import Quote, Taxation, sum_of

TODAY = date(2026, 3, 10)
"""The company's today wherever a test names none."""

STAFF = Actor("staff")
NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)

DIGITS = 7391
"""The random digits of every invoice number in tests."""

VAT = Taxation(rate=2300, included=False)
"""23 %, on top of net prices."""


T = TypeVar("T")


def known(value: T | None) -> T:
    """What must be known where the test asks for it."""
    assert value is not None
    return value


def digits() -> int:
    """What stands for the random digits."""
    return DIGITS


def money(text: str = "29.00", currency: str = "PLN") -> Money:
    """An amount as a person writes it."""
    return Money.parse(text, currency)


def price(
    amount: str = "29.00",
    cycle: BillingCycle = BillingCycle.MONTHLY,
    *,
    setup: str = "0",
    currency: str = "PLN",
) -> Price:
    """A price, without a setup fee unless named."""
    return Price(cycle, money(amount, currency), money(setup, currency))


def prices(
    monthly: str = "29.00", *, currency: str = "PLN", setup: str = "0"
) -> tuple[Price, ...]:
    """Monthly, quarterly and annual prices: three months at three times, a year at ten times."""
    return tuple(
        Price(cycle, money(monthly, currency) * times, money(setup, currency))
        for cycle, times in (
            (BillingCycle.MONTHLY, 1),
            (BillingCycle.QUARTERLY, 3),
            (BillingCycle.ANNUALLY, 10),
        )
    )


def product(product_id: str = "start", **changes: Any) -> Product:
    """A hosting product, 29.00 PLN a month."""
    made = Product(
        id=product_id,
        ref=product_id,
        number=1,
        kind=ProductKind.PRODUCT,
        group="hosting",
        name={"en": f"Hosting {product_id}", "pl": f"Hosting {product_id}"},
        prices=prices(),
    )
    return replace(made, **changes)


def addon(product_id: str = "ssl", **changes: Any) -> Product:
    """An add-on that fits the product "start", 10.00 PLN a month."""
    made = Product(
        id=product_id,
        ref=product_id,
        number=2,
        kind=ProductKind.ADDON,
        group="security",
        name={"en": f"Add-on {product_id}", "pl": f"Dodatek {product_id}"},
        prices=prices("10.00"),
        fits=("start",),
    )
    return replace(made, **changes)


def company(**changes: Any) -> Company:
    """An invented company with one bank account."""
    made = Company(
        name="Przykładowy Hosting",
        about={"en": "Hosting that does not exist.", "pl": "Hosting, którego nie ma."},
        bank_accounts={"PLN": BankAccount("Przykładowy Hosting", "PL00 0000 0000 0000")},
    )
    return replace(made, **changes)


def catalog(*products: Product, **changes: Any) -> Catalog:
    """A catalogue of these products; of the product "start" and the add-on "ssl" when none."""
    made = Catalog(
        revision=1,
        company=company(),
        groups=(
            Group("hosting", {"en": "Hosting", "pl": "Hosting"}),
            Group("security", {"en": "Security", "pl": "Bezpieczeństwo"}),
        ),
        products=products or (product(), addon()),
    )
    return replace(made, **changes)


def banner(**changes: Any) -> Banner:
    """A banner that runs on every day."""
    made = Banner(id="spring", text={"en": "Spring offer", "pl": "Wiosenna oferta"})
    return replace(made, **changes)


def topic(**changes: Any) -> HelpTopic:
    """A help topic."""
    made = HelpTopic(
        id="dns",
        number=1,
        title={"en": "Changing DNS", "pl": "Zmiana DNS"},
        body={"en": "Open your domain.", "pl": "Otwórz swoją domenę."},
    )
    return replace(made, **changes)


def service(**changes: Any) -> Service:
    """An active monthly service of the product "start", due twelve days from TODAY."""
    made = Service(
        id=1,
        client_id=1,
        product_id="start",
        name="Hosting start",
        domain="anna.example",
        currency="PLN",
        first_amount=money(),
        amount=money(),
        cycle=BillingCycle.MONTHLY,
        registered_on=date(2025, 3, 22),
        next_due_date=TODAY + timedelta(days=12),
        anchor_day=22,
        status=ServiceStatus.ACTIVE,
    )
    if changes.get("status") is ServiceStatus.SUSPENDED:
        changes.setdefault("suspended_for", SuspendedFor.NON_PAYMENT)
    if changes.get("parent_id") is not None:
        changes.setdefault("kind", ServiceKind.ADDON)
    if isinstance(amount := changes.get("amount"), Money):
        changes.setdefault("currency", amount.currency)
    if isinstance(due := changes.get("next_due_date"), date):
        changes.setdefault("anchor_day", due.day)
    return replace(made, **changes)


def owned_addon(**changes: Any) -> Service:
    """An active add-on "ssl" of service 1, its id 2, due with it."""
    addon_fields: dict[str, Any] = {
        "id": 2,
        "parent_id": 1,
        "product_id": "ssl",
        "name": "Add-on ssl",
        "domain": "",
        "first_amount": money("10.00"),
        "amount": money("10.00"),
    }
    return service(**(addon_fields | changes))


def renewal_line(service_id: int = 1, **changes: Any) -> CartLine:
    """A cart line that renews a service for a month."""
    made = CartLine(id=1, kind=LineKind.RENEWAL, cycle=BillingCycle.MONTHLY, service_id=service_id)
    return replace(made, **changes)


def addon_line(service_id: int | None = 1, **changes: Any) -> CartLine:
    """A cart line for the add-on "ssl" of a service (or, with None, of a `parent_line`)."""
    made = CartLine(
        id=2,
        kind=LineKind.ADDON,
        cycle=BillingCycle.MONTHLY,
        service_id=service_id,
        product_id="ssl",
    )
    return replace(made, **changes)


def product_line(product_id: str = "start", **changes: Any) -> CartLine:
    """A cart line for a new product on a month."""
    made = CartLine(
        id=3,
        kind=LineKind.PRODUCT,
        cycle=BillingCycle.MONTHLY,
        product_id=product_id,
        name="nowa.example",
    )
    return replace(made, **changes)


def cart(*lines: CartLine, **changes: Any) -> Cart:
    """The cart of client 1 with these lines, numbered from 1 unless their ids already differ."""
    ids = {line.id for line in lines}
    numbered = (
        lines
        if len(ids) == len(lines)
        else tuple(replace(line, id=number) for number, line in enumerate(lines, start=1))
    )
    return replace(Cart(client_id=1, revision=1, lines=tuple(numbered)), **changes)


def pricing(*services: Service, **changes: Any) -> PricingInputs:
    """What prices depend on: these services, the default catalogue, VAT, PLN, TODAY."""
    made = PricingInputs(
        catalog=catalog(),
        currency="PLN",
        taxation=VAT,
        today=TODAY,
        allowed=EVERYTHING,
        services={owned.id: owned for owned in services},
    )
    return replace(made, **changes)


def quote(**changes: Any) -> Quote:
    """The quote of a month's renewal of the default service."""
    made = quote_line(renewal_line(), pricing(service()))
    assert isinstance(made, Quote)
    return replace(made, **changes)


def invoice(*quotes: Quote, **changes: Any) -> Invoice:
    """An unpaid invoice of these quotes; of one renewal when none."""
    lines = tuple(
        InvoiceLine(id=number, item=line) for number, line in enumerate(quotes or (quote(),), 1)
    )
    currency = lines[0].amounts.gross.currency
    made = Invoice(
        id=1,
        client_id=1,
        number=invoice_number(TODAY, 1, DIGITS),
        status=InvoiceStatus.UNPAID,
        currency=currency,
        lines=lines,
        created_at=NOW,
        expires_on=TODAY + timedelta(days=14),
        paid=Money.zero(currency),
        totals=sum_of([line.quote for line in lines], currency),
    )
    return replace(made, **changes)


def payment(**changes: Any) -> Payment:
    """A payment just created for invoice 1 by bank transfer."""
    made = Payment(
        id=1,
        invoice_id=1,
        client_id=1,
        gateway="bank",
        status=PaymentStatus.PENDING,
        amount=money("35.67"),
        created_at=NOW,
    )
    return replace(made, **changes)


def due_after(start: date, cycle: BillingCycle, *, times: int, anchor_day: int) -> date:
    """The due date after renewing so many times in a row."""
    for _ in range(times):
        start = add_cycle(start, anchor_day=anchor_day, cycle=cycle)
    return start
