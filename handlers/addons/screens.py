"""Add-ons: the list by category, and one of them."""

from markupsafe import Markup

from billing.views.shop import AddOnPage, Offer, ServiceShop, Shop
from handlers.addons.words import (
    FEW,
    cart_leads_to,
    finish_rows,
    fits_what,
    for_service,
    why_not,
)
from handlers.buttons import (
    AddAddon,
    OpenAddon,
    OpenAddonCycles,
    OpenAddons,
    OpenAddonServices,
    OpenCart,
    OpenService,
    back_to,
)
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Row, Screen, Style
from handlers.chat.screens.widgets import back, lines, pager
from handlers.chat.screens.wording import service_title
from handlers.orders.words import (
    OFFERS_ON_PAGE,
    description_of,
    entry,
    group_name,
    name_of,
    offer_button,
    prices_of,
    tax_note,
)
from locales.translator import Translator


def addons(t: Translator, shop: Shop, tapped: OpenAddons) -> Screen:
    """All add-ons by category, each with a button of its name."""
    if not shop.shelves:
        nothing = t("There are no add-ons on offer at the moment.")
        text = lines(t("🧩 <b>Add-ons</b>"), "", nothing)
        return Screen(text, ((back(t, back_to(tapped.origin)),),))
    entries, rows = _list(t, shop, tapped)
    return Screen(
        lines(t("🧩 <b>Add-ons</b>"), *entries, *tax_note(t, shop.tax_rate)),
        (*rows, (back(t, back_to(tapped.origin)),)),
    )


def addons_for(t: Translator, service_shop: ServiceShop, tapped: OpenAddons) -> Screen:
    """The add-ons that a service can have, then those it cannot have now, and why."""
    title = t("🧩 <b>Add-ons</b> for {service}", service=service_title(t, service_shop.service))
    page: Payload = OpenService(service_shop.service.id, tapped.origin)
    home = (back(t, back_to(tapped.origin) if tapped.origin is Origin.SERVICE else page),)
    obstacles = tuple(
        Markup("• {}: {}").format(name_of(t, offer.product), why_not(t, choice))
        for offer, choice in service_shop.others[:FEW]
    )
    finish = finish_rows(t, (choice for _, choice in service_shop.others))
    if not service_shop.shop.shelves:
        nothing = t("There is no add-on that this service could have now.")
        return Screen(lines(title, "", nothing, *obstacles), (*finish, home))
    entries, rows = _list(t, service_shop.shop, tapped)
    cannot = ("", t("<i>Not now:</i>"), *obstacles) if obstacles else ()
    hint = tax_note(t, service_shop.shop.tax_rate)
    return Screen(lines(title, *entries, *cannot, *hint), (*rows, *finish, home))


def _list(
    t: Translator, shop: Shop, tapped: OpenAddons
) -> tuple[tuple[str | Markup, ...], tuple[Row, ...]]:
    """One page of a shop, with the heading of each group, and its buttons."""
    offers = [(shelf, offer) for shelf in shop.shelves for offer in shelf.offers]
    pages = -(-len(offers) // OFFERS_ON_PAGE)
    page = min(tapped.page, pages - 1)
    parts: list[str | Markup] = []
    group = None
    rows: list[Row] = []
    for shelf, offer in offers[page * OFFERS_ON_PAGE : (page + 1) * OFFERS_ON_PAGE]:
        if shelf.number != group:
            group = shelf.number
            parts += ["", Markup("<u>{}</u>").format(group_name(t, shop, group))]
        parts.append(entry(t, offer))
        place = OpenAddon(offer.product.number, tapped.service, page, tapped.origin)
        rows.append(offer_button(t, offer, place))
    turn = pager(t, page, pages, lambda p: OpenAddons(tapped.service, p, tapped.origin))
    return tuple(parts), (*rows, *turn)


def addon(t: Translator, page: AddOnPage, tapped: OpenAddon) -> Screen:
    """One add-on: what it is, what it costs, what it goes with."""
    product = page.offer.product
    return Screen(
        lines(
            Markup("🧩 <b>{}</b>").format(name_of(t, product)),
            for_service(t, page.choice),
            *description_of(t, product),
            "",
            prices_of(t, page.offer, page.tax_rate),
            *(() if page.choice else fits_what(t, page.catalog, product)),
        ),
        (
            *_order_row(t, page, tapped),
            (back(t, OpenAddons(tapped.service, tapped.page, tapped.origin)),),
        ),
    )


def _order_row(t: Translator, page: AddOnPage, tapped: OpenAddon) -> tuple[Row, ...]:
    if page.choice and page.choice.in_cart:
        return ((Button(t.plain("✓ In cart"), OpenCart(origin=Origin.ADDONS)),),)
    if page.choice and page.choice.obstacle:
        return finish_rows(t, [page.choice])
    return ((Button(t.plain("Add to cart"), _next(page.offer, tapped), Style.PRIMARY),),)


def _next(offer: Offer, tapped: OpenAddon) -> Payload:
    """The button to the next question about an order: the cycle, the service, or none."""
    if len(offer.prices) > 1:
        return OpenAddonCycles(tapped.product, tapped.service, tapped.page, tapped.origin)
    cycle = offer.prices[0].price.cycle
    if tapped.service is not None:
        return AddAddon(tapped.product, cycle, tapped.service, cart_leads_to(tapped.origin))
    return OpenAddonServices(tapped.product, cycle, 0, tapped.page, tapped.origin)
