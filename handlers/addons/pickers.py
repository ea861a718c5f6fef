"""The pickers of an add-on's billing cycle and service; pure like screens."""

from markupsafe import Markup

from billing.rules.shop.quotes import Unavailable
from billing.views.shop import AddOnChoice, AddOnPage, FittingServices
from handlers.addons.words import (
    FEW,
    cart_leads_to,
    finish_rows,
    for_service,
    service_label,
    why_not,
)
from handlers.buttons import AddAddon, OpenAddon, OpenAddonCycles, OpenAddonServices, OpenOrder
from handlers.chat.screens.codec import Payload
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Button, Screen, Style
from handlers.chat.screens.widgets import back, lines, pager
from handlers.chat.screens.wording import service_title
from handlers.orders.words import (
    PAGE_SIZE,
    beside_cycles,
    name_of,
    offer_tax_hint,
    price_in,
    price_label,
    price_of,
)
from locales.translator import Translator


def cycles(t: Translator, page: AddOnPage, tapped: OpenAddonCycles) -> Screen:
    """The billing cycle picker."""
    number, service = tapped.product, tapped.service
    buttons = []
    for view in page.offer.prices:
        cycle = view.price.cycle
        payload: Payload = OpenAddonServices(number, cycle, 0, tapped.page, tapped.origin)
        if service is not None:
            payload = AddAddon(number, cycle, service, cart_leads_to(tapped.origin))
        buttons.append((Button(price_label(t, page.offer, view), payload, Style.PRIMARY),))
    return Screen(
        lines(
            Markup("🧩 <b>{}</b>").format(name_of(t, page.offer.product)),
            for_service(t, page.choice),
            "",
            *beside_cycles(t, page.offer, page.tax_rate),
            "",
            t("Choose the billing cycle:"),
        ),
        (*buttons, (back(t, OpenAddon(number, service, tapped.page, tapped.origin)),)),
    )


def services(t: Translator, candidates: FittingServices, tapped: OpenAddonServices) -> Screen:
    """The service picker: services that the add-on fits, or why there are none."""
    number, cycle = tapped.product, tapped.cycle
    home: Payload = OpenAddon(number, None, tapped.page, tapped.origin)
    if len(candidates.offer.prices) > 1:
        home = OpenAddonCycles(number, None, tapped.page, tapped.origin)
    view = price_in(candidates.offer, cycle)
    title = lines(
        Markup("🧩 <b>{}</b>").format(name_of(t, candidates.offer.product)),
        price_of(t, view) if view else None,
        offer_tax_hint(t, candidates.tax_rate, candidates.offer),
        "",
    )
    if not candidates.fitting:
        return _nothing_fits(t, candidates, title, home)
    pages = -(-len(candidates.fitting) // PAGE_SIZE)
    page = min(tapped.shown, pages - 1)
    choices = candidates.fitting[page * PAGE_SIZE : (page + 1) * PAGE_SIZE]
    turn = pager(
        t,
        page,
        pages,
        lambda p: OpenAddonServices(number, cycle, p, tapped.page, tapped.origin),
    )
    picks = (
        (Button(service_label(choice.service), AddAddon(number, cycle, choice.service.id)),)
        for choice in choices
    )
    return Screen(lines(title, t("Choose the service:")), (*picks, *turn, (back(t, home),)))


def _nothing_fits(
    t: Translator, candidates: FittingServices, title: Markup, home: Payload
) -> Screen:
    more = len(candidates.others) - FEW
    order = Button(t.plain("Place a new order"), OpenOrder(origin=Origin.ADDONS), Style.PRIMARY)
    if not candidates.others:
        why = t("You have no service yet that it could be added to.")
        return Screen(lines(title, why), ((order,), (back(t, home),)))
    return Screen(
        lines(
            title,
            t("None of your services can have this add-on now:"),
            *(
                Markup("• {}: {}").format(service_title(t, choice.service), why_not(t, choice))
                for choice in sorted(candidates.others, key=_is_remote)[:FEW]
            ),
            t.n("… and {n} more", "… and {n} more", more) if more > 0 else None,
        ),
        (*finish_rows(t, candidates.others), (order,), (back(t, home),)),
    )


def _is_remote(choice: AddOnChoice) -> bool:
    """Whether the add-on is for other products: of less interest than what is in the way."""
    return choice.obstacle is Unavailable.DOES_NOT_FIT
