"""Proformas: the list, one of them, paying and cancelling it, the credit's history."""

from billing.rules.errors import (
    BillingError,
    CartChangedError,
    FreshCodeNeededError,
    InsufficientCreditError,
    InvoiceClosedError,
    NotAllowedError,
    NotFoundError,
    NotOfferedError,
)
from billing.rules.payments.invoices import Born
from billing.views.payments import InvoicePage
from handlers.button_values import gateway_of_number
from handlers.buttons import (
    AskCancelInvoice,
    AskPayFromBalance,
    CancelInvoice,
    OpenCredit,
    OpenInvoice,
    OpenInvoices,
    PayFromBalance,
    PayInvoice,
    PayWithCredit,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import reason, sentence
from handlers.payments import (
    balance_screens,
    cancel_screens,
    credit_screens,
    invoice_screens,
    list_screens,
)
from handlers.payments.starting import show_invoice, show_started
from locales.text import Plain


async def invoices(ctx: Context) -> None:
    """/invoices."""
    await open_invoices(ctx, OpenInvoices())


async def open_invoices(ctx: Context, tapped: OpenInvoices) -> None:
    """The open proformas, or the past ones."""
    invoice_list = await ctx.actions.list_invoices(
        ctx.client, is_open=not tapped.past, page=tapped.page
    )
    allowed = await ctx.actions.show_allowed(ctx.client)
    await ctx.show(list_screens.invoices(ctx.t, invoice_list, allowed))


async def open_invoice(ctx: Context, tapped: OpenInvoice) -> None:
    """One proforma."""
    origin, use_credit = tapped.origin, tapped.use_credit
    await show_invoice(ctx, tapped.invoice, tapped.page, origin=origin, use_credit=use_credit)


async def pay(ctx: Context, tapped: PayInvoice) -> None:
    """Starts paying what is left; a proforma that needs no gateway any more is shown."""
    gateway = gateway_of_number(tapped.gateway)
    if gateway is None:
        raise StaleButton("credit pays by its own button", back=OpenInvoice(tapped.invoice))
    await _pay(ctx, tapped, gateway, use_credit=tapped.use_credit)


async def pay_with_credit(ctx: Context, tapped: PayWithCredit) -> None:
    """Pays at once: the proforma has everything on it, and the button is sealed."""
    await _pay(ctx, tapped, None, seal=tapped.seal)


async def _pay(
    ctx: Context,
    tapped: PayInvoice | PayWithCredit,
    gateway: int | None,
    *,
    use_credit: bool = False,
    seal: int | None = None,
) -> None:
    """What is closed or has changed meanwhile is shown as it stands."""
    try:
        placement = await ctx.actions.pay_invoice(
            ctx.client,
            invoice_id=tapped.invoice,
            gateway_number=gateway,
            use_credit=use_credit,
            user_id=ctx.visitor.user_id,
            seal=seal,
        )
    except (
        CartChangedError,
        InvoiceClosedError,
        InsufficientCreditError,
        NotAllowedError,
        NotOfferedError,
    ) as error:
        note = sentence(ctx.t, error)
        await show_invoice(ctx, tapped.invoice, origin=tapped.origin, note=note, alert=True)
    else:
        await show_started(ctx, placement, tapped.origin)


async def ask_pay_from_balance(ctx: Context, tapped: AskPayFromBalance) -> None:
    """Asks before the balance is used; what it cannot pay any more is shown as it stands."""
    page = await ctx.actions.show_invoice(ctx.client, tapped.invoice)
    if page.balance_pays:
        ctx.visitor.check_panel_reads()
        await ctx.show(balance_screens.ask_pay(ctx.t, page, tapped.origin))
        return
    code = "balance_too_low" if page.invoice.is_open else "invoice_closed"
    if page.invoice.is_open and page.invoice.paid:
        code = "gateway_off"
    note = None if page.is_being_paid else reason(ctx.t, code)
    await ctx.show(invoice_screens.invoice(ctx.t, page, 0, tapped.origin), note)


async def pay_from_balance(ctx: Context, tapped: PayFromBalance) -> None:
    """Begins it; what has changed meanwhile is shown as it stands."""
    try:
        page = await ctx.actions.pay_from_balance(
            ctx.client, invoice_id=tapped.invoice, seal=tapped.seal
        )
    except (FreshCodeNeededError, NotFoundError):
        raise
    except BillingError as error:
        note = sentence(ctx.t, error)
        await show_invoice(ctx, tapped.invoice, origin=tapped.origin, note=note, alert=True)
    else:
        await ctx.show(invoice_screens.invoice(ctx.t, page, 0, tapped.origin))


async def ask_cancel(ctx: Context, tapped: AskCancelInvoice) -> None:
    """Asks before a proforma is cancelled."""
    invoice_page = await ctx.actions.show_invoice(ctx.client, tapped.invoice)
    if invoice_page.invoice.born is Born.PANEL:
        raise NotAllowedError("invoice_not_cancellable")
    if invoice_page.invoice.is_open:
        allowed = await ctx.actions.show_allowed(ctx.client)
        screen = cancel_screens.ask_cancel(ctx.t, invoice_page, allowed, tapped.origin)
        await ctx.show(screen)
    else:
        screen = invoice_screens.invoice(ctx.t, invoice_page, 0, tapped.origin)
        await ctx.show(screen, reason(ctx.t, "invoice_closed"))


async def cancel(ctx: Context, tapped: CancelInvoice) -> None:
    """Cancels a proforma; what was paid for it goes back to the client."""
    try:
        page = await ctx.actions.cancel_invoice(ctx.client, tapped.invoice)
    except InvoiceClosedError as error:
        note = sentence(ctx.t, error)
        await show_invoice(ctx, tapped.invoice, origin=tapped.origin, note=note)
        return
    note = ctx.t.plain("The proforma is cancelled.")
    if page.invoice.paid:
        note = _paid_note(ctx, page)
    await ctx.show(invoice_screens.invoice(ctx.t, page, 0, tapped.origin), note)


def _paid_note(ctx: Context, page: InvoicePage) -> Plain:
    """What happens with what was paid for a proforma that is cancelled now."""
    amount = ctx.t.money(page.invoice.paid)
    if page.credit is None:
        return ctx.t.plain(
            "The proforma is cancelled. We have {amount} from you and will get back to you "
            "about it.",
            amount=amount,
        )
    return ctx.t.plain(
        "The proforma is cancelled; {amount} is on your account as credit.", amount=amount
    )


async def open_credit(ctx: Context, tapped: OpenCredit) -> None:
    """The credit's history."""
    history = await ctx.actions.show_credit(ctx.client, tapped.page)
    await ctx.show(credit_screens.credit(ctx.t, history))
