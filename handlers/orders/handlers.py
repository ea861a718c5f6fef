"""New orders: group, product, billing cycle, name, add-ons, cart."""

from dataclasses import replace

from billing.rules.errors import AlreadyInvoicedError, NotOfferedError
from billing.rules.shop.catalog import ProductKind
from billing.views.shop import ProductPage
from handlers.buttons import (
    AddOrder,
    CancelOrder,
    ChooseEnding,
    DropExtra,
    OpenExtra,
    OpenExtras,
    OpenGroup,
    OpenOrder,
    OpenProduct,
    OrderProduct,
    PutExtra,
    RetypeName,
)
from handlers.cart.screens import cart
from handlers.chat.conversation.context import Context
from handlers.chat.screens.codec import StaleButton
from handlers.chat.screens.errors import sentence
from handlers.chat.screens.origin import Origin
from handlers.orders import extras, screens
from handlers.orders.cart_note import LAST_PAGE, added_note
from handlers.orders.draft import Order
from handlers.orders.words import price_in

NAME = "orders.name"


async def order(ctx: Context) -> None:
    """/order."""
    await open_order(ctx, OpenOrder(origin=Origin.HOME))


async def open_order(ctx: Context, tapped: OpenOrder) -> None:
    """The groups."""
    shop = await ctx.actions.show_shop(ctx.client, ProductKind.PRODUCT)
    await ctx.show(screens.groups(ctx.t, shop, tapped))


async def open_group(ctx: Context, tapped: OpenGroup) -> None:
    """Show the products of a group; after a load, its place may belong to another group."""
    shop = await ctx.actions.show_shop(ctx.client, ProductKind.PRODUCT)
    shelf = next((shelf for shelf in shop.shelves if shelf.number == tapped.group), None)
    if shelf is None:
        raise StaleButton("no such group", back=OpenOrder(origin=tapped.origin))
    await ctx.show(screens.group(ctx.t, shop, shelf, tapped))


async def open_product(ctx: Context, tapped: OpenProduct) -> None:
    """One product."""
    page = await ctx.actions.show_product(ctx.client, tapped.product)
    await ctx.show(screens.product(ctx.t, page, tapped))


async def start(ctx: Context, tapped: OrderProduct) -> None:
    """Begin an order and ask for its name."""
    page = await ctx.actions.show_product(ctx.client, tapped.product)
    if price_in(page.offer, tapped.cycle) is None:
        raise NotOfferedError("cycle_not_offered", cycle=tapped.cycle)
    new_order = Order(tapped.product, tapped.cycle, origin=tapped.origin, listed=tapped.listed)
    number = await ctx.begin(new_order.as_draft())
    await ctx.ask(NAME, screens.ask_name(ctx.t, page, new_order, number))


async def ask_name(ctx: Context) -> None:
    """Ask for a name, also after an invalid one."""
    draft, number = await _order(ctx)
    page = await ctx.actions.show_product(ctx.client, draft.product)
    await ctx.ask(NAME, screens.ask_name(ctx.t, page, draft, number))


async def retype(ctx: Context, tapped: RetypeName) -> None:
    """Go back to the question for a name."""
    await _order(ctx, tapped.draft)
    await ask_name(ctx)


async def name_typed(ctx: Context, text: str) -> None:
    """Take the name and show the order with the add-ons."""
    draft, number = await _order(ctx)
    try:
        await _take_name(ctx, draft, number, text)
    except AlreadyInvoicedError as error:
        await _ask_another(ctx, draft, number, error)


async def choose_ending(ctx: Context, tapped: ChooseEnding) -> None:
    """Take one of the domains that a name without its ending may mean."""
    draft, number = await _order(ctx, tapped.draft)
    if tapped.place >= len(draft.choices):
        raise StaleButton("no such ending", back=RetypeName(number))
    try:
        await _take_name(ctx, draft, number, draft.choices[tapped.place])
    except AlreadyInvoicedError as error:
        await _ask_another(ctx, draft, number, error)


async def _take_name(ctx: Context, draft: Order, number: int, name: str) -> None:
    """Go on with a name, or ask for its ending; InvalidInputError for an invalid name."""
    checked = await ctx.actions.check_name(ctx.client, draft.product, name)
    if checked.choices:
        with_choices = replace(draft, choices=checked.choices)
        screen = screens.ask_ending(ctx.t, checked.page, with_choices, number)
        await ctx.ask(NAME, screen, draft=with_choices.as_draft())
    else:
        await _show(ctx, checked.page, draft.with_name(checked.name), number)


async def _ask_another(
    ctx: Context, draft: Order, number: int, error: AlreadyInvoicedError
) -> None:
    """Repeat the question, with the proforma that has the name already."""
    page = await ctx.actions.show_product(ctx.client, draft.product)
    screen = screens.ask_name(ctx.t, page, draft, number, error.invoice_id)
    await ctx.ask(NAME, screen, note=sentence(ctx.t, error))


async def open_extras(ctx: Context, tapped: OpenExtras) -> None:
    """The order with what can be added."""
    draft, number = await _named_order(ctx, tapped.draft)
    page = await ctx.actions.show_product(ctx.client, draft.product)
    await _show(ctx, page, draft, number, tapped.page)


async def open_extra(ctx: Context, tapped: OpenExtra) -> None:
    """The billing cycles of an add-on."""
    draft, number = await _named_order(ctx, tapped.draft)
    page = await ctx.actions.show_product(ctx.client, draft.product)
    offer = page.addon(tapped.product)
    if offer is None:
        raise StaleButton("no such add-on", back=OpenExtras(number, tapped.page))
    await ctx.show(extras.one_extra(ctx.t, page, offer, draft, tapped))


async def put_extra(ctx: Context, tapped: PutExtra) -> None:
    """Add an add-on to the order."""
    draft, number = await _named_order(ctx, tapped.draft)
    page = await ctx.actions.show_product(ctx.client, draft.product)
    offer = page.addon(tapped.product)
    if offer is None or price_in(offer, tapped.cycle) is None:
        raise StaleButton("no such add-on", back=OpenExtras(number, tapped.page))
    ctx.pending_note = extras.put_note(ctx.t, offer)
    await _show(ctx, page, draft.put(tapped.product, tapped.cycle), number, tapped.page)


async def drop_extra(ctx: Context, tapped: DropExtra) -> None:
    """Remove an add-on from the order."""
    draft, number = await _named_order(ctx, tapped.draft)
    page = await ctx.actions.show_product(ctx.client, draft.product)
    ctx.pending_note = extras.drop_note(ctx.t)
    await _show(ctx, page, draft.drop(tapped.product), number, tapped.page)


async def add(ctx: Context, tapped: AddOrder) -> None:
    """Put the order into the cart and show the cart."""
    draft, number = await _named_order(ctx, tapped.draft)
    try:
        addition = await ctx.actions.add_product(
            ctx.client,
            ctx.t.language,
            product_number=draft.product,
            cycle=draft.cycle,
            name=draft.name,
            addons=draft.addons,
        )
    except AlreadyInvoicedError as error:
        await _ask_another(ctx, draft, number, error)
    except NotOfferedError as error:
        ctx.pending_note = sentence(ctx.t, error)
        await open_extras(ctx, OpenExtras(number))
    else:
        screen = cart(ctx.t, addition.cart, LAST_PAGE, Origin.ORDER)
        await ctx.show(screen, added_note(ctx.t, addition))


async def cancel(ctx: Context, tapped: CancelOrder) -> None:
    """Give up the order; its other buttons are out of date from now on."""
    draft, _ = await _order(ctx, tapped.draft)
    await ctx.begin({})
    ctx.pending_note = screens.cancelled_note(ctx.t)
    await open_order(ctx, OpenOrder(origin=draft.origin))


async def _order(ctx: Context, number: int | None = None) -> tuple[Order, int]:
    """The order of that number, or the current one; StaleButton leads to the groups."""
    try:
        draft = await ctx.draft(number)
    except StaleButton as error:
        raise StaleButton("the order is gone", back=OpenOrder()) from error
    return Order.read(draft), (await ctx.dialogue.conversation()).draft_id


async def _named_order(ctx: Context, number: int) -> tuple[Order, int]:
    """The order, if it has a name already."""
    draft, _ = await _order(ctx, number)
    if not draft.name:
        raise StaleButton("the order has no name yet", back=RetypeName(number))
    return draft, number


async def _show(
    ctx: Context, page: ProductPage, changed: Order, number: int, page_number: int = 0
) -> None:
    """Keep and show the order."""
    if price_in(page.offer, changed.cycle) is None:
        raise StaleButton("the cycle is not offered any more", back=changed.start)
    changed = changed.still_offered(page)
    await ctx.advance(draft=changed.as_draft())
    await ctx.show(extras.extras(ctx.t, page, changed, number, page_number))
