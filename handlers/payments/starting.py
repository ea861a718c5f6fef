"""How a payment goes on once there is a proforma: the gateway's way to pay, or the receipt."""

import logging

from telegram.error import BadRequest, TelegramError

from billing.rules.payments.invoices import Invoice
from billing.views.payments import (
    Instructions,
    NotStarted,
    OpenUrl,
    Placed,
    TelegramInvoice,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.origin import Origin
from handlers.payments import invoice_screens, screens
from locales.text import Plain

log = logging.getLogger(__name__)


async def show_started(ctx: Context, placement: Placed, origin: Origin) -> None:
    """The next thing to do for what was placed; a repeated tap gets the same again."""
    invoice, note = placement.invoice, None
    if placement.repeated:
        note = ctx.t.plain("This order has been placed already.")
    match placement.start:
        case Instructions() as how:
            await ctx.show(screens.transfer(ctx.t, invoice, how, ctx.today), note)
        case OpenUrl() as how:
            await ctx.show(screens.pay_page(ctx.t, invoice, how), note)
        case TelegramInvoice() as how:
            await _send_invoice(ctx, invoice, how, origin, note)
        case NotStarted():
            await _not_started(ctx, invoice, origin)
        case _ if invoice.is_covered:
            await ctx.show(screens.receipt(ctx.t, invoice), note)
        case _:
            await show_invoice(ctx, invoice.id, origin=origin, note=note)


async def show_invoice(
    ctx: Context,
    invoice_id: int,
    page: int = 0,
    *,
    origin: Origin,
    use_credit: bool = False,
    note: Plain | None = None,
    alert: bool = False,
) -> None:
    """One proforma as it stands."""
    invoice_page = await ctx.actions.show_invoice(ctx.client, invoice_id, use_credit=use_credit)
    await ctx.show(invoice_screens.invoice(ctx.t, invoice_page, page, origin), note, alert=alert)


async def _send_invoice(
    ctx: Context, invoice: Invoice, how: TelegramInvoice, origin: Origin, note: Plain | None
) -> None:
    try:
        await ctx.show(screens.telegram_invoice(ctx.t, invoice, how), note)
    except BadRequest as refused:
        # An amount that Telegram's provider does not take: its bounds move with the rates.
        log.warning("Telegram refused the invoice for %s: %s", invoice.number, refused.message)
        await _not_started(ctx, invoice, origin)
    except TelegramError:
        log.exception("Telegram did not take the invoice for %s", invoice.number)
        await _not_started(ctx, invoice, origin)


async def _not_started(ctx: Context, invoice: Invoice, origin: Origin) -> None:
    note = ctx.t.plain(
        "Proforma {number} is made, but this way to pay does not work just now. "
        "Please choose another one.",
        number=invoice.number,
    )
    await show_invoice(ctx, invoice.id, origin=origin, note=note, alert=True)
