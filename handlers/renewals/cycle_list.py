"""The list of renewals once more, to choose another cycle for one of them."""

from collections.abc import Sequence

from billing.views.cart import RenewalList, RenewalOffer
from handlers.buttons import OpenRenewalCycle, OpenRenewalCycles, OpenRenewals
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen
from handlers.chat.screens.widgets import back, lines, pager
from handlers.renewals.names import short_names
from locales.labels import cycle_label
from locales.text import Plain
from locales.translator import Translator

PAGE_SIZE = 4
"""So many fit one screen of a phone, with their text and all other buttons."""


def choose_cycle(
    t: Translator, renewal_list: RenewalList, page: int = 0, origin: Origin = Origin.SERVICES
) -> Screen:
    """The offers, where each name leads to the cycles that it can be renewed for."""
    pages, page, offers = page_of(renewal_list, page)
    cycles = {offer.number: f" · {cycle_label(t, offer.quote.cycle)}" for offer in offers}
    names = short_names(offers, cycles)
    return Screen(
        lines(
            t("🔄 <b>Renew for another period</b>"),
            "",
            t("Choose what to renew for another period:")
            if offers
            else t("There is nothing to renew at the moment."),
        ),
        (
            *(
                (
                    Button(
                        Plain(f"{names[offer.number]}{cycles[offer.number]}"),
                        OpenRenewalCycle(offer.service.id, page, origin),
                    ),
                )
                for offer in offers
            ),
            *pager(t, page, pages, lambda p: OpenRenewalCycles(p, origin)),
            (back(t, OpenRenewals(page, origin)),),
        ),
    )


def page_of(renewal_list: RenewalList, page: int) -> tuple[int, int, Sequence[RenewalOffer]]:
    """The number of pages, the page (the last one for any larger number), and its offers."""
    pages = max(1, -(-len(renewal_list.offers) // PAGE_SIZE))
    page = min(page, pages - 1)
    return pages, page, renewal_list.offers[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
