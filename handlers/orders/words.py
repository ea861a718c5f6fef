"""Offers in words: names, descriptions, prices, for products and add-ons."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from billing.rules.catalog import Product, text_in
from billing.rules.cycles import BillingCycle
from billing.views.shop import Offer, PriceView, Shop
from handlers.chat.screens.longtext import fitted
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import facts, tax_hint
from locales.labels import cycle_label, price_per_cycle
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 8
NAME_LIMIT = 60
DESCRIPTION_LIMIT = 1000
SHORT_LIMIT = 200
FEATURES_LIMIT = 1000


def name_of(t: Translator, product: Product) -> Plain:
    """The name of a product or add-on."""
    return shortened(text_in(product.name, (t.language,)) or product.id, NAME_LIMIT)


def group_name(t: Translator, shop: Shop, shelf: int) -> Plain:
    """The name of a shelf's group."""
    group = shop.catalog.groups[shelf]
    return shortened(text_in(group.name, (t.language,)) or group.id, NAME_LIMIT)


def description_of(t: Translator, product: Product) -> tuple[str | Markup, ...]:
    """The description and the features, each after an empty line."""
    description, _ = fitted(text_in(product.description, (t.language,)), DESCRIPTION_LIMIT)
    features = _features(product, t.language)
    feature_list, _ = fitted("\n".join(f"✓ {feature}" for feature in features), FEATURES_LIMIT)
    return tuple(part for text in (description, feature_list) if text for part in ("", text))


def _features(product: Product, language: str) -> Sequence[str]:
    for code in (language, "en"):
        if features := product.features.get(code):
            return features
    return next(iter(product.features.values()), ())


def from_price(t: Translator, offer: Offer) -> Plain:
    """The lowest price: "from" the shortest cycle's price if there are several."""
    shortest = offer.cheapest
    price = price_per_cycle(t, shortest.gross, shortest.price.cycle)
    if len(offer.prices) == 1 or not shortest.gross:
        return price
    return t.plain("from {price}", price=price)


def price_of(t: Translator, view: PriceView) -> Plain:
    """A price with its period, and the setup fee if there is one."""
    price = price_per_cycle(t, view.gross, view.price.cycle)
    if not view.setup_gross:
        return price
    setup = t.money(view.setup_gross)
    return t.plain("{price} + {setup} setup fee", price=price, setup=setup)


def prices_of(t: Translator, offer: Offer, tax_rate: int) -> Markup:
    """All prices, one below the other, and a line that they include the tax."""
    prices = (Markup("• {}").format(price_of(t, view)) for view in offer.prices)
    return lines(*prices, offer_tax_hint(t, tax_rate, offer))


def price_label(t: Translator, view: PriceView) -> Plain:
    """A cycle with its price for a button: "monthly · 29,00 zł"; the word alone when free."""
    word = cycle_label(t, view.price.cycle)
    if view.price.cycle == BillingCycle.FREE:
        return word
    return Plain(f"{word} · {t.money(view.gross)}")


def offer_tax_hint(t: Translator, tax_rate: int, offer: Offer) -> Markup | None:
    """A line that its prices include the tax; None without tax, or if the offer is free."""
    free = not any(view.gross or view.setup_gross for view in offer.prices)
    return None if free else tax_hint(t, tax_rate)


def tax_note(t: Translator, tax_rate: int) -> tuple[str | Markup, ...]:
    """Lines that prices include the tax, below a list."""
    hint = tax_hint(t, tax_rate)
    return () if hint is None else ("", hint)


def entry(t: Translator, offer: Offer, number: int) -> Markup:
    """An offer in a numbered list."""
    title = Markup("{}. <b>{}</b>").format(number, name_of(t, offer.product))
    return lines(title, facts(from_price(t, offer)))


def price_in(offer: Offer, cycle: BillingCycle) -> PriceView | None:
    """The price for one cycle."""
    return next((view for view in offer.prices if view.price.cycle == cycle), None)


def joined(names: Iterable[Plain], limit: int) -> Plain:
    """As many names as fit, separated by commas."""
    return fitted(", ".join(names), limit)[0]
