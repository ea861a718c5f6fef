"""Telegram's own invoices: may this be paid, and money that has come."""

from telegram import SuccessfulPayment

from billing.rules.errors import BillingError
from billing.rules.money import Money
from billing.rules.payload import read_payload
from billing.views.payments import PaymentNews
from handlers.chat.context import Context
from handlers.chat.errors import reason, sentence
from handlers.chat.routing import PreCheckout
from handlers.payments import screens


async def pre_checkout(ctx: Context, asked: PreCheckout) -> None:
    """BillingError unless this user may pay this amount for it now."""
    named = read_payload(asked.payload)
    amount = Money(asked.amount, asked.currency)
    await ctx.actions.check_pre_checkout(ctx.visitor.user_id, named.id, amount, named=named)


async def paid(ctx: Context, payment: SuccessfulPayment) -> None:
    """Counts the money once; Telegram's charge id is the key."""
    try:
        named = read_payload(payment.invoice_payload)
        result = await ctx.actions.confirm_payment(
            payment_id=named.id,
            named=named,
            charge_id=payment.telegram_payment_charge_id,
            amount=Money(payment.total_amount, payment.currency),
            user_id=ctx.visitor.user_id,
        )
    except BillingError as error:
        if error.code != "wrong_currency":
            raise
        # It is booked and the operator knows: to try again would change nothing.
        await ctx.show(screens.not_counted(ctx.t, sentence(ctx.t, error)))
        return
    repeated = result.news is PaymentNews.REPEATED
    note = reason(ctx.t, "duplicate_charge") if repeated else None
    await ctx.show(screens.received(ctx.t, result), note)
