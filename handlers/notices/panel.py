"""What a connected panel has answered: to the client about orders, to the operator about calls."""

from collections.abc import Callable, Iterator, Mapping

from markupsafe import Markup

from billing.rules.panel.panel_calls import Verb
from billing.rules.payments.orders import OrderState
from billing.views.account import ClientInfo
from billing.views.notices.money import BalanceNotUsed, InvoiceApplied, OrderAnswered, PanelNotice
from billing.views.notices.panel import (
    CallNeedsYou,
    NotCarriedOut,
)
from billing.views.staff import Deed, MatterId, MatterKind
from handlers.buttons import OpenInvoice, OpenInvoices, OpenOrderPage
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import lines, shortened
from handlers.notices.operator.commands import OperatorMessage, Way, command
from handlers.notices.panel_refusals import REFUSALS
from handlers.notices.subject import client_line
from handlers.payments.order_screens import heading
from locales.translator import Translator


def panel_notice(t: Translator, notice: PanelNotice) -> Screen:
    """What a client is told."""
    if isinstance(notice, InvoiceApplied):
        return _applied(t, notice)
    if isinstance(notice, BalanceNotUsed):
        return _not_used(t, notice)
    return _order_answered(t, notice)


def _applied(t: Translator, notice: InvoiceApplied) -> Screen:
    """What was paid for has been carried out."""
    text = t("✅ <b>Proforma {number}: everything is done</b>", number=notice.number)
    button = Button(t.plain("Show proforma"), OpenInvoice(notice.invoice_id), Style.PRIMARY)
    return Screen(text, ((button,),))


def _not_used(t: Translator, notice: BalanceNotUsed) -> Screen:
    """The balance did not pay, so nothing is paid."""
    other = Button(t.plain("Other ways to pay"), OpenInvoice(notice.invoice_id), Style.PRIMARY)
    return Screen(
        lines(
            t("❌ <b>Proforma {number} was not paid from your balance</b>", number=notice.number),
            "",
            t("Nothing was charged. You can pay it in another way, or contact us."),
        ),
        ((other,),),
    )


def _order_answered(t: Translator, notice: OrderAnswered) -> Screen:
    """An order is placed, or not, and what it comes to."""
    title = heading(t, notice.state)
    if notice.state is OrderState.PLACED and notice.refusal:
        title = t("⚠️ <b>Your order could not be withdrawn</b>")
    return Screen(lines(title, "", *_amounts(t, notice)), _rows(t, notice))


def _amounts(t: Translator, notice: OrderAnswered) -> tuple[Markup | None, ...]:
    if notice.state is OrderState.REFUSED:
        return (t("Nothing was charged. Please contact us."),)
    if notice.state is OrderState.WITHDRAWN:
        return (t("Its proformas are closed. There is nothing to pay for it."),)
    if not notice.count:
        return ()
    amounts = tuple(_asked(t, notice))
    if notice.refusal or notice.invoiced == notice.total:
        return amounts
    differs = t("⚠️ You confirmed {total}.", total=t.money(notice.total))
    if notice.left != notice.invoiced:
        return (*amounts, differs)
    agree = t("You can pay what it comes to now, or withdraw the order.")
    return (*amounts, differs, agree)


def _asked(t: Translator, notice: OrderAnswered) -> Iterator[Markup]:
    """What is to be paid, after what the panel has taken from the client's balance there."""
    invoiced, left = notice.invoiced, notice.left
    if left == invoiced:
        yield t("To pay: <b>{amount}</b>", amount=t.money(left))
        return
    yield t("It comes to: <b>{amount}</b>", amount=t.money(invoiced))
    yield t("Paid from your balance: {amount}", amount=t.money(invoiced - left))
    if left:
        yield t("Left to pay: <b>{left}</b>", left=t.money(left))


def _rows(t: Translator, notice: OrderAnswered) -> tuple[Row, ...]:
    order = Button(t.plain("Show order"), OpenOrderPage(notice.order_id), Style.PRIMARY)
    if notice.count == 1 and notice.first_invoice_id is not None:
        bill = Button(t.plain("Show proforma"), OpenInvoice(notice.first_invoice_id))
        return ((order, bill),)
    everything = Button(t.plain("Payments and proformas"), OpenInvoices())
    return ((order,), (everything,)) if notice.count else ((order,),)


def of_call(
    t: Translator, notice: CallNeedsYou | NotCarriedOut, client: ClientInfo | None
) -> OperatorMessage:
    """What the operator has to know of a write to the panel."""
    if isinstance(notice, NotCarriedOut):
        return not_carried_out(t, notice, client)
    return call_needs_you(t, notice, client)


def call_needs_you(
    t: Translator, notice: CallNeedsYou, client: ClientInfo | None
) -> OperatorMessage:
    """A write to the panel that does not come to an end by itself, or that was refused."""
    amount = notice.amount
    is_payment = notice.verb is Verb.RECORD_PAYMENT and amount is not None
    is_over = notice.is_refused and not is_payment
    return OperatorMessage(
        lines(
            _title(t, notice),
            "",
            VERBS[notice.verb](t),
            client_line(t, client),
            t("Proforma {number}", number=notice.number) if notice.number else None,
            t("Amount: <b>{amount}</b>", amount=t.money(amount)) if amount else None,
            _why(t, notice),
            "",
            AFTER_REFUSAL[notice.verb](t) if is_over else _what_now(t, notice),
        ),
        () if is_over else _ways(t, str(notice.call_id)),
        None if is_over else MatterId(MatterKind.CALL, notice.call_id),
    )


def not_carried_out(
    t: Translator, notice: NotCarriedOut, client: ClientInfo | None
) -> OperatorMessage:
    """A call was done, and the panel has not done what was to follow from it."""
    return OperatorMessage(
        lines(
            t("⚠️ <b>The panel has not carried everything out</b>"),
            "",
            VERBS[notice.verb](t),
            client_line(t, client),
            t("Proforma {number}", number=notice.number) if notice.number else None,
            t("The panel says: {error}", error=shortened(notice.trouble, TROUBLE_LIMIT)),
            "",
            t("Please look at it in the panel. We send nothing again."),
        )
    )


def _title(t: Translator, notice: CallNeedsYou) -> Markup:
    number = str(notice.call_id)
    if notice.error == DROPPED:
        return t("↩️ <b>Call no. {number} was given up</b>", number=number)
    if notice.is_refused:
        return t("⚠️ <b>The panel refuses call no. {number}</b>", number=number)
    return t("⚠️ <b>The panel does not answer call no. {number}</b>", number=number)


def _why(t: Translator, notice: CallNeedsYou) -> Markup | None:
    """The panel's own code, or the kind of error; our codes are no words for people."""
    if not notice.error or notice.error == DROPPED:
        return None
    if notice.error == NEVER_HAPPENED:
        return t("It was sent several times, and each time the panel did not carry it out.")
    if notice.is_refused and notice.error in REFUSALS:
        return REFUSALS[notice.error](t)
    if not notice.is_refused and notice.error in MAY_RUN:
        return t("Its answer did not come. The panel may still be at work on it.")
    error = shortened(notice.error, ERROR_LIMIT)
    if notice.is_refused:
        return t("The panel says: {error}", error=error)
    return t("Error: {error}", error=error)


def _what_now(t: Translator, notice: CallNeedsYou) -> Markup:
    if notice.is_refused:
        return t("The money is in no invoice of the panel. Please decide what becomes of it.")
    return t("We go on asking, once an hour, and send nothing twice. You can decide before that.")


def _ways(t: Translator, number: str) -> tuple[Way, ...]:
    return (
        Way(t.plain("Ask again"), command("calls", "retry", number), Deed.ASK_AGAIN),
        Way(t.plain("Done in the panel"), command("calls", "done", number, "NUMBER")),
        Way(t.plain("Give it up"), command("calls", "drop", number), Deed.GIVE_UP),
    )


DROPPED, NEVER_HAPPENED = "dropped", "never_happened"
"""Codes of our own among the panel's."""

MAY_RUN = frozenset({"timed_out", "may_still_run"})
"""Words for a write whose answer was lost and of which nothing is to be seen."""

ERROR_LIMIT = 100
TROUBLE_LIMIT = 500

AFTER_REFUSAL: Mapping[Verb, Callable[[Translator], Markup]] = {
    Verb.PLACE_ORDER: lambda t: t("The client is told that it could not be placed."),
    Verb.WITHDRAW_ORDER: lambda t: t("The client is told that the order stays."),
    Verb.RECORD_PAYMENT: lambda t: t("The money waits in the list of unplaced money."),
    Verb.CANCEL_SERVICE: lambda t: t("The service stays. Please tell the client."),
    Verb.KEEP_SERVICE: lambda t: t("The service still ends. Please tell the client."),
    Verb.PAY_BALANCE: lambda t: t("The proforma is still to be paid."),
    Verb.ADD_BALANCE: lambda t: t("The money waits in the list of unplaced money."),
}
"""What follows where nothing is left to decide."""

VERBS: Mapping[Verb, Callable[[Translator], Markup]] = {
    Verb.PLACE_ORDER: lambda t: t("An order is to be placed."),
    Verb.WITHDRAW_ORDER: lambda t: t("An order is to be withdrawn."),
    Verb.RECORD_PAYMENT: lambda t: t("A payment is to be recorded. The client has paid."),
    Verb.CANCEL_SERVICE: lambda t: t("A service is to be cancelled."),
    Verb.KEEP_SERVICE: lambda t: t("A request to cancel is to be taken back."),
    Verb.PAY_BALANCE: lambda t: t("A proforma is to be paid from the client's balance."),
    Verb.ADD_BALANCE: lambda t: t("Money is to be put on the client's balance."),
}
