"""The names of renewals on their buttons: short, and no two alike."""

from collections import Counter
from collections.abc import Mapping

from billing.views.cart import RenewalList, RenewalOffer
from handlers.chat.screens.widgets import name_with_domain, shortened
from locales.text import Plain

NAME_LIMIT = 30
PART_LIMIT = 13
"""So much of a name stays where its domain stands beside it."""


def short_names(renewal_list: RenewalList) -> Mapping[int, Plain]:
    """A name for each offer by its number.

    It is the client's own name, else the domain of a service or the name of an add-on. Where that
    does not tell two of the list apart, it is the name with the domain, and at last the number.
    """
    names = {offer.number: shortened(_name(offer), NAME_LIMIT) for offer in renewal_list.offers}
    for tell_apart in (_name_and_domain, _number_and_name):
        many = Counter(names.values())
        for offer in renewal_list.offers:
            if many[names[offer.number]] > 1:
                names[offer.number] = tell_apart(offer)
    return names


def _name(offer: RenewalOffer) -> str:
    service = offer.service
    return service.label or (not service.is_addon and service.domain) or service.title


def _name_and_domain(offer: RenewalOffer, limit: int = NAME_LIMIT) -> Plain:
    return name_with_domain(offer.quote.name, offer.quote.domain, limit, least=PART_LIMIT)


def _number_and_name(offer: RenewalOffer) -> Plain:
    number = f"{offer.number}. "
    return Plain(number + _name_and_domain(offer, NAME_LIMIT - len(number)))
