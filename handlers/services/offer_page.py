"""The offer of the day on a page of its own, with its picture."""

from billing.views.pictures import PictureAt
from billing.views.services import Offer
from handlers.buttons import OpenServices
from handlers.chat.screens.screen import Screen
from handlers.chat.screens.widgets import back
from handlers.services.offer import offer_block, offer_preview, order_rows
from locales.translator import Translator

WHOLE_TEXT = 1000
"""Longest text, as the data folder allows it."""

BESIDE_PICTURE = 980
"""As much of it as Telegram takes below a picture, together with the last day."""


def offer_page(t: Translator, offer: Offer) -> Screen:
    """The whole text, the picture and the button that leads to what is offered."""
    banner = offer.banner
    return Screen(
        offer_block(t, banner, WHOLE_TEXT if banner.picture is None else BESIDE_PICTURE),
        (*order_rows(t, banner, offer.product), (back(t, OpenServices()),)),
        offer_preview(banner),
        None if banner.picture is None else PictureAt(banner.picture),
    )
