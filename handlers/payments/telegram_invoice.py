"""Telegram's own invoices: may this be paid?"""

from billing.rules.money import Money
from billing.rules.payload import read_payload
from handlers.chat.context import Context
from handlers.chat.routing import PreCheckout


async def pre_checkout(ctx: Context, asked: PreCheckout) -> None:
    """BillingError unless this user may pay this amount for it now."""
    named = read_payload(asked.payload)
    amount = Money(asked.amount, asked.currency)
    await ctx.actions.check_pre_checkout(ctx.visitor.user_id, named.id, amount, named=named)
