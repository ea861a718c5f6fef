"""Ways to pay, states of proformas, what became of their lines, why credit moved: in words."""

from collections.abc import Iterator
from datetime import date

from markupsafe import Markup

from billing.rules.money import Money
from billing.rules.payments.invoices import (
    Invoice,
    InvoiceLine,
    InvoiceStatus,
    Outcome,
    StatedLine,
)
from billing.rules.payments.payment import CreditMovement, CreditReason
from billing.rules.shop.cart import LineKind
from billing.rules.shop.quotes import Quote
from billing.views.payments import Party, PayMethod
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import (
    NAME_LIMIT,
    facts,
    first_price,
    kind_of,
    overdue_since,
    period_of,
    title_of,
    title_with_domain,
)
from locales.text import Plain
from locales.translator import Translator

PARTY_LIMIT = 200
"""Longest name and address, as the data folder allows them."""

TAX_ID_LIMIT = 64


def way_to_pay(t: Translator, method: PayMethod) -> Plain:
    """The name of a way to pay."""
    return gateway_name(t, method.gateway.code if method.gateway else "")


def gateway_name(t: Translator, code: str) -> Plain:
    """The way to pay with the code of a gateway, "" for credit; unknown ones pay online."""
    match code:
        case "":
            return t.plain("Account credit")
        case "bank":
            return t.plain("Bank transfer")
        case "telegram":
            return t.plain("Payment in Telegram")
        case _:
            return t.plain("Online payment")


def state_of(t: Translator, status: InvoiceStatus) -> Plain:
    """Sign and word of a proforma's state."""
    match status:
        case InvoiceStatus.UNPAID:
            return t.plain("🧾 to be paid")
        case InvoiceStatus.DRAFT:
            return t.plain("🕓 being drawn up")
        case InvoiceStatus.BEING_APPLIED:
            return t.plain("✅ paid, 🕓 being carried out")
        case InvoiceStatus.REFUNDED:
            return t.plain("↩️ refunded")
        case InvoiceStatus.PAID:
            return t.plain("✅ paid")
        case InvoiceStatus.CANCELLED:
            return t.plain("❌ cancelled")
        case InvoiceStatus.EXPIRED:
            return t.plain("❌ expired")


def deadlines(t: Translator, invoice: Invoice, today: date) -> tuple[Markup, ...]:
    """When an unpaid proforma is to be paid, and until when it can be, as far as it says so."""
    return tuple(line for line in (_pay_by(t, invoice, today), _valid(t, invoice, today)) if line)


def _pay_by(t: Translator, invoice: Invoice, today: date) -> Markup | None:
    """The earliest due date on it, and whose it is."""
    line = invoice.most_urgent
    if line is None or line.owed_on is None:
        return None
    name = shortened(line.item.name, NAME_LIMIT)
    late = (today - line.owed_on).days
    if late > 0:
        return Markup("{} ({})").format(overdue_since(t, line.owed_on, late), name)
    return t("Pay by: <b>{date}</b> ({name})", date=t.date(line.owed_on), name=name)


def _valid(t: Translator, invoice: Invoice, today: date) -> Markup | None:
    """Until when it can be paid; None for one that does not expire."""
    if invoice.expires_on is None:
        return None
    days = t.in_days((invoice.expires_on - today).days)
    valid_until = t("{date} ({days})", date=t.date(invoice.expires_on), days=days)
    return t("Proforma valid until {date}", date=valid_until)


def line_entry(t: Translator, line: InvoiceLine, number: int, *, is_paid: bool) -> Markup:
    """A line of a proforma: what, for when, at what price; once paid, what became of it.

    Of a panel's line only what the panel states is shown.
    """
    item = line.item
    price = t.money(item.gross) if isinstance(item, StatedLine) else first_price(t, item)
    what = tuple(_what(t, item))
    return lines(
        Markup("{}. {}").format(number, line_title(t, line)),
        facts(*what) if what else None,
        facts(Markup("<b>{}</b>").format(price)),
        facts(became(t, line)) if is_paid else None,
    )


def line_title(t: Translator, line: InvoiceLine) -> Markup:
    """What a line of a proforma is for, whoever has made the proforma."""
    item = line.item
    if isinstance(item, StatedLine):
        return title_with_domain(t, item.name, item.domain)
    return title_of(t, item)


def _what(t: Translator, item: Quote | StatedLine) -> Iterator[Plain]:
    """The kind of a line and the dates it pays for, as far as they are known."""
    if item.kind is not None:
        yield kind_of(t, item.kind)
    if isinstance(item, Quote):
        yield from filter(None, (period_of(t, item),))
    elif item.period_from is not None and item.period_to is not None:
        yield Plain(f"{t.date(item.period_from)} – {t.date(item.period_to)}")


def became(t: Translator, line: InvoiceLine) -> Markup:
    """What happened to a paid line."""
    match line.outcome:
        case Outcome.RENEWED | Outcome.RENEWED_AFTER_MOVE:
            return _renewed(t, line)
        case Outcome.ACTIVATED if line.due_date is not None:
            return t("✅ active until <b>{date}</b>", date=t.date(line.due_date))
        case Outcome.ACTIVATED:
            return t("✅ active")
        case Outcome.ORDERED if line.item.kind is None:
            return t("✅ done")
        case Outcome.ORDERED:
            return t("🕓 ordered: we will set it up and let you know here")
        case Outcome.CREDITED | Outcome.UNDELIVERED as outcome:
            return _undelivered(t, line, is_credit=outcome is Outcome.CREDITED)
        case None:
            return _under_way(t, line)


def _under_way(t: Translator, line: InvoiceLine) -> Markup:
    """What a panel has yet to carry out."""
    if isinstance(line.item, StatedLine) and line.item.kind is LineKind.RENEWAL:
        return t("🕓 is being renewed")
    return t("🕓 being carried out")


def _renewed(t: Translator, line: InvoiceLine) -> Markup:
    """Until when a renewal is paid; a panel need not say it."""
    if line.until is None:
        return t("✅ renewed; we do not know the new due date yet")
    if line.outcome is Outcome.RENEWED:
        return t("✅ renewed until <b>{date}</b>", date=t.date(line.until))
    return t(
        "✅ renewed until <b>{date}</b>: its due date had moved in the meantime",
        date=t.date(line.until),
    )


def _undelivered(t: Translator, line: InvoiceLine, *, is_credit: bool) -> Markup:
    amount = t.money(line.amounts.gross)
    if is_credit:
        return t(
            "⚠️ could not be carried out: {amount} is on your account as credit", amount=amount
        )
    return t(
        "⚠️ could not be carried out: we have {amount} from you and will get back to you about it",
        amount=amount,
    )


def paid_part(t: Translator, invoice: Invoice) -> tuple[Markup, ...]:
    """What has been paid of an open proforma, and what is left; nothing when nothing has."""
    if not invoice.paid or not invoice.is_open:
        return ()
    return (
        t("Paid so far: {paid}", paid=t.money(invoice.paid)),
        t("Left to pay: <b>{left}</b>", left=t.money(invoice.balance)),
    )


def parties(t: Translator, seller: Party, buyer: Party) -> tuple[Markup, ...]:
    """Who sells and who buys, with what is known of them."""
    return (
        t("Seller: {party}", party=_party(t, seller)),
        t("Buyer: {party}", party=_party(t, buyer)),
    )


def _party(t: Translator, party: Party) -> Plain:
    tax_id = shortened(party.tax_id, TAX_ID_LIMIT)
    parts = (
        shortened(party.name, PARTY_LIMIT),
        shortened(party.address, PARTY_LIMIT),
        t.plain("tax ID {number}", number=tax_id) if tax_id else "",
    )
    return Plain(", ".join(filter(None, parts)))


def your_credit(t: Translator, credit: Money | None) -> Markup | None:
    """How much credit there is, if any."""
    return t("Your credit: {amount}", amount=t.money(credit)) if credit else None


def credit_switch(
    t: Translator, credit: Money | None, due: Money, other: Payload, *, used: bool
) -> tuple[Row, ...]:
    """Credit that covers a part may be used or kept; one that covers all is a way of its own."""
    if credit is None or not Money.zero(credit.currency) < credit < due:
        return ()
    amount = t.money(credit)
    if used:
        return ((Button(t.plain("☑ Use credit: {amount}", amount=amount), other),),)
    return ((Button(t.plain("☐ Use credit: {amount}", amount=amount), other),),)


def signed(t: Translator, amount: Money) -> Plain:
    """An amount with its sign, also in front of what is added."""
    return Plain(f"−{t.money(-amount)}" if amount.minor < 0 else f"+{t.money(amount)}")


def why_moved(t: Translator, movement: CreditMovement) -> Plain:
    """Why the credit changed, with the proforma behind it."""
    number = movement.invoice_number
    match movement.reason:
        case CreditReason.LOADED:
            return t.plain("opening balance")
        case CreditReason.ADJUSTED:
            added = movement.amount.minor > 0
            return t.plain("added by us") if added else t.plain("taken back by us")
        case CreditReason.APPLIED:
            return t.plain("payment for {number}", number=number)
        case CreditReason.RELEASED:
            return t.plain("returned: {number} was cancelled or has expired", number=number)
        case CreditReason.SURPLUS:
            return t.plain("paid beyond what {number} asked for", number=number)
        case CreditReason.REJECTED:
            return t.plain("an order of {number} was not accepted", number=number)
        case CreditReason.UNDELIVERED:
            return t.plain("a line of {number} could not be carried out", number=number)
        case CreditReason.RECEIVED:
            return t.plain("a payment of yours")
