"""The order so far with its add-ons, and the billing cycles of one add-on."""

from collections.abc import Sequence
from functools import partial

from markupsafe import Markup

from billing.rules.cycles import shortest_first
from billing.rules.money import total_known
from billing.views.shop import Offer, PriceView, ProductPage
from handlers.buttons import (
    AddOrder,
    CancelOrder,
    DropExtra,
    OpenExtra,
    OpenExtras,
    PutExtra,
    RetypeName,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, cancel, lines, pager, shortened
from handlers.chat.screens.wording import afterwards, tax_hint
from handlers.orders.draft import Order
from handlers.orders.words import (
    beside_cycles,
    description_of,
    from_price,
    name_of,
    price_in,
    price_label,
    price_of,
)
from locales.labels import cycle_label, sum_of
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 6
"""Each add-on takes a row of buttons."""

NAME_LIMIT = 60
BUTTON_NAME_LIMIT = 26


def extras(
    t: Translator, page: ProductPage, order: Order, draft: int, page_number: int = 0
) -> Screen:
    """The chosen product and add-ons, the other add-ons, and the totals."""
    pages = max(1, -(-len(page.addons) // PAGE_SIZE))
    page_number = min(page_number, pages - 1)
    addons = page.addons[page_number * PAGE_SIZE : (page_number + 1) * PAGE_SIZE]
    return Screen(
        lines(
            *_heading(t, page, order),
            *_offers(t, addons, order),
            *_totals(t, page, order),
        ),
        (
            *(_row(t, offer, order, draft, page_number) for offer in addons),
            *pager(t, page_number, pages, lambda p: OpenExtras(draft, p)),
            (Button(t.plain("Add to cart"), AddOrder(draft), Style.PRIMARY),),
            (back(t, RetypeName(draft)), cancel(t, CancelOrder(draft))),
        ),
    )


def _heading(t: Translator, page: ProductPage, order: Order) -> tuple[Markup | None, ...]:
    view = price_in(page.offer, order.cycle)
    title = Markup("🛒 <b>{}</b>").format(name_of(t, page.offer.product))
    name = shortened(order.name, NAME_LIMIT)
    return (title, Markup.escape(name), Markup.escape(price_of(t, view)) if view else None)


def _offers(t: Translator, addons: Sequence[Offer], order: Order) -> tuple[str | Markup, ...]:
    if not addons:
        return ()
    return ("", t("🧩 Add-ons to go with it:"), *(_offer(t, offer, order) for offer in addons))


def _offer(t: Translator, offer: Offer, order: Order) -> Markup:
    cycle = order.cycle_of(offer.product.number)
    view = price_in(offer, cycle) if cycle else None
    if view is None:
        return Markup("• {} · {}").format(name_of(t, offer.product), from_price(t, offer))
    return Markup("✓ <b>{}</b> · {}").format(name_of(t, offer.product), price_of(t, view))


def _totals(t: Translator, page: ProductPage, order: Order) -> tuple[str | Markup | None, ...]:
    """The amounts due now and later, gross per line as in the cart; none if free."""
    mine = price_in(page.offer, order.cycle)
    views = [*([mine] if mine else []), *(view for _, view in order.chosen_addons(page))]
    if not any(view.gross or view.setup_gross for view in views):
        return ()
    currency = views[0].gross.currency
    sum_up = partial(total_known, currency=currency, is_estimate=page.is_estimate)
    now = sum_up(view.gross + view.setup_gross for view in views)
    recurring = (
        (cycle, sum_up(v.gross for v in views if v.price.cycle == cycle))
        for cycle in shortest_first(view.price.cycle for view in views)
        if cycle.recurring
    )
    return (
        "",
        t("<b>Total: {gross}</b>", gross=sum_of(t, now)),
        afterwards(t, recurring),
        tax_hint(t, page.tax_rate),
    )


def _row(t: Translator, offer: Offer, order: Order, draft: int, page_number: int) -> Row:
    number = offer.product.number
    name = shortened(name_of(t, offer.product), BUTTON_NAME_LIMIT)
    cycle = order.cycle_of(number)
    if cycle is None:
        return (Button(Plain(f"+ {name}"), _choose(offer, draft, page_number)),)
    drop = Button(t.plain("✕ Remove"), DropExtra(draft, number, page_number))
    if len(offer.prices) == 1:
        return (Button(Plain(f"✓ {name}"), OpenExtras(draft, page_number)), drop)
    label = Plain(f"✓ {name} · {cycle_label(t, cycle)}")
    return (Button(label, OpenExtra(draft, number, page_number)), drop)


def _choose(offer: Offer, draft: int, page_number: int) -> Payload:
    number = offer.product.number
    if len(offer.prices) == 1:
        return PutExtra(draft, number, offer.prices[0].price.cycle, page_number)
    return OpenExtra(draft, number, page_number)


def one_extra(
    t: Translator, page: ProductPage, offer: Offer, order: Order, tapped: OpenExtra
) -> Screen:
    """One add-on of an order, with its billing cycles."""
    number = offer.product.number
    cycle = order.cycle_of(number)

    def pick(view: PriceView) -> Button:
        sign = "✓ " if view.price.cycle == cycle else ""
        payload = PutExtra(tapped.draft, number, view.price.cycle, tapped.page)
        return Button(Plain(f"{sign}{price_label(t, offer, view)}"), payload, Style.PRIMARY)

    return Screen(
        lines(
            Markup("🧩 <b>{}</b>").format(name_of(t, offer.product)),
            *description_of(t, offer.product),
            "",
            *beside_cycles(t, offer, page.tax_rate),
            "",
            t("Choose the billing cycle:"),
        ),
        (
            *((pick(view),) for view in offer.prices),
            (
                back(t, OpenExtras(tapped.draft, tapped.page)),
                cancel(t, CancelOrder(tapped.draft)),
            ),
        ),
    )


def put_note(t: Translator, offer: Offer) -> Plain:
    """The note after an add-on was added to the order."""
    return t.plain("Added to the order: {name}", name=name_of(t, offer.product))


def drop_note(t: Translator) -> Plain:
    """The note after an add-on was removed from the order."""
    return t.plain("Removed from the order.")
