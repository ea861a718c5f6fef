"""What the operator is told of orders, other paid lines and requests to cancel."""

from typing import assert_never

from markupsafe import Markup

from billing.rules.money import Money
from billing.views.account import ClientInfo
from billing.views.notices.operator import (
    CancellationRequested,
    CancellationWithdrawn,
    LineUndelivered,
    OrderPaid,
    RenewedAfterMove,
)
from billing.views.services import CancelWhen
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.commands import command, with_commands
from handlers.notices.operator_money import take_back
from handlers.notices.subject import client_line, service_name
from locales.translator import Translator

REASON_LIMIT = 600


def paid_line(
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
            if not line.is_credit:
                why = t(
                    "The service has ended or cannot have it any more. What becomes of the price "
                    "is yours to decide: it is in a message of its own."
                )
                return Screen(lines(title, "", *what, why))
            text = lines(title, "", *what, why)
            return with_commands(text, *take_back(t, client, line.amount))
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


def cancellation(
    t: Translator, request: CancellationRequested, client: ClientInfo | None
) -> Screen:
    """A request that waits for a decision."""
    number, why = str(request.request_id), request.reason
    at_end = request.when is CancelWhen.PERIOD_END
    return with_commands(
        lines(
            t("✂️ <b>Cancellation request #{request}</b>", request=number),
            "",
            service_name(t, request.service),
            client_line(t, client),
            t("When: at the end of the period") if at_end else t("When: now"),
            t("Reason: {reason}", reason=shortened(why, REASON_LIMIT)) if why else None,
        ),
        (t.plain("Accept"), command("cancellations", "accept", number)),
        (t.plain("Reject"), command("cancellations", "reject", number)),
    )


def withdrawal(t: Translator, request: CancellationWithdrawn, client: ClientInfo | None) -> Screen:
    """A request that was taken back."""
    number = str(request.request_id)
    return with_commands(
        lines(
            t("✂️ <b>Cancellation request #{request} withdrawn</b>", request=number),
            "",
            client_line(t, client),
            t("The service goes on. There is nothing to do."),
        ),
        (t.plain("Other requests"), command("cancellations")),
    )
