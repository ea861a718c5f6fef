"""The company's offer of the day: text, picture and button."""

from markupsafe import Markup

from billing.rules.shop.catalog import Banner, Product, ProductKind, text_in
from handlers.buttons import OpenAddon, OpenOffer, OpenProduct
from handlers.chat.screens.screen import Button, Preview, Row, Url
from handlers.chat.screens.widgets import lines, shortened
from locales.text import Plain
from locales.translator import Translator

BANNER_LIMIT = 600
LINE_LIMIT = 40
"""Characters of a line on a phone."""

NAME_LIMIT = 22


def offer_block(t: Translator, banner: Banner, limit: int = BANNER_LIMIT) -> Markup:
    """The offer's text, and its last day."""
    text = shortened(_text(t, banner), limit)
    until = t("<i>until {date}</i>", date=t.date(banner.ends)) if banner.ends is not None else None
    return Markup("<blockquote>{}</blockquote>").format(lines(text, until))


def offer_line(t: Translator, banner: Banner) -> Plain:
    """The offer in one line: the beginning of its text, and its last day."""
    text, until = _text(t, banner).split("\n", 1)[0], _until(t, banner)
    return Plain(f"{shortened(text, LINE_LIMIT - len(until))}{until}")


def offer_row_of_line(
    t: Translator, banner: Banner | None, product: Product | None
) -> tuple[Row, ...]:
    """A button below the line: to the offer's page where that says more than the line does."""
    if banner is not None and offer_line(t, banner) != f"{_text(t, banner)}{_until(t, banner)}":
        return _to_page(t)
    return offer_rows(t, banner, product)


def offer_rows(t: Translator, banner: Banner | None, product: Product | None) -> tuple[Row, ...]:
    """A button to what is offered; where there is a picture to see first, to the offer's page."""
    if banner is not None and banner.picture:
        return _to_page(t)
    return order_rows(t, banner, product)


def _to_page(t: Translator) -> tuple[Row, ...]:
    return ((Button(t.plain("See the offer"), OpenOffer()),),)


def _text(t: Translator, banner: Banner) -> str:
    return text_in(banner.text, (t.language,)).strip()


def _until(t: Translator, banner: Banner) -> Plain:
    if banner.ends is None:
        return Plain("")
    return t.plain(" · until {date}", date=t.day(banner.ends))


def order_rows(t: Translator, banner: Banner | None, product: Product | None) -> tuple[Row, ...]:
    """A button to the offer's product, if it can be ordered, else to its address."""
    if product is not None:
        name = text_in(product.name, (t.language,))
        label = t.plain("Order {name}", name=shortened(name, NAME_LIMIT))
        if product.kind is ProductKind.ADDON:
            return ((Button(label, OpenAddon(product.number)),),)
        return ((Button(label, OpenProduct(product.number)),),)
    if banner is not None and banner.url:
        return ((Button(t.plain("See the offer"), Url(banner.url)),),)
    return ()


def offer_preview(banner: Banner | None, *, above: bool = True) -> Preview | None:
    """The offer's picture."""
    return Preview(banner.picture, above) if banner is not None and banner.picture else None
