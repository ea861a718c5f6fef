"""Samples of checkout, proformas, receipts and credit."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from billing.rules.allowed import EVERYTHING, NOTHING
from billing.rules.cycles import BillingCycle
from billing.rules.money import Money
from billing.rules.payments.invoices import Born, Invoice, InvoiceLine, InvoiceStatus, Outcome
from billing.rules.payments.payment import CreditMovement, CreditReason
from billing.rules.shop.cart_parts import CartPart
from billing.rules.shop.catalog import BankAccount
from billing.rules.shop.quotes import Amounts, Quote, QuotedCart
from billing.rules.shop.savings import CyclePrice, savings
from billing.views.cart import CycleChoice
from billing.views.credit import CreditHistory
from billing.views.payments import (
    Checkout,
    GatewayName,
    Instructions,
    InvoiceList,
    InvoicePage,
    InvoiceSummary,
    OpenUrl,
    Party,
    PayMethod,
    TelegramInvoice,
)
from handlers.buttons import OpenRenewalCycle
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Shown
from handlers.payments import (
    balance_screens,
    cancel_screens,
    changed_screens,
    checkout_screens,
    credit_screens,
    cycle_screens,
    invoice_screens,
    list_screens,
    screens,
)
from handlers.payments.seen_lines import SeenLines, read_seen_lines, seen_line_values
from locales.translator import Translator
from tests.gallery.cart import full, mixed, view
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME, choice
from tests.make import NOW, TODAY, invoice, known, money, product_line, quote, service

LONG_ACCOUNT = BankAccount(
    "Przykładowy Hosting Sp. z o.o. " * 4, "PL00 0000 0000 0000 0000 0000 0000", "Bank", "BANKPLPW"
)


BANK, TELEGRAM = GatewayName("bank", 2), GatewayName("telegram", 3)


def methods(gross: Money, part: Money | None = None) -> tuple[PayMethod, ...]:
    """Credit alone, then bank and Telegram after a part from credit."""
    zero = Money.zero(gross.currency)
    part = part or zero
    return (
        PayMethod(gross, zero),
        PayMethod(part, gross - part, BANK),
        PayMethod(part, gross - part, TELEGRAM),
    )


def checkout(
    quoted: QuotedCart | None = None, *, credit: str = "0", use_credit: bool = True
) -> Checkout:
    """Checkout of a cart with every way to pay that its credit leaves."""
    quoted = quoted or mixed().quoted_cart
    gross, held = quoted.totals.gross, money(credit)
    covers = held >= gross
    part = None if covers or not use_credit else held
    ways = methods(gross, part)
    return Checkout(quoted, ways if covers else ways[1:], held, use_credit)


def of_part(count: int = 2) -> Checkout:
    """A checkout of some lines of a cart: the others stay in it."""
    lines = tuple(quote(line_id=4 + number) for number in range(count))
    quoted = replace(mixed().quoted_cart, quotes=lines, problems=())
    return replace(checkout(quoted), part=CartPart(4, 3 + count))


def one_by_credit() -> Checkout:
    """A checkout of one line that credit covers."""
    quoted = mixed().quoted_cart
    one = replace(quoted, quotes=quoted.quotes[:1], problems=())
    return checkout(one, credit="9000.00")


def cycle_choice() -> CycleChoice:
    """A monthly renewal that can be had for longer, and for a time whose price is not known."""
    known = ((BillingCycle.MONTHLY, money("29.00")), (BillingCycle.ANNUALLY, money("290.00")))
    return CycleChoice(
        quote(cycle=BillingCycle.MONTHLY),
        (*known, (BillingCycle.BIENNIALLY, None)),
        savings(CyclePrice(cycle, price, money("0")) for cycle, price in known),
    )


def free() -> Checkout:
    """A cart that costs nothing."""
    zero = money("0")
    quoted = mixed().quoted_cart
    nothing = Amounts(net=zero, tax=zero, gross=zero)
    quotes = (replace(quoted.quotes[0], amounts=nothing, recurring=zero),)
    return Checkout(replace(quoted, quotes=quotes), (PayMethod(zero, zero),), zero, True)


def seen(quoted: QuotedCart) -> SeenLines:
    """What was shown: cheaper, ending earlier, with one line that is gone and one not there."""
    earlier = [
        replace(
            q,
            amounts=replace(known(q.amounts), gross=known(q.gross) - money("1.00")),
            period_to=q.period_to and q.period_to - timedelta(days=30),
        )
        for q in quoted.quotes[:-1]
    ]
    gone = replace(quoted.quotes[0], line_id=77, name="Sklep")
    before = replace(quoted, quotes=(*earlier, gone))
    kept = read_seen_lines(seen_line_values(before), before.seal)
    assert kept is not None
    return kept


def outcomes() -> tuple[InvoiceLine, ...]:
    """A line for every outcome."""
    due = TODAY + timedelta(days=43)
    return tuple(
        InvoiceLine(number, quote(), NOW, outcome, due if number % 2 else None)
        for number, outcome in enumerate([*Outcome, None], start=1)
    )


def paid(*quotes: Quote, **changes: object) -> Invoice:
    """A paid proforma."""
    bill = invoice(*quotes, status=InvoiceStatus.PAID, paid_at=NOW, **changes)
    return replace(bill, paid=bill.gross)


SELLER = Party("Chmurnik Hosting", "PL0000000000", "ul. Obłoczna 1, 00-000 Chmurów")
BUYER = Party("Anna Nowak")
LONG_PARTY = Party("Spółka <z o.o.> & synowie " * 8, "T" * 64, "ul. Bardzo Długa & Szeroka 1 " * 7)


def page(bill: Invoice, *, credit: bool = False) -> InvoicePage:
    """A proforma with its ways to pay."""
    ways = methods(bill.balance) if bill.is_open else ()
    held = money("100.00") if credit else money("0")
    return InvoicePage(bill, ways if credit else ways[1:], TODAY, held, SELLER, BUYER)


def page_with_some_credit(*, use_credit: bool) -> InvoicePage:
    """A proforma that credit can pay a part of."""
    bill, held = invoice(), money("20.00")
    part = held if use_credit else money("0")
    ways = tuple(
        replace(way, credit_part=part, due_part=bill.balance - part)
        for way in methods(bill.balance)[1:]
    )
    return InvoicePage(bill, ways, TODAY, held, SELLER, BUYER, use_credit)


def long_bill(count: int = 25) -> Invoice:
    """A proforma of many lines with the longest names."""
    return invoice(*(quote(name=LONG_NAME, domain=LONG_DOMAIN) for _ in range(count)))


def listed(count: int, *, is_open: bool = True, found: int | None = None) -> InvoiceList:
    """A page of the list, every state in turn when they are past."""
    past = [InvoiceStatus.PAID, InvoiceStatus.CANCELLED, InvoiceStatus.EXPIRED]
    rows = tuple(
        InvoiceSummary(
            id=number,
            number=f"PRO-202603-{number:05d}-7391",
            status=str(InvoiceStatus.UNPAID if is_open else past[number % 3]),
            gross=money("123.00") * number,
            balance=money("100.00") * number,
            created_at=NOW,
            expires_on=TODAY + timedelta(days=number),
        )
        for number in range(1, count + 1)
    )
    return InvoiceList(is_open, 0, found or count, 8, rows, money("20.00"))


def history(count: int, *, page: int = 0, more: bool = False) -> CreditHistory:
    """Movements for every reason in turn."""
    reasons = list(CreditReason)
    movements = tuple(
        CreditMovement(
            id=number,
            client_id=1,
            amount=money("10.00") if number % 2 else -money("10.00"),
            balance=money("20.00"),
            reason=reasons[number % len(reasons)],
            at=NOW,
            invoice_number="PRO-202603-00001-7391",
        )
        for number in range(count)
    )
    return CreditHistory(money("20.00"), movements, page, more)


def bank(account: BankAccount = LONG_ACCOUNT) -> Instructions:
    """Where to send a transfer."""
    return Instructions(account, "PRO-202603-00001-7391", money("1035.67"))


def last_method(made: Checkout) -> PayMethod:
    """The last way to pay."""
    return made.methods[-1]


def long_checkout() -> Checkout:
    """Many lines with the longest names."""
    return checkout(full(30, LONG_NAME, LONG_DOMAIN).quoted_cart, credit="20.00")


def new_service() -> Checkout:
    """One new service a year."""
    return checkout(view(product_line(cycle=BillingCycle.ANNUALLY)).quoted_cart)


def of_panel(**changes: Any) -> InvoicePage:
    """A panel's open proforma of 35.67, paid on the panel's own page or by transfer."""
    gross = invoice().gross
    due = (PayMethod(Money.zero("PLN"), gross, BANK),)
    bill = replace(invoice(), born=Born.PANEL, ref="7", expires_on=None)
    address = "https://bot.example/pay/x"
    made = replace(page(bill), methods=due, credit=None, pay_address=address)
    return replace(made, **changes)


SAMPLES: dict[str, Callable[[Translator], Shown]] = {
    "choose, a part": lambda t: checkout_screens.choose(t, of_part()),
    "choose, a large part": lambda t: checkout_screens.choose(t, of_part(30)),
    "choose, one line by credit": lambda t: checkout_screens.choose(t, one_by_credit()),
    "other cycles": lambda t: cycle_screens.renewal_cycles(t, cycle_choice(), OpenRenewalCycle(1)),
    "other cycles, from the list": lambda t: cycle_screens.renewal_cycles(
        t, choice(service(), in_cart=True), OpenRenewalCycle(1, 2, Origin.HOME)
    ),
    "other cycles, long name": lambda t: cycle_screens.renewal_cycles(
        t, choice(service(name=LONG_NAME, domain=LONG_DOMAIN)), OpenRenewalCycle(1, 0)
    ),
    "other cycles, one": lambda t: cycle_screens.renewal_cycles(
        t, choice(service(product_id="old")), OpenRenewalCycle(1, 0)
    ),
    "pay how?": lambda t: checkout_screens.choose(t, checkout()),
    "pay how? some credit": lambda t: checkout_screens.choose(t, checkout(credit="20.00")),
    "pay how? credit kept": lambda t: checkout_screens.choose(
        t, checkout(credit="20.00", use_credit=False)
    ),
    "pay how? credit covers it": lambda t: checkout_screens.choose(t, checkout(credit="5000.00")),
    "pay how? free of charge": lambda t: checkout_screens.choose(t, free()),
    "pay how? no way": lambda t: checkout_screens.choose(t, replace(checkout(), methods=())),
    "confirm, bank": lambda t: checkout_screens.confirm(t, checkout(), last_method(checkout())),
    "confirm, part from credit": lambda t: checkout_screens.confirm(
        t, checkout(credit="20.00"), last_method(checkout(credit="20.00"))
    ),
    "confirm, all from credit": lambda t: checkout_screens.confirm(
        t, checkout(credit="5000.00"), checkout(credit="5000.00").methods[0]
    ),
    "confirm, free of charge": lambda t: checkout_screens.confirm(t, free(), free().methods[0]),
    "confirm, a new service": lambda t: checkout_screens.confirm(
        t, new_service(), last_method(new_service())
    ),
    "confirm, many long lines": lambda t: checkout_screens.confirm(
        t, long_checkout(), last_method(long_checkout()), 1
    ),
    "changed": lambda t: changed_screens.order_changed(
        t, checkout(), last_method(checkout()), seen(checkout().quoted_cart)
    ),
    "changed, not known how": lambda t: changed_screens.order_changed(
        t, checkout(), last_method(checkout()), None
    ),
    "changed, many long lines": lambda t: changed_screens.order_changed(
        t, long_checkout(), last_method(long_checkout()), seen(long_checkout().quoted_cart)
    ),
    "proforma, on the panel's page": lambda t: invoice_screens.invoice(t, of_panel()),
    "proforma, balance covers it": lambda t: invoice_screens.invoice(
        t, of_panel(balance=money("100.00"))
    ),
    "proforma, balance too low": lambda t: invoice_screens.invoice(
        t, of_panel(balance=money("10.00"))
    ),
    "proforma, being paid from balance": lambda t: invoice_screens.invoice(
        t, of_panel(is_being_paid=True, pay_address="", methods=())
    ),
    "pay from balance?": lambda t: balance_screens.ask_pay(t, of_panel(balance=money("100.00"))),
    "bank transfer": lambda t: screens.transfer(t, invoice(), bank(), TODAY),
    "payment page": lambda t: screens.pay_page(t, invoice(), OpenUrl("https://pay.example/1")),
    "Telegram invoice": lambda t: screens.telegram_invoice(
        t, long_bill(), TelegramInvoice("p2:1:PRO-1", money("35.67"), "PRO-202603-00001-7391")
    ),
    "receipt": lambda t: screens.receipt(t, replace(paid(), lines=outcomes())),
    "receipt, long": lambda t: screens.receipt(
        t, replace(paid(*(line.quote for line in long_bill().lines)))
    ),
    "receipt, free of charge": lambda t: screens.receipt(t, paid(free().quoted_cart.quotes[0])),
    "proformas, none open": lambda t: list_screens.invoices(t, listed(0), EVERYTHING),
    "proformas, none past": lambda t: list_screens.invoices(
        t, listed(0, is_open=False), EVERYTHING
    ),
    "proformas, open": lambda t: list_screens.invoices(t, listed(2), EVERYTHING),
    "proformas, past": lambda t: list_screens.invoices(
        t, listed(8, is_open=False, found=20), EVERYTHING
    ),
    "proforma, open": lambda t: invoice_screens.invoice(t, page(invoice(), credit=True)),
    "proforma, some credit": lambda t: invoice_screens.invoice(
        t, page_with_some_credit(use_credit=False)
    ),
    "proforma, some credit to be used": lambda t: invoice_screens.invoice(
        t, page_with_some_credit(use_credit=True)
    ),
    "proforma, paid in part": lambda t: invoice_screens.invoice(
        t, page(invoice(paid=money("10.00")))
    ),
    "proforma, paid": lambda t: invoice_screens.invoice(
        t, page(replace(paid(), lines=outcomes()))
    ),
    "proforma, cancelled": lambda t: invoice_screens.invoice(
        t, page(invoice(status=InvoiceStatus.CANCELLED))
    ),
    "proforma, expired": lambda t: invoice_screens.invoice(
        t, page(invoice(status=InvoiceStatus.EXPIRED))
    ),
    "proforma, many long lines": lambda t: invoice_screens.invoice(t, page(long_bill()), 1),
    "proforma of parties with long names": lambda t: invoice_screens.invoice(
        t, replace(page(long_bill(), credit=True), seller=LONG_PARTY, buyer=LONG_PARTY), 1
    ),
    "cancel a proforma?": lambda t: cancel_screens.ask_cancel(
        t, page(invoice(paid=money("10.00"))), EVERYTHING
    ),
    "cancel a proforma?, nothing allowed": lambda t: cancel_screens.ask_cancel(
        t, page(invoice()), NOTHING
    ),
    "cancel a proforma, no credit?": lambda t: cancel_screens.ask_cancel(
        t, replace(page(invoice(paid=money("10.00"))), credit=None), EVERYTHING
    ),
    "proforma, its order being withdrawn": lambda t: invoice_screens.invoice(
        t, replace(page(invoice(), credit=True), methods=(), is_being_withdrawn=True)
    ),
    "proforma, no credit": lambda t: invoice_screens.invoice(
        t, replace(page(invoice()), credit=None)
    ),
    "pay how? no credit": lambda t: checkout_screens.choose(t, replace(checkout(), credit=None)),
    "proformas, no credit": lambda t: list_screens.invoices(
        t, replace(listed(3), credit=None), EVERYTHING
    ),
    "proformas, none open nor allowed": lambda t: list_screens.invoices(t, listed(0), NOTHING),
    "credit, nothing moved": lambda t: credit_screens.credit(t, history(0)),
    "credit": lambda t: credit_screens.credit(t, history(8, more=True)),
    "credit, last page": lambda t: credit_screens.credit(t, history(3, page=2)),
}
