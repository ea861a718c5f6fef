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
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.operator.commands import OperatorMessage, Way, command, copied_ways
from handlers.notices.operator.money import take_back
from handlers.notices.subject import client_line, service_name
from locales.translator import Translator

REASON_LIMIT = 600


def paid_line(
    t: Translator, line: OrderPaid | LineUndelivered | RenewedAfterMove, client: ClientInfo | None
) -> OperatorMessage:
    """What became of a line of a paid proforma."""
    what = (
        service_name(t, line.service),
        client_line(t, client),
        _proforma(t, line.number, line.amount),
    )
    match line:
        case OrderPaid():
            return _order(t, line.service.id, what)
        case LineUndelivered():
            title = t("⚠️ <b>Paid, but could not be carried out</b>")
            why = t("The service has ended or cannot have it any more. The price is credit now.")
            if not line.is_credit:
                why = t(
                    "The service has ended or cannot have it any more. What becomes of the price "
                    "is yours to decide: it is in a message of its own."
                )
                return OperatorMessage(lines(title, "", *what, why))
            text = lines(title, "", *what, why)
            return copied_ways(text, *take_back(t, client, line.amount))
        case RenewedAfterMove(due_date=due):
            title = t("⚠️ <b>Renewed, but its due date had moved</b>")
            now = t("Next due date now: {date}", date=t.date(due)) if due else None
            why = t(
                "It changed between the proforma and the payment: please check that it is right."
            )
            return OperatorMessage(lines(title, "", *what, now, why))
        case _:
            assert_never(line)


def _proforma(t: Translator, number: str, amount: Money) -> Markup:
    if not amount:
        return t("Proforma {number}", number=number)
    return t("Proforma {number} · {amount}", number=number, amount=t.money(amount))


def _order(t: Translator, service_id: int, what: tuple[Markup | None, ...]) -> OperatorMessage:
    order = str(service_id)
    return OperatorMessage(
        lines(t("🛒 <b>New order {order}, paid</b>", order=order), "", *what),
        _accept_or_reject(t, "orders", order),
        MatterId(MatterKind.ORDER, service_id),
    )


def _accept_or_reject(t: Translator, noun: str, number: str) -> tuple[Way, Way]:
    return (
        Way(t.plain("Accept"), command(noun, "accept", number), Deed.ACCEPT),
        Way(t.plain("Reject"), command(noun, "reject", number), Deed.REJECT),
    )


def cancellation(
    t: Translator, request: CancellationRequested, client: ClientInfo | None
) -> OperatorMessage:
    """A request that waits for a decision, or is to be carried out in the panel."""
    number, why = str(request.request_id), request.reason
    text = lines(
        t("✂️ <b>Cancellation request #{request}</b>", request=number),
        "",
        service_name(t, request.service),
        client_line(t, client),
        _when(t, request),
        t("Reason: {reason}", reason=shortened(why, REASON_LIMIT)) if why else None,
        *_who_ends_it(t, request),
    )
    if request.ends_it:
        return OperatorMessage(text)
    if request.task_id is not None:
        done = Way(t.plain("Done"), command("tasks", "done", str(request.task_id)), Deed.DONE)
        return OperatorMessage(text, (done,), MatterId(MatterKind.TASK, request.task_id))
    ways = _accept_or_reject(t, "cancellations", number)
    return OperatorMessage(text, ways, MatterId(MatterKind.CANCELLATION, request.request_id))


def _when(t: Translator, request: CancellationRequested) -> Markup:
    if request.when is CancelWhen.NOW:
        return t("When: now")
    if request.effective_on is None:
        return t("When: at the end of the period")
    day = t.date(request.effective_on)
    return t("When: at the end of the period, {date}", date=day)


def _who_ends_it(t: Translator, request: CancellationRequested) -> tuple[Markup | str, ...]:
    """What the operator has to do where a connected panel owns the service."""
    if request.ends_it:
        return "", t("Your panel ends it by itself. There is nothing to do.")
    if request.task_id is None:
        return ()
    return "", t("Your panel cannot do that by itself: please end the service there.")


def withdrawal(
    t: Translator, request: CancellationWithdrawn, client: ClientInfo | None
) -> OperatorMessage:
    """A request that was taken back."""
    number = str(request.request_id)
    return copied_ways(
        lines(
            t("✂️ <b>Cancellation request #{request} withdrawn</b>", request=number),
            "",
            client_line(t, client),
            t("The service goes on. There is nothing to do."),
        ),
        (t.plain("Other requests"), command("cancellations")),
    )
