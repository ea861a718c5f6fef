"""One tap from money that came too late to the order that it was meant for."""

from billing.rules.errors import AlreadyInvoicedError, NotRenewableError
from billing.views.payments import Checkout
from handlers.buttons import RenewLapsed
from handlers.cart import screens as cart_screens
from handlers.chat.conversation.context import Context
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.origin import Origin
from handlers.payments import checkout_screens
from handlers.payments.panel_orders import show_review
from handlers.payments.seen_lines import seen_line_values
from handlers.payments.starting import show_invoice
from locales.text import Plain


async def renew(ctx: Context, tapped: RenewLapsed) -> None:
    """Shows the order as it would be paid from the credit; the cart, if it holds more than that.

    What cannot be renewed any more is shown with its reason, on the proforma that holds it now.
    """
    try:
        again = await ctx.actions.renew_lapsed(ctx.client, tapped.invoice, ctx.t.language)
    except (AlreadyInvoicedError, NotRenewableError) as error:
        invoice_id = error.params.get("invoice_id", tapped.invoice)
        assert isinstance(invoice_id, int)  # noqa: S101 - what the error says
        why = sentence(ctx.t, error)
        await show_invoice(ctx, invoice_id, origin=Origin.INVOICES, note=why, alert=True)
        return
    note: Plain | None = None
    if not again.complete:
        note = ctx.t.plain("Only a part of it can still be renewed.")
    if again.alone:
        await _show_order(ctx, again.checkout, note)
    else:
        note = note or ctx.t.plain("In the cart, beside what was there.")
        await ctx.show(cart_screens.cart(ctx.t, again.cart, 0, Origin.INVOICES), note)


async def _show_order(ctx: Context, checkout: Checkout, note: Plain | None) -> None:
    """The last look before it counts; the ways to pay where the credit does not cover it.

    Where a panel has to place it first, that comes before any way to pay.
    """
    if checkout.is_deferred:
        await show_review(ctx, checkout, Origin.INVOICES, note=note)
        return
    credit = next((m for m in checkout.methods if m.gateway is None), None)
    if credit is None:
        await ctx.show(checkout_screens.choose(ctx.t, checkout, Origin.INVOICES), note)
        return
    await ctx.look(**seen_line_values(checkout.quoted_cart))
    screen = checkout_screens.confirm(ctx.t, checkout, credit, 0, Origin.INVOICES)
    await ctx.show(screen, note)
