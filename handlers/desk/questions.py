"""What staff are asked before they decide, and what they are told after it."""

from markupsafe import Markup

from billing.views.desk import SeenInvoice, SeenService
from billing.views.payments import PaymentOutcome, PaymentResult
from billing.views.services import Cancellation, CancelWhen
from handlers.buttons import (
    AskMarkPaid,
    DecideOrder,
    DecideRequest,
    MarkPaid,
    OpenClientInvoice,
    OpenClientService,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import title_with_domain
from handlers.notices.commands import command
from handlers.notices.subject import client_line
from locales.text import Plain
from locales.translator import Translator

NAME_LIMIT = 60


def mark_paid(t: Translator, seen: SeenInvoice, asked: AskMarkPaid) -> Screen:
    """Whether the whole balance came by transfer."""
    bill = seen.page.invoice
    amount = t.money(bill.balance)
    yes = MarkPaid(asked.client, asked.invoice, bill.seal, asked.source)
    no = OpenClientInvoice(asked.client, asked.invoice, source=asked.source)
    return Screen(
        lines(
            t("🧾 <b>Has {amount} come for {number}?</b>", amount=amount, number=bill.number),
            client_line(t, seen.client),
            "",
            t("We record a transfer of today and send a receipt."),
        ),
        _yes_no(t, t.plain("Yes, {amount} came", amount=amount), yes, no),
    )


def order(t: Translator, seen: SeenService, *, accept: bool) -> Screen:
    """Whether an order shall be accepted, or rejected."""
    service = seen.page.service
    title, effect = t("🛒 <b>Accept this order?</b>"), t("It becomes active today.")
    yes = t.plain("Yes, accept")
    if not accept:
        title, yes = t("🛒 <b>Reject this order?</b>"), t.plain("Yes, reject")
        effect = t("What was paid for it is given back to the client.")
    return _question(t, seen, title, effect, yes, DecideOrder(
        service.client_id, service.id, accept=accept
    ))  # fmt: skip


def request(t: Translator, seen: SeenService, wanted: Cancellation, *, accept: bool) -> Screen:
    """Whether a request to cancel shall be accepted, or rejected."""
    service = seen.page.service
    title, yes = t("🔚 <b>Accept the cancellation?</b>"), t.plain("Yes, accept")
    effect: Markup = _end(t, wanted)
    if not accept:
        title, yes = t("🔚 <b>Reject the cancellation?</b>"), t.plain("Yes, reject")
        words = command("cancellations", "reject", str(wanted.id), "--reason", "…")
        effect = Markup("{} <code>{}</code>").format(
            t("The service stays. To give the client a reason, use the command"), words
        )
    decide = DecideRequest(service.client_id, service.id, wanted.id, accept=accept)
    return _question(t, seen, title, effect, yes, decide)


def _end(t: Translator, wanted: Cancellation) -> Markup:
    if wanted.when is CancelWhen.NOW:
        return t("The service ends at once.")
    if wanted.effective_on is None:
        return t("The service ends with its period.")
    return t("The service ends on {date}.", date=t.date(wanted.effective_on))


def _question(
    t: Translator, seen: SeenService, title: Markup, effect: Markup, yes: Plain, decide: Payload
) -> Screen:
    service = seen.page.service
    no = OpenClientService(service.client_id, service.id)
    return Screen(
        lines(
            title,
            "",
            title_with_domain(t, service.title, service.domain),
            client_line(t, seen.client),
            "",
            effect,
        ),
        _yes_no(t, yes, decide, no),
    )


def _yes_no(t: Translator, label: Plain, yes: Payload, no: Payload) -> tuple[Row, ...]:
    return ((Button(label, yes, Style.SUCCESS),), (Button(t.plain("No, back"), no),))


def recorded(t: Translator, result: PaymentResult) -> Plain:
    """What came of a transfer."""
    if result.outcome is PaymentOutcome.REPEATED:
        if result.booked_on is None:
            return t.plain("This payment was recorded before.")
        return t.plain("This payment was recorded before: {date}.", date=t.date(result.booked_on))
    return t.plain("Recorded: {amount}.", amount=t.money(result.received))


def decided_order(t: Translator, title: str, *, accept: bool) -> Plain:
    """What became of an order."""
    name = shortened(title, NAME_LIMIT)
    if accept:
        return t.plain("Accepted: {name}.", name=name)
    return t.plain("Rejected: {name}.", name=name)
