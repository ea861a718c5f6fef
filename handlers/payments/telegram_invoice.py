"""Telegram's own invoices: may this be paid, and money that has come."""

import re

from telegram import SuccessfulPayment

from billing.rules.errors import BillingError, NotFoundError
from billing.rules.money import Money
from billing.views.payments import PaymentNews
from handlers.chat.context import Context
from handlers.chat.errors import reason, sentence
from handlers.chat.routing import PreCheckout
from handlers.payments import screens

PAYLOAD = re.compile(r"p1:([0-9]{1,18})")
"""What the Telegram gateway writes into an invoice: a version, and the payment's number."""


def payment_number(payload: str) -> int:
    """The payment an invoice is for; NotFoundError for a payload that is not ours."""
    found = PAYLOAD.fullmatch(payload)
    if found is None:
        raise NotFoundError("no_such_invoice", payload=payload)
    return int(found[1])


async def pre_checkout(ctx: Context, asked: PreCheckout) -> None:
    """BillingError unless this user may pay this amount for it now."""
    await ctx.actions.check_pre_checkout(
        ctx.visitor.user_id,
        payment_number(asked.payload),
        Money(asked.amount, asked.currency),
    )


async def paid(ctx: Context, payment: SuccessfulPayment) -> None:
    """Counts the money once; Telegram's charge id is the key."""
    try:
        result = await ctx.actions.confirm_payment(
            payment_id=payment_number(payment.invoice_payload),
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
