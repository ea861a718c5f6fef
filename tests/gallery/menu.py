"""Samples of the greeting, the visitor's screen and the public catalogue."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from billing.actions.shop.catalogue import make_offer
from billing.rules.allowed import CLOSED, EVERYTHING, NOTHING
from billing.rules.cycles import NAMED_CYCLES, BillingCycle
from billing.rules.shop.catalog import Group, Product, ProductKind
from billing.views.account import ClientInfo
from billing.views.home import DuePayment, Home, LeftToPay
from billing.views.shop import Shelf, Shop
from handlers.buttons import OpenOrder
from handlers.chat.screens.screen import Screen
from handlers.menu import catalogue, screens
from locales.translator import Translator
from tests import make

CLIENT = ClientInfo(
    id=1, ref="C-1001", name="Anna Nowak", language="pl", timezone="Europe/Warsaw",
    currency="PLN", tax_rate=None, credit=make.money("60.00"), rights=EVERYTHING,
)  # fmt: skip
LONG = "Przedsiębiorstwo Wielobranżowe Żółć & Synowie <spółka z o.o.> " * 4
COMPANY = make.company(signup_url="https://example.org/join")


def home(
    company: str = "Przykładowy Hosting",
    cart_lines: int = 0,
    left: LeftToPay | None = None,
    payments: tuple[DuePayment, ...] = (),
) -> Home:
    """A greeting with these figures."""
    return Home(
        make.company(name=company),
        left or LeftToPay(),
        14,
        cart_lines,
        EVERYTHING,
        make.TODAY,
        payments,
    )


def payment(
    days: int,
    *,
    name: str = "Hosting Obłok",
    domain: str = "żółw.example",
    gross: str | None = "42.00",
    can_pay: bool = True,
    on_proforma: bool = False,
) -> DuePayment:
    """Something that is due in so many days, or was."""
    due = make.TODAY + timedelta(days=days)
    return DuePayment(
        make.service(name=name, domain=domain, next_due_date=due), None, due,
        make.money(gross) if gross else None, can_pay=can_pay, on_proforma=on_proforma,
    )  # fmt: skip


def proformas(number: int) -> LeftToPay:
    """So many proformas to pay, of 101.00 together."""
    return LeftToPay(number, make.money("101.00"), 7)


def shop(*products: Product, groups: tuple[Group, ...] | None = None) -> Shop:
    """What a visitor is offered: these products, each on its group's shelf."""
    made = make.catalog(*products)
    if groups is not None:
        made = make.catalog(*products, groups=groups)
    shelves = tuple(
        Shelf(group.id, number, offers)
        for number, group in enumerate(made.groups)
        if (
            offers := tuple(
                make_offer(p, "PLN", make.VAT) for p in made.products if p.group == group.id
            )
        )
    )
    return Shop(made, "PLN", shelves, prices_include_tax=False, tax_rate=make.VAT.rate)


def long_product(number: int) -> Product:
    """Everything about it is as long as it can be."""
    cycles = [cycle for cycle in NAMED_CYCLES if cycle != BillingCycle.FREE]
    return make.product(
        f"p{number}",
        number=number,
        name={"pl": LONG},
        description={"pl": LONG * 5},
        features={"pl": tuple(LONG for _ in range(20))},
        prices=tuple(make.price("12345678.90", cycle, setup="1234.50") for cycle in cycles),
    )


MANY_GROUPS = tuple(Group(f"g{n}", {"pl": f"{LONG}{n}"}, {"pl": LONG * 3}) for n in range(20))
PRODUCT = ProductKind.PRODUCT

SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "home": lambda t: screens.home(t, CLIENT, home()),
    "home, much to do": lambda t: screens.home(
        t,
        CLIENT,
        home(
            cart_lines=3,
            left=proformas(1),
            payments=(
                payment(-20),
                payment(-3, name="Domena .pl", domain="żółw.pl", gross="86.00"),
                payment(-1, name="Dodatkowy adres IP", can_pay=False, on_proforma=True),
                *(payment(days) for days in range(1, 6)),
            ),
        ),
    ),
    "home, several proformas": lambda t: screens.home(t, CLIENT, home(left=proformas(12))),
    "home, due soon": lambda t: screens.home(
        t,
        CLIENT,
        home(payments=(payment(3), payment(9, gross=None))),
    ),
    "home, due with long names": lambda t: screens.home(
        t,
        replace(CLIENT, name=LONG),
        home(
            LONG,
            payments=tuple(payment(-n, name=LONG, domain=LONG) for n in range(1, 4)),
        ),
    ),
    "home, long names": lambda t: screens.home(t, replace(CLIENT, name=LONG), home(LONG)),
    "home, account closed": lambda t: screens.home(
        t, replace(CLIENT, is_closed=True), replace(home(), allowed=CLOSED)
    ),
    "home, nothing allowed": lambda t: screens.home(t, CLIENT, replace(home(), allowed=NOTHING)),
    "welcome, nothing allowed": lambda t: screens.welcome(t, COMPANY, NOTHING),
    "late": lambda t: screens.late(t, OpenOrder()),
    "welcome": lambda t: screens.welcome(t, COMPANY, EVERYTHING),
    "welcome, by e-mail": lambda t: screens.welcome(t, COMPANY, EVERYTHING, by_email=True),
    "welcome, little said": lambda t: screens.welcome(t, make.company(about={}), EVERYTHING),
    "welcome, long texts": lambda t: screens.welcome(
        t,
        make.company(name=LONG, about={"pl": LONG * 20}, signup_url="https://example.org/join"),
        EVERYTHING,
    ),
    "catalogue": lambda t: catalogue.catalogue(t, shop(), PRODUCT),
    "catalogue, add-ons": lambda t: catalogue.catalogue(t, shop(), ProductKind.ADDON),
    "catalogue, nothing": lambda t: catalogue.catalogue(
        t, shop(make.product(prices=(), group="none")), PRODUCT
    ),
    "catalogue, many long groups": lambda t: catalogue.catalogue(
        t,
        shop(
            *(make.product(f"p{n}", number=n, group=f"g{n}") for n in range(20)),
            groups=MANY_GROUPS,
        ),
        PRODUCT,
        page=1,
    ),
    "shelf": lambda t: catalogue.shelf(t, shop(), PRODUCT, 0),
    "shelf, free and once": lambda t: catalogue.shelf(
        t,
        shop(
            make.product(prices=(make.price("0", BillingCycle.FREE),)),
            make.product("move", number=5, prices=(make.price("149", BillingCycle.ONE_TIME),)),
        ),
        PRODUCT,
        0,
    ),
    "shelf, long texts": lambda t: catalogue.shelf(
        t, shop(*(long_product(n) for n in range(1, 12))), PRODUCT, 0, page=1
    ),
}
