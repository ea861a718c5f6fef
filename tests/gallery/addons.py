"""Samples of add-ons."""

from collections.abc import Callable
from dataclasses import replace

from billing.actions.shop.catalogue import make_offer
from billing.rules.cycles import BillingCycle
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.catalog import Product, ProductKind
from billing.rules.shop.existing_orders import UnpaidLine
from billing.rules.shop.quotes import Unavailable
from billing.views.shop import AddOnChoice, AddOnPage, FittingServices, ServiceShop, Shop
from handlers.addons import pickers, screens
from handlers.buttons import OpenAddon, OpenAddonCycles, OpenAddons, OpenAddonServices
from handlers.chat.screens.screen import Screen
from locales.translator import Translator
from tests.gallery.orders import BACKUP, SSL, shop, wordy
from tests.gallery.renewals import LONG_DOMAIN, LONG_NAME
from tests.make import VAT, addon, catalog, price, product, quote, service

MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY
SPACE = addon("space", number=4, group="hosting", prices=(price("8.00", setup="20.00"),))
NO_FIT = AddOnChoice(
    service(id=4, product_id="domain", name="Domena .pl"), Unavailable.DOES_NOT_FIT
)
HAS_IT = AddOnChoice(service(id=2, domain="ma.example"), Unavailable.ALREADY_HAS_IT)
IN_CART = AddOnChoice(service(), Unavailable.ALREADY_HAS_IT, in_cart=True)
ON_PROFORMA = AddOnChoice(
    service(id=5, domain="czeka.example"),
    Unavailable.ON_PROFORMA,
    on_invoice=UnpaidLine(7, "PRO-202611-00042-7391", quote()),
)
SUSPENDED = AddOnChoice(
    service(id=3, domain="zawieszona.example", status=ServiceStatus.SUSPENDED),
    Unavailable.SERVICE_NOT_ACTIVE,
)
LONG = service(name=LONG_NAME, domain=LONG_DOMAIN)


def on_offer(*products: Product) -> Shop:
    """Add-ons on their shelves."""
    return shop(*(products or (SSL, BACKUP, SPACE)))


def many(count: int) -> Shop:
    """So many add-ons with long names, in two groups by turns."""
    groups = ("security", "hosting")
    return shop(
        *(wordy(n, kind=ProductKind.ADDON, group=groups[n % 2]) for n in range(1, count + 1))
    )


def for_service(
    owner: Service, *others: tuple[Product, AddOnChoice], offered: Shop | None = None
) -> ServiceShop:
    """The add-ons for a service, and those it cannot have."""
    refused = tuple((make_offer(product, "PLN", VAT), choice) for product, choice in others)
    return ServiceShop(owner, offered or on_offer(), refused)


def page(chosen: Product = SSL, choice: AddOnChoice | None = None) -> AddOnPage:
    """One add-on; it goes with a product of one group and all of another."""
    hosting = (product(), product("nimbus", number=11), product("vps", number=12, group="vps"))
    return AddOnPage(catalog(*hosting, chosen), make_offer(chosen, "PLN", VAT), VAT.rate, choice)


def picker(
    *choices: AddOnChoice, chosen: Product = SSL, cycle: BillingCycle = ANNUALLY
) -> FittingServices:
    """The service picker of an add-on."""
    return FittingServices(
        make_offer(chosen, "PLN", VAT),
        cycle,
        tuple(choice for choice in choices if choice.obstacle is None),
        tuple(choice for choice in choices if choice.obstacle is not None),
        VAT.rate,
    )


def fitting(count: int, owner: Service = service()) -> list[AddOnChoice]:  # noqa: B008 - it never changes
    """So many services that an add-on fits."""
    return [AddOnChoice(replace(owner, id=number)) for number in range(1, count + 1)]


def pick(t: Translator, found: FittingServices, shown: int = 0) -> Screen:
    number = found.offer.product.number
    return pickers.services(t, found, OpenAddonServices(number, found.cycle, shown))


def one(t: Translator, found: AddOnPage) -> Screen:
    owner = found.choice.service.id if found.choice else None
    return screens.addon(t, found, OpenAddon(found.offer.product.number, owner))


def cycles(t: Translator, found: AddOnPage) -> Screen:
    owner = found.choice.service.id if found.choice else None
    return pickers.cycles(t, found, OpenAddonCycles(found.offer.product.number, owner))


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "add-ons": lambda t: screens.addons(t, on_offer(), OpenAddons()),
    "add-ons, none": lambda t: screens.addons(t, shop(product(group="gone")), OpenAddons()),
    "add-ons, many pages": lambda t: screens.addons(t, many(20), OpenAddons(page=1)),
    "add-ons for a service": lambda t: screens.addons_for(
        t,
        for_service(service(), (SSL, HAS_IT), (BACKUP, IN_CART), (SPACE, ON_PROFORMA)),
        OpenAddons(1),
    ),
    "add-ons for a service, none": lambda t: screens.addons_for(
        t,
        for_service(service(), (SSL, HAS_IT), offered=shop(product(group="gone"))),
        OpenAddons(1),
    ),
    "add-ons for a service, long names": lambda t: screens.addons_for(
        t, for_service(LONG, *[(wordy(9), HAS_IT)] * 20, offered=many(8)), OpenAddons(1)
    ),
    "add-on": lambda t: one(t, page()),
    "add-on with a setup fee": lambda t: one(t, page(SPACE)),
    "add-on for a service": lambda t: one(t, page(choice=AddOnChoice(service()))),
    "add-on that the service has": lambda t: one(t, page(choice=HAS_IT)),
    "add-on in the cart": lambda t: one(t, page(choice=IN_CART)),
    "add-on on a proforma": lambda t: one(t, page(choice=ON_PROFORMA)),
    "add-on, as long as it gets": lambda t: one(
        t, page(wordy(5, kind=ProductKind.ADDON, fits=("start",)), AddOnChoice(LONG))
    ),
    "billing cycles": lambda t: cycles(t, page()),
    "billing cycles for a service": lambda t: cycles(t, page(choice=AddOnChoice(service()))),
    "services, one": lambda t: pick(t, picker(AddOnChoice(service()), HAS_IT)),
    "services, many, long names": lambda t: pick(t, picker(*fitting(20, LONG)), 1),
    "services, none fits": lambda t: pick(
        t, picker(NO_FIT, HAS_IT, SUSPENDED, IN_CART, ON_PROFORMA)
    ),
    "services, none of many fits": lambda t: pick(
        t, picker(*[replace(HAS_IT, service=LONG)] * 30)
    ),
    "services, none at all": lambda t: pick(t, picker()),
}
