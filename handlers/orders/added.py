"""What is said when something new has come into the cart."""

from billing.views.shop import Added
from handlers.chat.codec import MAX_SMALL
from handlers.chat.widgets import shortened
from handlers.orders.words import NAME_LIMIT
from locales.text import Plain
from locales.translator import Translator

LAST_PAGE = MAX_SMALL
"""Where new lines of the cart stand; the cart shows the last page there is."""


def added_note(t: Translator, added: Added) -> Plain:
    """What was put into the cart, or had been there before."""
    name = shortened(added.name, NAME_LIMIT)
    if added.new:
        return t.plain("Added to the cart: {name}", name=name)
    return t.plain("In the cart already: {name}", name=name)
