"""What a connected panel has answered: to the client about orders, to the operator about calls."""

from collections.abc import Callable, Mapping

from markupsafe import Markup

from billing.rules.orders import OrderState
from billing.rules.panel_calls import Verb
from billing.views.account import ClientInfo
from billing.views.notices.money import InvoiceApplied, OrderAnswered, PanelNotice
from billing.views.notices.operator import CallNeedsYou
from handlers.buttons import OpenInvoice, OpenInvoices
from handlers.chat.screen import Button, Row, Screen, Style
from handlers.chat.widgets import lines
from handlers.notices.commands import command, with_commands
from handlers.notices.subject import client_line
from locales.translator import Translator


def panel_notice(t: Translator, notice: PanelNotice) -> Screen:
    """What a client is told."""
    if isinstance(notice, InvoiceApplied):
        return _applied(t, notice)
    return _order_answered(t, notice)


def _applied(t: Translator, notice: InvoiceApplied) -> Screen:
    """What was paid for has been carried out."""
    text = t("✅ <b>Proforma {number}: everything is done</b>", number=notice.number)
    button = Button(t.plain("Show proforma"), OpenInvoice(notice.invoice_id), Style.PRIMARY)
    return Screen(text, ((button,),))


def _order_answered(t: Translator, notice: OrderAnswered) -> Screen:
    """An order is placed, or not, and what it comes to."""
    return Screen(lines(HEADINGS[notice.state](t), "", *_amounts(t, notice)), _rows(t, notice))


HEADINGS: Mapping[OrderState, Callable[[Translator], Markup]] = {
    OrderState.PLACING: lambda t: t("⏳ <b>Your order is being placed</b>"),
    OrderState.PLACED: lambda t: t("✅ <b>Your order is placed</b>"),
    OrderState.PART_PLACED: lambda t: t("⚠️ <b>A part of your order could not be placed</b>"),
    OrderState.REFUSED: lambda t: t("❌ <b>Your order could not be placed</b>"),
    OrderState.WITHDRAWING: lambda t: t("⏳ <b>Your order is being withdrawn</b>"),
    OrderState.WITHDRAWN: lambda t: t("↩️ <b>Your order is withdrawn</b>"),
}


def _amounts(t: Translator, notice: OrderAnswered) -> tuple[Markup | None, ...]:
    if notice.state is OrderState.REFUSED:
        return (t("Nothing was charged. Please contact us."),)
    if notice.state is OrderState.WITHDRAWN or not notice.count:
        return ()
    amount = t("To pay: <b>{amount}</b>", amount=t.money(notice.invoiced))
    if notice.invoiced == notice.total:
        return (amount,)
    differs = t(
        "⚠️ You confirmed {total}. You can pay what it comes to now, or withdraw the order.",
        total=t.money(notice.total),
    )
    return amount, differs


def _rows(t: Translator, notice: OrderAnswered) -> tuple[Row, ...]:
    if notice.count == 1 and notice.first_invoice_id is not None:
        bill = OpenInvoice(notice.first_invoice_id)
        return ((Button(t.plain("Show proforma"), bill, Style.PRIMARY),),)
    return ((Button(t.plain("Payments and proformas"), OpenInvoices()),),)


def call_needs_you(t: Translator, notice: CallNeedsYou, client: ClientInfo | None) -> Screen:
    """A write to the panel that does not come to an end by itself."""
    number, amount = str(notice.call_id), notice.amount
    if notice.is_refused:
        title = t("⚠️ <b>The panel refuses call {number}</b>", number=number)
    else:
        title = t("⚠️ <b>The panel does not answer call {number}</b>", number=number)
    return with_commands(
        lines(
            title,
            "",
            VERBS[notice.verb](t),
            client_line(t, client),
            t("Proforma {number}", number=notice.number) if notice.number else None,
            t("Amount: <b>{amount}</b>", amount=t.money(amount)) if amount else None,
            t("What it says: {error}", error=notice.error) if notice.error else None,
        ),
        (t.plain("Ask again"), command("calls", "retry", number)),
        (t.plain("Done in the panel"), command("calls", "done", number, "NUMBER")),
        (t.plain("Give it up"), command("calls", "drop", number)),
    )


VERBS: Mapping[Verb, Callable[[Translator], Markup]] = {
    Verb.PLACE_ORDER: lambda t: t("An order is to be placed."),
    Verb.WITHDRAW_ORDER: lambda t: t("An order is to be withdrawn."),
    Verb.RECORD_PAYMENT: lambda t: t("A payment is to be recorded. The client has paid."),
    Verb.CANCEL_SERVICE: lambda t: t("A service is to be cancelled."),
    Verb.KEEP_SERVICE: lambda t: t("A request to cancel is to be taken back."),
}
