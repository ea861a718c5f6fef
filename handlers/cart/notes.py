"""Notes about what has just happened to the cart."""

from billing.views.cart import RemovedLines
from handlers.chat.screens.widgets import shortened
from locales.text import Plain
from locales.translator import Translator

NAME_LIMIT = 50
NAMES_LIMIT = 80
"""Both fit a note together with its sentence."""


def removed_note(t: Translator, removed: RemovedLines) -> Plain:
    """The note after something was removed from the cart, and what went with it."""
    if not removed.names:
        return t.plain("Removed from the cart.")
    first, *addons = removed.names
    name = shortened(first, NAME_LIMIT)
    if not addons:
        return t.plain("Removed from the cart: {name}.", name=name)
    names = shortened(", ".join(addons), NAMES_LIMIT)
    return t.text(
        t.n(
            "Removed from the cart: {name} and its add-on ({names}).",
            "Removed from the cart: {name} and its {n} add-ons ({names}).",
            len(addons),
            name=name,
            names=names,
        )
    )
