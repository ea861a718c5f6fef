"""Offers in words: names, descriptions, prices, for products and add-ons."""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from billing.rules.cycles import BillingCycle
from billing.rules.shop.catalog import Product, text_in
from billing.views.shop import Offer, PriceView, Shop
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.longtext import fitted
from handlers.chat.screens.screen import Button, Row
from handlers.chat.screens.widgets import lines, shortened
from handlers.chat.screens.wording import facts, saving_hint, tax_hint, with_saving
from locales.labels import cycle_label, price_per_cycle
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 8
OFFERS_ON_PAGE = 4
"""Each has a button of its own and up to three lines that say what it is."""

ABOUT_LIMIT = 120
BUTTON_NAME_LIMIT = 40
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
    return shortened(text_in(group.name, (t.language,)) or t.plain("Other offers"), NAME_LIMIT)


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


def price_label(t: Translator, offer: Offer, view: PriceView) -> Plain:
    """A cycle for a button: "annually · 290,00 zł · −16%"; the word alone when free."""
    word = cycle_label(t, view.price.cycle)
    if view.price.cycle == BillingCycle.FREE:
        return word
    label = Plain(f"{word} · {t.money(view.gross)}")
    return with_saving(t, label, offer.savings.get(view.price.cycle))


def beside_cycles(t: Translator, offer: Offer, tax_rate: int) -> tuple[Markup, ...]:
    """Lines above a choice of cycles: what its buttons do not say about the prices on them."""
    hints = (
        _setup_fees(t, offer),
        offer_tax_hint(t, tax_rate, offer),
        saving_hint(t, offer.savings, offer.cheapest.price.cycle),
    )
    return tuple(hint for hint in hints if hint is not None)


def _setup_fees(t: Translator, offer: Offer) -> Markup | None:
    """The setup fee, or those of the cycles where they differ; None if there is none."""
    fees = {view.setup_gross for view in offer.prices}
    if not any(fees):
        return None
    if len(fees) == 1:
        return t("Setup fee, once: {fees}", fees=t.money(fees.pop()))
    each = (f"{cycle_label(t, v.price.cycle)} {t.money(v.setup_gross)}" for v in offer.prices)
    return t("Setup fee, once: {fees}", fees=" · ".join(each))


def offer_tax_hint(t: Translator, tax_rate: int, offer: Offer) -> Markup | None:
    """A line that its prices include the tax; None without tax, or if the offer is free."""
    free = not any(view.gross or view.setup_gross for view in offer.prices)
    return None if free else tax_hint(t, tax_rate)


def tax_note(t: Translator, tax_rate: int) -> tuple[str | Markup, ...]:
    """Lines that prices include the tax, below a list."""
    hint = tax_hint(t, tax_rate)
    return () if hint is None else ("", hint)


def entry(t: Translator, offer: Offer) -> Markup:
    """An offer in a list: its name and price, and in short what it is."""
    return lines(
        Markup("<b>{}</b> · {}").format(name_of(t, offer.product), from_price(t, offer)),
        *about(t, offer.product),
    )


def about(t: Translator, product: Product) -> tuple[Markup, ...]:
    """The description and the features in one line each, as far as there are any."""
    description = text_in(product.description, (t.language,)).strip()
    features = " · ".join(_features(product, t.language))
    return tuple(facts(shortened(text, ABOUT_LIMIT)) for text in (description, features) if text)


def offer_button(t: Translator, offer: Offer, payload: Payload) -> Row:
    """A row that leads to an offer, by its name."""
    return (Button(shortened(name_of(t, offer.product), BUTTON_NAME_LIMIT), payload),)


def price_in(offer: Offer, cycle: BillingCycle) -> PriceView | None:
    """The price for one cycle."""
    return next((view for view in offer.prices if view.price.cycle == cycle), None)


def joined(names: Iterable[Plain], limit: int) -> Plain:
    """As many names as fit, separated by commas."""
    return fitted(", ".join(names), limit)[0]
