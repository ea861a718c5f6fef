"""What a checkout shows, read anew at each step."""

from billing.rules.errors import EmptyCartError
from billing.rules.shop.cart_parts import CartPart
from billing.views.payments import Checkout
from handlers.buttons import OpenCart
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton


async def read_checkout(
    ctx: Context, *, use_credit: bool, part: CartPart | None = None
) -> Checkout:
    """Price the cart or a part of it; StaleButton leads to the cart if none of it can be bought.

    So a part that was ordered or removed long ago is answered with the cart as it is now.
    """
    try:
        return await ctx.actions.review_checkout(
            ctx.client, ctx.t.language, use_credit=use_credit, part=part
        )
    except EmptyCartError as error:
        raise StaleButton("nothing in the cart can be bought", back=OpenCart()) from error
