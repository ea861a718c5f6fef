"""A new order: groups, the products of one, one product, and the question for its name."""

from collections.abc import Sequence

from markupsafe import Markup

from billing.rules.shop.catalog import NameKind, Product, text_in
from billing.views.shop import ProductPage, Shelf, Shop
from handlers.buttons import (
    CancelOrder,
    ChooseEnding,
    OpenGroup,
    OpenInvoice,
    OpenOrder,
    OpenProduct,
    OrderProduct,
    RetypeName,
    back_to,
)
from handlers.chat.screens.longtext import fitted
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import (
    back,
    cancel,
    lines,
    pager,
    rows_of,
    shortened,
)
from handlers.orders.draft import Order
from handlers.orders.words import (
    BUTTON_NAME_LIMIT,
    NAME_LIMIT,
    OFFERS_ON_PAGE,
    PAGE_SIZE,
    SHORT_LIMIT,
    beside_cycles,
    description_of,
    entry,
    from_price,
    group_name,
    joined,
    name_of,
    offer_button,
    price_in,
    price_label,
    price_of,
    prices_of,
    tax_note,
)
from locales.text import Plain
from locales.translator import Translator

SHORT_NAME = 18
"""Names of groups and domains up to this length stand two in a row."""

ENDINGS_LIMIT = 200
MOST_ENDINGS = 20
"""Most buttons with endings; others can be typed."""


def groups(t: Translator, shop: Shop, tapped: OpenOrder) -> Screen:
    """The groups of products that can be ordered."""
    title = t("🛒 <b>Place a new order</b>")
    home = (back(t, back_to(tapped.origin)),)
    if not shop.shelves:
        return Screen(lines(title, "", t("There is nothing on offer at the moment.")), (home,))
    pages = -(-len(shop.shelves) // PAGE_SIZE)
    page = min(tapped.page, pages - 1)
    shelves = shop.shelves[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    names = [group_name(t, shop, shelf.number) for shelf in shelves]
    buttons = (
        Button(name, OpenGroup(shelf.number, 0, tapped.origin))
        for name, shelf in zip(names, shelves, strict=True)
    )
    width = 2 if all(len(name) <= SHORT_NAME for name in names) else 1
    turn = pager(t, page, pages, lambda p: OpenOrder(p, tapped.origin))
    return Screen(
        lines(title, *(part for shelf in shelves for part in ("", _group(t, shop, shelf)))),
        (*rows_of(buttons, width), *turn, home),
    )


def _group(t: Translator, shop: Shop, shelf: Shelf) -> Markup:
    about = text_in(shop.catalog.groups[shelf.number].description, (t.language,))
    description, _ = fitted(about, SHORT_LIMIT)
    many = t.n("{n} product", "{n} products", len(shelf.offers))
    return lines(
        Markup("<b>{}</b> · {}").format(group_name(t, shop, shelf.number), many),
        description or None,
    )


def group(t: Translator, shop: Shop, shelf: Shelf, tapped: OpenGroup) -> Screen:
    """The products of a group, each with a button of its name."""
    pages = -(-len(shelf.offers) // OFFERS_ON_PAGE)
    page = min(tapped.page, pages - 1)
    offers = shelf.offers[page * OFFERS_ON_PAGE : (page + 1) * OFFERS_ON_PAGE]
    about = text_in(shop.catalog.groups[shelf.number].description, (t.language,))
    description, _ = fitted(about, SHORT_LIMIT)
    return Screen(
        lines(
            Markup("🛒 <b>{}</b>").format(group_name(t, shop, shelf.number)),
            description or None,
            *(part for offer in offers for part in ("", entry(t, offer))),
            *tax_note(t, shop.tax_rate),
        ),
        (
            *(
                offer_button(t, o, OpenProduct(o.product.number, tapped.origin, listed=True))
                for o in offers
            ),
            *pager(t, page, pages, lambda p: OpenGroup(tapped.group, p, tapped.origin)),
            (back(t, OpenOrder(origin=tapped.origin)),),
        ),
    )


def product(t: Translator, page: ProductPage, tapped: OpenProduct) -> Screen:
    """One product with its prices; a cycle's button starts the order."""
    offer = page.offer
    several = len(offer.prices) > 1
    return Screen(
        lines(
            Markup("🛒 <b>{}</b>").format(name_of(t, offer.product)),
            *description_of(t, offer.product),
            "",
            *(
                beside_cycles(t, offer, page.tax_rate)
                if several
                else (prices_of(t, offer, page.tax_rate),)
            ),
            _extras_hint(t, page),
            *(("", t("Choose the billing cycle:")) if several else ()),
        ),
        (*_cycle_rows(t, page, tapped), (_back_from(t, page, tapped),)),
    )


def _extras_hint(t: Translator, page: ProductPage) -> Markup | None:
    if not page.addons:
        return None
    n = len(page.addons)
    hint = t.n("{n} add-on can be ordered with it.", "{n} add-ons can be ordered with it.", n)
    return Markup("🧩 {}").format(hint)


def _cycle_rows(t: Translator, page: ProductPage, tapped: OpenProduct) -> tuple[Row, ...]:
    prices = page.offer.prices
    buttons = []
    for view in prices:
        label = price_label(t, page.offer, view)
        if len(prices) == 1:
            label = t.plain("Order · {price}", price=from_price(t, page.offer))
        order = OrderProduct(tapped.product, view.price.cycle, tapped.origin, tapped.listed)
        buttons.append(Button(label, order, Style.PRIMARY))
    return rows_of(buttons, 1)


def _back_from(t: Translator, page: ProductPage, tapped: OpenProduct) -> Button:
    if tapped.listed:
        return back(t, OpenGroup(page.shelf, page.place // OFFERS_ON_PAGE, tapped.origin))
    return back(t, back_to(tapped.origin))


def ask_name(
    t: Translator, page: ProductPage, order: Order, draft: int, proforma: int | None = None
) -> Screen:
    """The question for the domain or label of an order.

    `proforma` is the unpaid proforma that has the name typed before.
    """
    view = price_in(page.offer, order.cycle)
    so_far = shortened(order.name, NAME_LIMIT)
    return Screen(
        lines(
            Markup("🛒 <b>{}</b>").format(name_of(t, page.offer.product)),
            price_of(t, view) if view else None,
            "",
            _question(t, page.offer.product),
            t("So far: <b>{name}</b>", name=so_far) if so_far else None,
        ),
        (*_finish_row(t, proforma), (back(t, order.start), cancel(t, CancelOrder(draft)))),
    )


def _finish_row(t: Translator, proforma: int | None) -> tuple[Row, ...]:
    if proforma is None:
        return ()
    finish = OpenInvoice(proforma, origin=Origin.ORDER)
    return ((Button(t.plain("Finish payment"), finish, Style.SUCCESS),),)


def _question(t: Translator, product: Product) -> Markup:
    if product.asks_for is NameKind.DOMAIN:
        return lines(
            t("Type the domain it is for."),
            _endings(t, product.domain_endings)
            or t("<i>Something like example.com; letters such as ą or ü are fine.</i>"),
        )
    return lines(
        t("Type a name that you will know it by."),
        t("<i>For example “Shop server”.</i>"),
    )


def _endings(t: Translator, endings: Sequence[str]) -> Markup | None:
    """A line with the accepted endings; None if all are accepted."""
    if not endings:
        return None
    if len(endings) == 1:
        return t("<i>It ends in {endings}; you may leave that out.</i>", endings=f".{endings[0]}")
    names = joined((Plain(f".{ending}") for ending in endings), ENDINGS_LIMIT)
    return t("<i>It may end in {endings}.</i>", endings=names)


def ask_ending(t: Translator, page: ProductPage, order: Order, draft: int) -> Screen:
    """The question for the ending of a name that was typed without one."""
    choices = order.choices[:MOST_ENDINGS]
    buttons = [
        Button(Plain(_choice_label(name)), ChooseEnding(draft, place))
        for place, name in enumerate(choices)
    ]
    more = t("Or type the whole name, with the ending you want.")
    width = 2 if all(len(name) <= SHORT_NAME for name in choices) else 1
    return Screen(
        lines(
            Markup("🛒 <b>{}</b>").format(name_of(t, page.offer.product)),
            "",
            t("Which ending should it have?"),
            more if len(order.choices) > MOST_ENDINGS else None,
        ),
        (*rows_of(buttons, width), (back(t, RetypeName(draft)), cancel(t, CancelOrder(draft)))),
    )


def _choice_label(name: str) -> str:
    """The domain, or only its ending if it is long."""
    return name if len(name) <= BUTTON_NAME_LIMIT else f"….{name.partition('.')[2]}"


def cancelled_note(t: Translator) -> Plain:
    """The note after an order was given up."""
    return t.plain("The order is cancelled; nothing was added to the cart.")
