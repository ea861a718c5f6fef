"""Telegram's own invoices: may this be paid?"""

from billing.rules.charges import read_payload
from billing.rules.errors import NotFoundError
from billing.rules.money import Money
from handlers.chat.context import Context
from handlers.chat.routing import PreCheckout


def payment_of(payload: str) -> tuple[int, str]:
    """The payment and the proforma that an invoice is for; NotFoundError if it is not ours."""
    ours = read_payload(payload)
    if ours is None:
        raise NotFoundError("no_such_invoice", payload=payload)
    return ours


async def pre_checkout(ctx: Context, asked: PreCheckout) -> None:
    """BillingError unless this user may pay this amount for it now."""
    payment_id, number = payment_of(asked.payload)
    await ctx.actions.check_pre_checkout(
        ctx.visitor.user_id,
        payment_id,
        Money(asked.amount, asked.currency),
        number=number,
    )
