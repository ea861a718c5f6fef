"""The first screen of a checkout: the ways to pay, or the order that a panel places first."""

from billing.views.payments import Checkout
from handlers.chat.conversation.context import Context
from handlers.chat.screens.origin import Origin
from handlers.payments import checkout_screens
from handlers.payments.panel_orders import show_review
from handlers.payments.seen_lines import seen_line_values
from locales.text import Plain


async def show_choice(
    ctx: Context,
    checkout: Checkout,
    origin: Origin,
    note: Plain | None = None,
    *,
    alert: bool = False,
) -> None:
    """Show how it can be paid; where a panel has to place it first, everything once more."""
    if checkout.is_deferred:
        await show_review(ctx, checkout, origin, note=note)
        return
    if checkout_screens.pays_at_once(checkout):
        # The lines are on this screen and its button orders them: no screen follows.
        await ctx.look(**seen_line_values(checkout.quoted_cart))
    screen = checkout_screens.choose(ctx.t, checkout, origin)
    await ctx.show(screen, note, alert=alert)
