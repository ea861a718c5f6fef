"""The note after something new was put into the cart."""

from billing.views.shop import Added
from handlers.chat.screens.codec import MAX_SMALL
from handlers.chat.screens.widgets import shortened
from handlers.orders.words import NAME_LIMIT
from locales.text import Plain
from locales.translator import Translator

LAST_PAGE = MAX_SMALL
"""New lines are on the last page; the cart shows its last page for any larger number."""


def added_note(t: Translator, addition: Added) -> Plain:
    """Say what was put into the cart, or that it had been there before."""
    name = shortened(addition.name, NAME_LIMIT)
    if addition.new:
        return t.plain("Added to the cart: {name}", name=name)
    return t.plain("In the cart already: {name}", name=name)
