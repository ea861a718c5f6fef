"""The public catalogue: groups and their offers with prices, without ordering."""

from markupsafe import Markup

from billing.rules.cycles import BillingCycle
from billing.rules.shop.catalog import Company, ProductKind, text_in
from billing.views.shop import Offer, PriceView, Shelf, Shop
from handlers.buttons import AskLinkCode, OpenCatalogue, OpenHome, OpenShelf
from handlers.chat.screens.screen import Button, Row, Screen, Style, Url
from handlers.chat.screens.widgets import back, lines, pager, rows_of, shortened
from handlers.chat.screens.wording import facts, tax_hint
from locales.labels import cycle_label, price_per_cycle
from locales.text import Plain
from locales.translator import Translator

GROUPS_ON_PAGE = 8
OFFERS_ON_PAGE = 4
NAME_LIMIT = 60
BUTTON_NAME_LIMIT = 24
TEXT_LIMIT = 120


def catalogue(
    t: Translator, shop: Shop, kind: ProductKind, page: int = 0, *, visitor: bool = True
) -> Screen:
    """The groups with offers, each with its lowest price; visitors see how to become clients."""
    pages = max(1, -(-len(shop.shelves) // GROUPS_ON_PAGE))
    page = min(page, pages - 1)
    shelves = shop.shelves[page * GROUPS_ON_PAGE : (page + 1) * GROUPS_ON_PAGE]
    title = t("🏷 <b>Our offer</b>") if kind is ProductKind.PRODUCT else t("🧩 <b>Add-ons</b>")
    return Screen(
        lines(
            title,
            "",
            *(_group(t, shop, shelf) for shelf in shelves),
            None if shelves else t("Nothing is offered at the moment."),
            tax_hint(t, shop.tax_rate) if shelves else None,
        ),
        (
            *rows_of(
                (
                    Button(
                        shortened(_group_name(t, shop, shelf), BUTTON_NAME_LIMIT),
                        OpenShelf(shelf.number, kind),
                    )
                    for shelf in shelves
                ),
                2,
            ),
            *pager(t, page, pages, lambda p: OpenCatalogue(kind, p)),
            _other_kind(t, kind),
            *(join_rows(t, shop.catalog.company) if visitor else ()),
            (back(t, OpenHome()),),
        ),
    )


def shelf(
    t: Translator,
    shop: Shop,
    kind: ProductKind,
    group: int,
    page: int = 0,
    *,
    visitor: bool = True,
) -> Screen:
    """The offers of a group with all prices; the groups if it has no offers now."""
    this_shelf = next((shelf for shelf in shop.shelves if shelf.number == group), None)
    if this_shelf is None:
        return catalogue(t, shop, kind, visitor=visitor)
    pages = -(-len(this_shelf.offers) // OFFERS_ON_PAGE)
    page = min(page, pages - 1)
    offers = this_shelf.offers[page * OFFERS_ON_PAGE : (page + 1) * OFFERS_ON_PAGE]
    return Screen(
        lines(
            t("🏷 <b>{group}</b>", group=shortened(_group_name(t, shop, this_shelf), NAME_LIMIT)),
            *(_offer(t, offer) for offer in offers),
            "",
            tax_hint(t, shop.tax_rate),
        ),
        (
            *pager(t, page, pages, lambda p: OpenShelf(group, kind, p)),
            *(join_rows(t, shop.catalog.company) if visitor else ()),
            (back(t, OpenCatalogue(kind)),),
        ),
    )


def join_rows(t: Translator, company: Company) -> tuple[Row, ...]:
    """The ways of a visitor to go on: sign up, enter a code, or ask for one."""
    code = [Button(t.plain("I have a code"), AskLinkCode())]
    if company.contact_url:
        code.append(Button(t.plain("Ask for a code"), Url(company.contact_url)))
    if company.signup_url is None:
        return (tuple(code),)
    sign_up = Button(t.plain("Become a client"), Url(company.signup_url), Style.PRIMARY)
    return ((sign_up,), tuple(code))


def _group_name(t: Translator, shop: Shop, shelf: Shelf) -> str:
    name = text_in(shop.catalog.groups[shelf.number].name, (t.language,))
    return name or t.plain("Other offers")


def _group(t: Translator, shop: Shop, shelf: Shelf) -> Markup:
    name = shortened(_group_name(t, shop, shelf), NAME_LIMIT)
    about = text_in(shop.catalog.groups[shelf.number].description, (t.language,)).strip()
    offers = t.n("{n} offer", "{n} offers", len(shelf.offers))
    return lines(
        Markup("<b>{}</b>").format(name),
        shortened(about, TEXT_LIMIT) if about else None,
        facts(offers, _lowest_price(t, shelf)),
        "",
    )


def _lowest_price(t: Translator, shelf: Shelf) -> Markup:
    cheapest = min((offer.cheapest for offer in shelf.offers), key=lambda view: view.gross.minor)
    lowest = price_per_cycle(t, cheapest.gross, cheapest.price.cycle)
    if cheapest.gross:
        return t("from {price}", price=lowest)
    prices = [view for offer in shelf.offers for view in offer.prices if view.gross]
    if not prices:
        return Markup.escape(lowest)
    paid = min(prices, key=lambda view: view.gross.minor)
    return t(
        "{free}, others from {price}",
        free=cycle_label(t, BillingCycle.FREE),
        price=price_per_cycle(t, paid.gross, paid.price.cycle),
    )


def _offer(t: Translator, offer: Offer) -> Markup:
    product = offer.product
    about = text_in(product.description, (t.language,)).strip()
    spoken = (t.language, "en", *product.features)
    features = next((product.features[tag] for tag in spoken if tag in product.features), ())
    return lines(
        "",
        Markup("<b>{}</b>").format(shortened(text_in(product.name, (t.language,)), NAME_LIMIT)),
        shortened(about, TEXT_LIMIT) if about else None,
        shortened(" · ".join(features), TEXT_LIMIT) if features else None,
        *(facts(_price(t, view)) for view in offer.prices),
    )


def _price(t: Translator, view: PriceView) -> Plain:
    price = price_per_cycle(t, view.gross, view.price.cycle)
    if not view.setup_gross:
        return price
    return t.plain("{price} + {setup} setup fee", price=price, setup=t.money(view.setup_gross))


def _other_kind(t: Translator, kind: ProductKind) -> Row:
    if kind is ProductKind.PRODUCT:
        return (Button(t.plain("Browse available add-ons"), OpenCatalogue(ProductKind.ADDON)),)
    return (Button(t.plain("Our offer and prices"), OpenCatalogue()),)
