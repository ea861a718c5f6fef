"""Checkout: how to pay, confirmation, placing; each step prices the cart anew."""

from billing.rules.errors import (
    BillingError,
    CartChangedError,
    EmptyCartError,
    InsufficientCreditError,
    NotOfferedError,
)
from billing.views.payments import Checkout, PayMethod
from handlers.button_values import gateway_of_number, number_of_gateway
from handlers.buttons import ConfirmCheckout, OpenCart, OpenCheckout, PlaceOrder
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import reason, sentence
from handlers.payments import changed_screens, checkout_screens
from handlers.payments.checkout_reading import read_checkout
from handlers.payments.choosing import show_choice
from handlers.payments.panel_orders import show_review
from handlers.payments.seen_lines import read_seen_lines, seen_line_values
from handlers.payments.starting import show_started


async def open_checkout(ctx: Context, tapped: OpenCheckout) -> None:
    """The ways to pay; the order itself where a panel has to place it first."""
    checkout = await read_checkout(ctx, use_credit=tapped.use_credit, part=tapped.part)
    await show_choice(ctx, checkout, tapped.origin)


async def confirm(ctx: Context, tapped: ConfirmCheckout) -> None:
    """Everything once more; what is shown now is what Pay will be held against."""
    checkout = await read_checkout(ctx, use_credit=tapped.use_credit, part=tapped.part)
    method = _method(checkout, tapped.gateway)
    if method is None:
        await _choose_again(ctx, checkout, tapped)
        return
    await ctx.look(**seen_line_values(checkout.quoted_cart))
    screen = checkout_screens.confirm(ctx.t, checkout, method, tapped.page, tapped.origin)
    await ctx.show(screen)


async def place(ctx: Context, tapped: PlaceOrder) -> None:
    """Makes the proforma and starts its payment, or shows what has changed."""
    try:
        placement = await ctx.actions.place_order(
            ctx.client,
            ctx.t.language,
            revision=tapped.revision,
            seal=tapped.seal,
            gateway_number=gateway_of_number(tapped.gateway),
            use_credit=tapped.use_credit,
            user_id=ctx.visitor.user_id,
            part=tapped.part,
        )
    except CartChangedError as error:
        await _show_change(ctx, tapped, error)
    except EmptyCartError as error:
        raise StaleButton("nothing in the cart can be bought", back=OpenCart()) from error
    except (NotOfferedError, InsufficientCreditError) as error:
        checkout = await read_checkout(ctx, use_credit=tapped.use_credit, part=tapped.part)
        await _choose_again(ctx, checkout, tapped, error)
    else:
        await show_started(ctx, placement, tapped.origin)


async def _show_change(ctx: Context, tapped: PlaceOrder, error: CartChangedError) -> None:
    last_lines = read_seen_lines(await ctx.view(), tapped.seal)
    checkout = error.params.get("checkout")
    if not isinstance(checkout, Checkout):
        checkout = await read_checkout(ctx, use_credit=tapped.use_credit, part=tapped.part)
    method = _method(checkout, tapped.gateway)
    if method is None:
        await _choose_again(ctx, checkout, tapped)
        return
    await ctx.look(**seen_line_values(checkout.quoted_cart))
    if changed_screens.differs(ctx.t, checkout, last_lines):
        screen = changed_screens.order_changed(ctx.t, checkout, method, last_lines, tapped.origin)
    else:
        screen = checkout_screens.confirm(ctx.t, checkout, method, 0, tapped.origin)
    await ctx.show(screen, reason(ctx.t, "cart_changed"))


def _method(checkout: Checkout, gateway: int) -> PayMethod | None:
    """The way to pay that a button means, if it can pay this."""
    return next((m for m in checkout.methods if number_of_gateway(m.gateway) == gateway), None)


async def _choose_again(
    ctx: Context,
    checkout: Checkout,
    tapped: ConfirmCheckout | PlaceOrder,
    error: BillingError | None = None,
) -> None:
    """The chosen way cannot pay this any more: the ways there are."""
    if checkout.is_deferred:
        note = reason(ctx.t, "pay_after_placing")
        await show_review(ctx, checkout, tapped.origin, note=note)
        return
    note = sentence(ctx.t, error) if error else reason(ctx.t, "gateway_off")
    await show_choice(ctx, checkout, tapped.origin, note, alert=True)
