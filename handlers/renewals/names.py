"""The names of renewals on their buttons: short, and no two alike."""

from collections.abc import Mapping, Sequence

from billing.views.cart import RenewalOffer
from handlers.chat.screens.short_names import Named, names_apart
from locales.text import Plain

LABEL_LIMIT = 40
"""Characters of a button as wide as the message on a phone."""


def short_names(offers: Sequence[RenewalOffer], beside: Mapping[int, str]) -> Mapping[int, Plain]:
    """A name for each offer by its number, with room for what stands `beside` it."""
    rooms = (LABEL_LIMIT - len(beside.get(offer.number, "")) for offer in offers)
    names = names_apart([_named(o, room) for o, room in zip(offers, rooms, strict=True)])
    return {offer.number: name for offer, name in zip(offers, names, strict=True)}


def _named(offer: RenewalOffer, room: int) -> Named:
    service = offer.service
    return Named(
        service.label, service.name, offer.quote.domain, room, service.is_addon, offer.number
    )
