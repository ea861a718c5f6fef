"""Orders that a panel places: checked and sent, looked at, withdrawn."""

from billing.rules.errors import (
    BillingError,
    CartChangedError,
    EmptyCartError,
    NotFoundError,
)
from billing.views.payments import Checkout, OrderPage
from handlers.buttons import (
    AskWithdrawOrder,
    OpenCart,
    OpenOrderPage,
    ReviewOrder,
    SendOrder,
    WithdrawOrder,
)
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import reason, sentence
from handlers.chat.screens.origin import Origin
from handlers.payments import changed_screens, order_screens
from handlers.payments.checkout_reading import read_checkout
from handlers.payments.seen_lines import read_seen_lines, seen_line_values
from locales.text import Plain


async def show_review(
    ctx: Context, checkout: Checkout, origin: Origin, page: int = 0, note: Plain | None = None
) -> None:
    """Everything once more; what is shown now is what "Place the order" will be held against."""
    await ctx.look(**seen_line_values(checkout.quoted_cart))
    await ctx.show(order_screens.review(ctx.t, checkout, page, origin), note)


async def review(ctx: Context, tapped: ReviewOrder) -> None:
    """Another page of what would be ordered."""
    checkout = await read_checkout(ctx, use_credit=False, part=tapped.part)
    if not checkout.is_deferred:
        raise StaleButton("orders are paid at once here", back=OpenCart())
    await show_review(ctx, checkout, tapped.origin, tapped.page)


async def send(ctx: Context, tapped: SendOrder) -> None:
    """Sends the order, or shows what has changed; a second tap shows the order."""
    try:
        order_page = await ctx.actions.send_order(
            ctx.client,
            ctx.t.language,
            revision=tapped.revision,
            seal=tapped.seal,
            part=tapped.part,
        )
    except CartChangedError as error:
        await _show_change(ctx, tapped, error)
    except EmptyCartError as error:
        raise StaleButton("nothing in the cart can be bought", back=OpenCart()) from error
    else:
        await ctx.show(order_screens.order(ctx.t, order_page, 0, tapped.origin))


async def _show_change(ctx: Context, tapped: SendOrder, error: CartChangedError) -> None:
    before = read_seen_lines(await ctx.view(), tapped.seal)
    checkout = error.params.get("checkout")
    if not isinstance(checkout, Checkout):
        checkout = await read_checkout(ctx, use_credit=False, part=tapped.part)
    note = reason(ctx.t, "cart_changed")
    if not changed_screens.differs(ctx.t, checkout, before):
        await show_review(ctx, checkout, tapped.origin, note=note)
        return
    await ctx.look(**seen_line_values(checkout.quoted_cart))
    screen = order_screens.review_changed(ctx.t, checkout, before, tapped.origin)
    await ctx.show(screen, note)


async def open_order(ctx: Context, tapped: OpenOrderPage) -> None:
    """One order as it stands."""
    order_page = await ctx.actions.show_order(ctx.client, tapped.order)
    note = None
    if tapped.again and order_page.order.is_under_way:
        note = ctx.t.plain("There is no answer yet. We will let you know here.")
    await _show(ctx, order_page, tapped.origin, tapped.page, note)


async def ask_withdraw(ctx: Context, tapped: AskWithdrawOrder) -> None:
    """Asks before an order is withdrawn."""
    order_page = await ctx.actions.show_order(ctx.client, tapped.order)
    if order_page.is_withdrawable:
        ctx.visitor.check_panel_reads()
        await ctx.show(order_screens.ask_withdraw(ctx.t, order_page, tapped.origin))
    else:
        paying = order_page.is_being_paid
        note = reason(ctx.t, "invoice_being_paid" if paying else "order_not_withdrawable")
        await _show(ctx, order_page, tapped.origin, note=note)


async def withdraw(ctx: Context, tapped: WithdrawOrder) -> None:
    """Withdraws an order; one that cannot be withdrawn any more is shown as it stands."""
    try:
        order_page = await ctx.actions.withdraw_order(ctx.client, tapped.order)
    except NotFoundError:
        raise
    except BillingError as error:
        order_page = await ctx.actions.show_order(ctx.client, tapped.order)
        await _show(ctx, order_page, tapped.origin, note=sentence(ctx.t, error))
    else:
        await _show(ctx, order_page, tapped.origin)


async def _show(
    ctx: Context,
    order_page: OrderPage,
    origin: Origin,
    page: int = 0,
    note: Plain | None = None,
) -> None:
    await ctx.show(order_screens.order(ctx.t, order_page, page, origin), note)
