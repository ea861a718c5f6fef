"""Telegram's own invoices: may this be paid?"""

from billing.rules.money import Money
from billing.rules.payments.payload import read_payload
from handlers.chat.conversation.context import Context
from handlers.chat.updates.routing import PreCheckout


async def pre_checkout(ctx: Context, query: PreCheckout) -> None:
    """BillingError unless this user may pay this amount for it now."""
    named_payment = read_payload(query.payload)
    amount = Money(query.amount, query.currency)
    await ctx.actions.check_pre_checkout(
        ctx.visitor.user_id, named_payment.id, amount, named_payment=named_payment
    )
