"""What the operator is told in their chat, with the commands that act on it."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import assert_never

from markupsafe import Markup

from billing.ports.outbox import Outgoing
from billing.rules.invoices import Invoice
from billing.rules.money import Money
from billing.rules.reach import ClosedChat
from billing.views.account import ClientInfo, Reach
from billing.views.notices.operator import (
    CancellationRequested,
    CancellationWithdrawn,
    ClientMatter,
    LineUndelivered,
    MessagesWaited,
    OrderPaid,
    Overpaid,
    PaidTooLate,
    ReminderSummary,
    RenewedAfterMove,
    UnplacedPayment,
    WrongCodes,
)
from billing.views.services import CancelWhen
from handlers.chat.screen import Screen
from handlers.chat.widgets import lines, shortened
from handlers.payments.late_screens import what_lapsed, why_closed
from handlers.reminders.commands import command, with_commands
from handlers.reminders.named import client_line, service_name
from handlers.reminders.summary import summary
from handlers.reminders.unplaced import unplaced
from handlers.reminders.wrong_codes import wrong_codes
from locales.text import Plain
from locales.translator import Translator

REASON_LIMIT = 600


def operator_notice(t: Translator, outgoing: Outgoing) -> Screen:
    """The message of a notice; of one that cannot be read, all there is."""
    notice = outgoing.notice
    if isinstance(notice, ClientMatter):
        return _client_matter(t, notice, outgoing)
    match notice:
        case ReminderSummary():
            return summary(t, notice)
        case WrongCodes():
            return wrong_codes(t, notice)
        case MessagesWaited():
            return _waited(t, notice)
        case _:
            return short(t, outgoing)


def short(t: Translator, outgoing: Outgoing) -> Screen:
    """What is sent when a message cannot be drawn: the bare facts."""
    notice = outgoing.notice
    facts = (f"{field.name}: {getattr(notice, field.name)}" for field in fields(notice))
    text = shortened("\n".join((f"topic: {notice.topic}", *facts)), 3000)
    return Screen(lines(t("<b>This needs a look</b>"), "", text))


def _client_matter(t: Translator, notice: ClientMatter, outgoing: Outgoing) -> Screen:
    client = outgoing.client
    match notice:
        case OrderPaid() | LineUndelivered() | RenewedAfterMove():
            return _line(t, notice, client)
        case CancellationRequested():
            return _cancellation(t, notice, client)
        case CancellationWithdrawn():
            return _withdrawn(t, notice, client)
        case Overpaid():
            return _overpaid(t, notice, client)
        case PaidTooLate():
            return _late(t, notice, client, outgoing.invoice)
        case UnplacedPayment():
            return unplaced(t, notice, client)
        case _:
            assert_never(notice)


def _line(
    t: Translator, line: OrderPaid | LineUndelivered | RenewedAfterMove, client: ClientInfo | None
) -> Screen:
    """What became of a line of a paid proforma."""
    what = (
        service_name(t, line.service),
        client_line(t, client),
        _proforma(t, line.number, line.amount),
    )
    match line:
        case OrderPaid():
            return _order(t, str(line.service.id), what)
        case LineUndelivered():
            title = t("⚠️ <b>Paid, but could not be carried out</b>")
            why = t("The service has ended or cannot have it any more. The price is credit now.")
            text = lines(title, "", *what, why)
            return with_commands(text, *_take_back(t, client, line.amount))
        case RenewedAfterMove(due_date=due):
            title = t("⚠️ <b>Renewed, but its due date had moved</b>")
            now = t("Next due date now: {date}", date=t.date(due)) if due else None
            why = t(
                "It changed between the proforma and the payment: please check that it is right."
            )
            return Screen(lines(title, "", *what, now, why))
        case _:
            assert_never(line)


def _proforma(t: Translator, number: str, amount: Money) -> Markup:
    if not amount:
        return t("Proforma {number}", number=number)
    return t("Proforma {number} · {amount}", number=number, amount=t.money(amount))


def _order(t: Translator, order: str, what: tuple[Markup | None, ...]) -> Screen:
    return with_commands(
        lines(t("🛒 <b>New order {order}, paid</b>", order=order), "", *what),
        (t.plain("Accept"), command("orders", "accept", order)),
        (t.plain("Reject"), command("orders", "reject", order)),
    )


def _cancellation(
    t: Translator, asked: CancellationRequested, client: ClientInfo | None
) -> Screen:
    request, why = str(asked.request_id), asked.reason
    at_end = asked.when is CancelWhen.PERIOD_END
    return with_commands(
        lines(
            t("✂️ <b>Cancellation asked for, request {request}</b>", request=request),
            "",
            service_name(t, asked.service),
            client_line(t, client),
            t("When: at the end of the period") if at_end else t("When: now"),
            t("Reason: {reason}", reason=shortened(why, REASON_LIMIT)) if why else None,
        ),
        (t.plain("Accept"), command("cancellations", "accept", request)),
        (t.plain("Reject"), command("cancellations", "reject", request)),
    )


def _withdrawn(
    t: Translator, withdrawn: CancellationWithdrawn, client: ClientInfo | None
) -> Screen:
    request = str(withdrawn.request_id)
    return with_commands(
        lines(
            t("✂️ <b>Cancellation withdrawn, request {request}</b>", request=request),
            "",
            client_line(t, client),
            t("The service goes on. There is nothing to do."),
        ),
        (t.plain("Other requests"), command("cancellations")),
    )


def _overpaid(t: Translator, paid: Overpaid, client: ClientInfo | None) -> Screen:
    return with_commands(
        lines(
            t("💳 <b>Paid too much: {amount}</b>", amount=t.money(paid.amount)),
            "",
            client_line(t, client),
            t("Proforma {number}", number=paid.number),
            t("It is the client's credit now."),
        ),
        *_take_back(t, client, paid.amount),
    )


def _late(
    t: Translator, paid: PaidTooLate, client: ClientInfo | None, invoice: Invoice | None
) -> Screen:
    lapsed: tuple[Markup, ...] = (why_closed(t, paid.status, paid.number),)
    if invoice is not None:
        lapsed = what_lapsed(t, invoice)
    is_told = paid.reach is Reach.REACHED
    return with_commands(
        lines(
            t("💳 <b>Came too late: {amount}</b>", amount=t.money(paid.amount)),
            "",
            client_line(t, client),
            *lapsed,
            t("It is the client's credit now."),
            t("The client is told and can use it at once.")
            if is_told
            else t("⚠️ Nobody reads the bot for this client: please tell them yourself."),
        ),
        *_take_back(t, client, paid.amount),
    )


def _take_back(
    t: Translator, client: ClientInfo | None, amount: Money
) -> tuple[tuple[Plain, str], ...]:
    """How the credit is taken away again, should the money be sent back."""
    if client is None or not amount:
        return ()
    line = command("credit", "--", client.ref, str(-amount.decimal))
    return ((t.plain("If you send it back"), line),)


def _waited(t: Translator, waited: MessagesWaited) -> Screen:
    n, oldest = waited.count, waited.oldest
    count = t.n("<b>{n} message waited for you</b>", "<b>{n} messages waited for you</b>", n)
    return Screen(
        lines(
            Markup("📬 {}").format(count),
            "",
            t("The oldest one: {instant}", instant=t.instant(oldest)) if oldest else None,
            CLOSED[waited.why](t),
            t("What you still need follows now."),
        )
    )


CLOSED: Mapping[ClosedChat, Callable[[Translator], Markup]] = {
    ClosedChat.NOT_SET: lambda t: t("No chat was set for them."),
    ClosedChat.REMOVED: lambda t: t("We were removed from this chat, or blocked in it."),
    ClosedChat.MAY_NOT_WRITE: lambda t: t("We were not allowed to write here."),
    ClosedChat.TOPIC_CLOSED: lambda t: t("The topic was closed."),
    ClosedChat.NOT_FOUND: lambda t: t("This chat could not be found."),
}
"""Why messages had to wait."""
