"""Samples of new orders."""

from collections.abc import Callable
from dataclasses import replace

from billing.actions.shop.catalogue import make_offer
from billing.rules.cycles import NAMED_CYCLES, BillingCycle
from billing.rules.shop.catalog import Catalog, Group, NameKind, Product, ProductKind
from billing.rules.shop.quotes import Taxation
from billing.views.shop import ProductPage, Shelf, Shop
from handlers.buttons import OpenExtra, OpenGroup, OpenOrder, OpenProduct
from handlers.chat.screens.screen import Screen
from handlers.orders import extras, screens
from handlers.orders.draft import Order
from locales.translator import Translator
from tests.gallery.renewals import LONG_DOMAIN
from tests.make import VAT, addon, catalog, price, prices, product

NO_TAX = Taxation(0, included=False)
LONGEST_NAME = "Hosting Premium Business Unlimited Professional Extra <2026>"
"""Sixty characters, which is what the data folder allows."""

LONG_TEXT = "Dysk & pamięć <bez limitu>, kopie zapasowe co godzinę. " * 60
MONTHLY, ANNUALLY = BillingCycle.MONTHLY, BillingCycle.ANNUALLY

SETUP = product(
    "vps",
    number=7,
    name={"en": "VPS", "pl": "VPS"},
    description={"en": "A server of your own.", "pl": "Własny serwer."},
    features={"en": ("4 cores", "8 GB"), "pl": ("4 rdzenie", "8 GB")},
    prices=(price("69.00", setup="49.00"), price("690.00", ANNUALLY)),
)
FREE = product(
    "dns",
    number=8,
    name={"en": "Parking", "pl": "Parking"},
    prices=(price("0", BillingCycle.FREE),),
    asks_for=NameKind.DOMAIN,
)
DOMAIN = replace(FREE, id="domain", domain_endings=("pl", "com.pl"))
ENDINGS = tuple(f"{'długa' * 10}{n}.pl" for n in range(60))
MANY_ENDINGS = replace(FREE, id="domain", domain_endings=ENDINGS)
ONCE = product(
    "move",
    number=9,
    name={"en": "Site migration", "pl": "Przeniesienie strony"},
    prices=(price("149.00", BillingCycle.ONE_TIME),),
)
BACKUP = addon("backup", number=3, prices=(price("5.00"),), fits=("start", "vps"))
SSL = addon(fits=("start", "vps"), description={"en": "A certificate.", "pl": "Certyfikat."})


def wordy(number: int, **changes: object) -> Product:
    """Names, descriptions and lists of features as long as they come, in every cycle."""
    made = replace(
        product(f"long{number}"),
        number=number,
        name={"en": LONGEST_NAME},
        description={"en": LONG_TEXT},
        features={"en": (LONG_TEXT[:200],) * 30},
        prices=tuple(price("123456.78", cycle, setup="98765.43") for cycle in NAMED_CYCLES),
    )
    return replace(made, **changes)  # type: ignore[arg-type]  # a sample names what differs


def shop(*products: Product, taxation: Taxation = VAT, **changes: object) -> Shop:
    """What is offered: these products on their shelves, in PLN."""
    known = replace(catalog(*products), **changes)  # type: ignore[arg-type]
    return Shop(known, "PLN", tuple(_shelves(known, taxation)), False, taxation.rate)


def _shelves(known: Catalog, taxation: Taxation) -> list[Shelf]:
    found = []
    for number, group in enumerate(known.groups):
        mine = [make_offer(p, "PLN", taxation) for p in known.products if p.group == group.id]
        if mine:
            found.append(Shelf(group.id, number, tuple(mine)))
    return found


def page(chosen: Product, *addons: Product, taxation: Taxation = VAT) -> ProductPage:
    """One product, and add-ons that go with it."""
    return ProductPage(
        catalog(chosen, *addons),
        make_offer(chosen, "PLN", taxation),
        0,
        tuple(make_offer(addon, "PLN", taxation) for addon in addons),
        taxation.rate,
    )


def order(chosen: Product = SETUP, cycle: BillingCycle = MONTHLY, **changes: object) -> Order:
    """An order of a product that has its name."""
    made = Order(chosen.number, cycle, "sklep.example")
    return replace(made, **changes)  # type: ignore[arg-type]


def many_groups(count: int) -> Shop:
    """So many groups with long names and one product each."""
    groups = tuple(Group(f"g{n}", {"en": LONGEST_NAME}, {"en": LONG_TEXT}) for n in range(count))
    return shop(*(wordy(n, group=f"g{n}") for n in range(count)), groups=groups)


def many_products(count: int) -> Shop:
    """So many products in one group."""
    return shop(*(wordy(n) for n in range(1, count + 1)))


def many_addons(count: int) -> tuple[Product, ...]:
    """So many add-ons with long names."""
    return tuple(
        wordy(n, kind=ProductKind.ADDON, id=f"a{n}", fits=("vps",)) for n in range(1, count + 1)
    )


def groups(t: Translator, offered: Shop) -> Screen:
    return screens.groups(t, offered, OpenOrder())


def group(t: Translator, offered: Shop, shown: int = 0) -> Screen:
    return screens.group(t, offered, offered.shelves[0], OpenGroup(0, shown))


def one(t: Translator, found: ProductPage) -> Screen:
    return screens.product(t, found, OpenProduct(found.offer.product.number, listed=True))


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "groups": lambda t: groups(t, shop(product(), addon(kind=ProductKind.PRODUCT))),
    "groups, nothing on offer": lambda t: groups(t, shop(product(group="unknown"))),
    "groups, many with long names": lambda t: groups(t, many_groups(20)),
    "group": lambda t: group(t, shop(product(), SETUP, FREE, ONCE)),
    "group, one product, no tax": lambda t: group(t, shop(product(), taxation=NO_TAX)),
    "group, many pages, long names": lambda t: group(t, many_products(20), 1),
    "product": lambda t: one(t, page(product(prices=prices()), SSL, BACKUP)),
    "product with a setup fee": lambda t: one(t, page(SETUP, SSL)),
    "product, free": lambda t: one(t, page(FREE)),
    "product, one-time": lambda t: one(t, page(ONCE)),
    "product, as long as it gets": lambda t: one(t, page(wordy(1), SSL)),
    "name, domain": lambda t: screens.ask_name(
        t, page(FREE), order(FREE, BillingCycle.FREE, name=""), 9
    ),
    "name, domain with one ending": lambda t: screens.ask_name(
        t,
        page(replace(DOMAIN, domain_endings=("com.pl",))),
        order(DOMAIN, BillingCycle.FREE, name=""),
        9,
    ),
    "name, domain with many endings": lambda t: screens.ask_name(
        t, page(MANY_ENDINGS), order(MANY_ENDINGS, BillingCycle.FREE, name=LONG_DOMAIN), 2**62
    ),
    "ending": lambda t: screens.ask_ending(
        t, page(DOMAIN), order(DOMAIN, name="", choices=("kwiaty.pl", "kwiaty.com.pl")), 9
    ),
    "ending, many": lambda t: screens.ask_ending(
        t,
        page(MANY_ENDINGS),
        order(MANY_ENDINGS, choices=tuple(f"{'x' * 60}.{ending}" for ending in ENDINGS)),
        2**62,
    ),
    "name, label": lambda t: screens.ask_name(t, page(SETUP), order(name=""), 9),
    "name, once more": lambda t: screens.ask_name(t, page(SETUP), order(name=LONG_DOMAIN), 9),
    "name, on a proforma already": lambda t: screens.ask_name(
        t, page(FREE), order(FREE, BillingCycle.FREE, name=""), 9, 5
    ),
    "order": lambda t: extras.extras(t, page(SETUP, SSL, BACKUP), order(), 9),
    "order with add-ons": lambda t: extras.extras(
        t, page(SETUP, SSL, BACKUP), order(addons=((2, ANNUALLY), (3, MONTHLY))), 9
    ),
    "order without add-ons to choose": lambda t: extras.extras(t, page(SETUP), order(), 9),
    "order, free": lambda t: extras.extras(t, page(FREE), order(FREE, BillingCycle.FREE), 9),
    "order, many add-ons, long names": lambda t: extras.extras(
        t,
        page(wordy(50), *many_addons(20)),
        order(wordy(50), name=LONG_DOMAIN, addons=tuple((n, ANNUALLY) for n in range(1, 21))),
        2**62,
        1,
    ),
    "order, an add-on's cycles": lambda t: extras.one_extra(
        t, page(SETUP, SSL), make_offer(SSL, "PLN", VAT), order(), OpenExtra(9, 2)
    ),
    "order, the chosen cycle": lambda t: extras.one_extra(
        t,
        page(SETUP, SSL),
        make_offer(SSL, "PLN", VAT),
        order(addons=((2, ANNUALLY),)),
        OpenExtra(9, 2),
    ),
}
