"""Proving by an e-mailed code that the account is one's own, in the middle of paying."""

from billing.rules.errors import NotAllowedError
from handlers.account import fresh_screens as screens
from handlers.buttons import (
    OpenCart,
    OpenHome,
    OpenInvoice,
    OpenOrderPage,
    PayFromBalance,
    PayInvoice,
    PayWithCredit,
    PlaceOrder,
    SendFreshCode,
    SendOrder,
    WithdrawOrder,
)
from handlers.chat.conversation.context import Context
from handlers.chat.conversation.drafts import as_text
from handlers.chat.screens.codec import Payload, decode, encode

FRESH_CODE = "account.fresh_code"

THEN = "account.then"
"""The key in the draft of the button that was tapped; what it needs of the draft stays there."""


async def ask(ctx: Context, tapped: Payload) -> None:
    """Send a code, unless one still works, and ask for it; then the tap is carried out."""
    await _ask(ctx, tapped)


async def send_anew(ctx: Context, _: SendFreshCode) -> None:
    """Send another code."""
    await _ask(ctx, await _then(ctx), anew=True)


async def ask_again(ctx: Context) -> None:
    """Ask again, after a wrong code."""
    await _ask(ctx, await _then(ctx))


async def code_typed(ctx: Context, text: str) -> None:
    """Take the code, and go on where the user was."""
    then = await _then(ctx)
    ctx.set_visitor(await ctx.actions.prove_link(ctx.client, ctx.visitor.user_id, text))
    await ctx.open(then)


async def _ask(ctx: Context, then: Payload, *, anew: bool = False) -> None:
    user_id, leave = ctx.visitor.user_id, _back_from(then)
    try:
        address = await ctx.actions.request_fresh_code(
            ctx.client, user_id, ctx.t.language, anew=anew
        )
    except NotAllowedError:
        await ctx.show(screens.no_address(ctx.t, leave))
        return
    draft = {**(await ctx.dialogue.conversation()).draft, THEN: encode(then)}
    await ctx.ask(FRESH_CODE, screens.ask(ctx.t, address, leave), draft=draft)


async def _then(ctx: Context) -> Payload:
    """The tap that waits; StaleButton leads home if it is forgotten."""
    return decode(as_text((await ctx.dialogue.conversation()).draft.get(THEN)))


def _back_from(then: Payload) -> Payload:
    """Where the user was before the tap."""
    match then:
        case PlaceOrder() | SendOrder():
            return OpenCart()
        case PayInvoice() | PayWithCredit() | PayFromBalance():
            return OpenInvoice(then.invoice, origin=then.origin)
        case WithdrawOrder():
            return OpenOrderPage(then.order, origin=then.origin)
        case _:
            return OpenHome()
