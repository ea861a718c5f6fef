"""What a checkout shows, read anew at each step."""

from billing.rules.errors import EmptyCartError
from billing.views.payments import Checkout
from handlers.buttons import OpenCart
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton


async def read_checkout(ctx: Context, *, use_credit: bool) -> Checkout:
    """Price the cart; StaleButton that leads to the cart when nothing in it can be bought."""
    try:
        return await ctx.actions.review_checkout(ctx.client, ctx.t.language, use_credit=use_credit)
    except EmptyCartError as error:
        raise StaleButton("nothing in the cart can be bought", back=OpenCart()) from error
