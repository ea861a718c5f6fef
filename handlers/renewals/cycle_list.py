"""The list of renewals once more, to choose another cycle for one of them."""

from billing.views.cart import RenewalList
from handlers.buttons import OpenRenewalCycle, OpenRenewalCycles, OpenRenewals
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen
from handlers.chat.screens.widgets import back, lines, pager
from handlers.renewals.names import short_names
from locales.labels import cycle_label
from locales.text import Plain
from locales.translator import Translator


def choose_cycle(
    t: Translator, renewal_list: RenewalList, origin: Origin = Origin.SERVICES
) -> Screen:
    """The offers, where each name leads to the cycles that it can be renewed for."""
    page, offers = renewal_list.offers.number, renewal_list.offers.items
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
            *pager(t, page, renewal_list.offers.pages, lambda p: OpenRenewalCycles(p, origin)),
            (back(t, OpenRenewals(page, origin)),),
        ),
    )
