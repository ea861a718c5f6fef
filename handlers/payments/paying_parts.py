"""Paying exactly what is due, what a reminder names, or one service: the rest stays in the cart.

Nothing is paid or ordered here: each of these opens a checkout.
"""

from billing.rules.errors import (
    AlreadyInvoicedError,
    EmptyCartError,
    NotFoundError,
)
from handlers.buttons import (
    OpenHome,
    OpenRenewalCycle,
    OpenRenewals,
    PayDue,
    PayFromDigest,
    RenewFor,
)
from handlers.chat.conversation.acting import act_for
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.origin import Origin
from handlers.payments import cycle_screens
from handlers.payments.choosing import show_choice
from handlers.payments.starting import show_invoice


async def pay_due(ctx: Context, tapped: PayDue) -> None:
    """The checkout of what is overdue, or due soon; home where nothing is by now."""
    try:
        checkout = await ctx.actions.check_out_due(ctx.client, ctx.t.language, soon=tapped.soon)
    except EmptyCartError as error:
        raise StaleButton("nothing is due", back=OpenHome()) from error
    await show_choice(ctx, checkout, Origin.HOME)


async def open_renewal_cycle(ctx: Context, tapped: OpenRenewalCycle) -> None:
    """The cycles a service can be renewed for."""
    try:
        choice = await ctx.actions.show_renewal_cycles(ctx.client, ctx.t.language, tapped.service)
    except AlreadyInvoicedError as error:
        await _show_proforma(ctx, error, cycle_screens.origin_of(tapped))
    except NotFoundError as error:
        raise StaleButton("no such service", back=cycle_screens.back_from(tapped)) from error
    else:
        await ctx.show(cycle_screens.renewal_cycles(ctx.t, choice, tapped))


async def renew_for(ctx: Context, tapped: RenewFor) -> None:
    """The checkout of one renewal for a chosen cycle."""
    try:
        checkout = await ctx.actions.check_out_renewal(
            ctx.client, ctx.t.language, tapped.service, tapped.cycle
        )
    except AlreadyInvoicedError as error:
        await _show_proforma(ctx, error, tapped.origin)
    else:
        await show_choice(ctx, checkout, tapped.origin)


async def pay_from_digest(ctx: Context, tapped: PayFromDigest) -> None:
    """The checkout of exactly what a reminder names; where nothing is left, what can be renewed.

    It acts for the client that the reminder is about.
    """
    await act_for(ctx, tapped.client)
    try:
        checkout = await ctx.actions.check_out_digest(
            ctx.visitor, ctx.client, tapped.digest, ctx.t.language
        )
    except (EmptyCartError, NotFoundError) as error:
        raise StaleButton("nothing is left of it", back=OpenRenewals()) from error
    await show_choice(ctx, checkout, Origin.REMINDER)


async def _show_proforma(ctx: Context, error: AlreadyInvoicedError, origin: Origin) -> None:
    """The renewal is on a proforma already: that is where it is paid."""
    note, invoice_id = sentence(ctx.t, error), error.invoice_id
    assert invoice_id is not None  # noqa: S101 - a renewal is on one that has a number
    await show_invoice(ctx, invoice_id, origin=origin, note=note, alert=True)
