"""Samples of reminders, and of what one does with them."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from typing import Any

from billing.actions.reminders.digest import draw_digest
from billing.actions.reminders.digest_items import DigestInputs
from billing.ports.reminders.digests import DigestEntry, Proforma, Reader
from billing.rules.allowed import EVERYTHING
from billing.rules.cycles import BillingCycle
from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.reminders.preferences import Pause
from billing.rules.reminders.stages import ReminderItem
from billing.rules.services.service import Service, ServiceStatus
from billing.rules.shop.cart import Cart
from billing.views.account import ClientInfo, Visitor
from billing.views.reminders.digests import Digest
from billing.views.services import InvoiceRef, OwnedService
from handlers.chat.screens.screen import Screen
from handlers.reminders import screens, snooze_screens
from locales.translator import Translator
from tests.make import (
    NOW,
    TODAY,
    banner,
    cart,
    money,
    owned_addon,
    pricing,
    product,
    renewal_line,
    service,
)

LONG_NAME = "Hosting Premium Business Unlimited Professional Extra <2026> & Co. " * 2
LONG_DOMAIN = f"{'bardzo-dluga-nazwa-' * 6}.example"

CLIENT = ClientInfo(
    id=1, ref="C-1", name="Anna Nowak", language="pl", timezone="Europe/Warsaw",
    currency="PLN", tax_rate=None, credit=money("0"), rights=EVERYTHING,
)  # fmt: skip
AGENCY = replace(CLIENT, id=2, ref="C-2", name="Agencja Kowalski & Wspólnicy <Sp. z o.o.>")
ANNA = Visitor(1001, CLIENT, linked=1)


def due(days: int, **changes: Any) -> Service:
    """A service that is due in so many days."""
    return service(**({"next_due_date": TODAY + timedelta(days=days)} | changes))


def digest(
    *owned: Service,
    in_cart: Cart | None = None,
    on_invoice: dict[int, InvoiceRef] | None = None,
    planned_for: date | None = None,
    cancelling: Sequence[int] = (),
    visitor: Visitor = ANNA,
    pauses: dict[int, Pause] | None = None,
    proformas: Sequence[Proforma] = (),
) -> Digest:
    """The reminder of these services, as redrawn."""
    on_invoice, pauses = on_invoice or {}, pauses or {}
    known = replace(
        pricing(*owned),
        on_invoice={number: ref.id for number, ref in on_invoice.items()},
        cancelling=frozenset(cancelling),
    )
    planned = tuple(
        DigestEntry(
            7, of.id,
            ReminderItem(CLIENT.id, planned_for or of.next_due_date or TODAY, "0", of.id),
            owned_service=OwnedService(of, of.id in cancelling, on_invoice.get(of.id)),
            pause=pauses.get(of.id),
        )
        for of in owned
    ) + tuple(
        DigestEntry(
            7, 1000 + one.id, ReminderItem(CLIENT.id, one.expires_on, "3", invoice_id=one.id),
            proforma=one,
        )
        for one in proformas
    )  # fmt: skip
    inputs = DigestInputs(planned, known, in_cart or cart(), on_invoice)
    acts_for = visitor.client.id if visitor.client else None
    reader = Reader(visitor.user_id, CLIENT, visitor.language, visitor.timezone, acts_for)
    made = draw_digest(7, reader, inputs, sent=True).digest
    assert made is not None
    return made


def mixed(**changes: Any) -> Digest:
    """Everything that can happen in one message."""
    refs = {4: InvoiceRef(5, "PRO-2026-0005", money("35.67"))}
    parts: dict[str, Any] = {
        "in_cart": cart(renewal_line(3)),
        "on_invoice": refs,
        "cancelling": [8],
    }
    return digest(
        due(-3, id=1, name="Hosting Start", domain="sklep.example"),
        due(-7, id=2, name="VPS S", domain="vps.example", status=ServiceStatus.SUSPENDED),
        due(0, id=3, name="Hosting Pro", domain="anna.example", amount=money("59.00")),
        due(1, id=4, name="Domena .pl", domain="anna-nowak.example", cycle=BillingCycle.ANNUALLY),
        owned_addon(id=6, parent_id=3, next_due_date=TODAY + timedelta(days=7)),
        due(14, id=8, name="Blog", domain="blog.example"),
        **(parts | changes),
    )


def many(count: int = 30) -> Digest:
    """More than fits one message, with names as long as they come."""
    named = {"name": LONG_NAME, "domain": LONG_DOMAIN}
    return digest(*(due(n - 5, id=n, **named) for n in range(1, count + 1)))


def longest() -> Digest:
    """All of the longest names, each muted, with proformas and the longest of offers."""
    whole = many()
    items = tuple(
        replace(one, pause=Pause(1001, one.service.id, None, None)) if one.days_left % 2 else one
        for one in whole.items
    )
    texts = {"en": "Long words. " * 100, "pl": "Długie słowa. " * 100}
    on_invoice = digest(due(3), proformas=[proforma(n) for n in range(9)])
    return replace(whole, items=items, proformas=on_invoice.proformas, offer=banner(text=texts))


def renewed(**changes: Any) -> Digest:
    """One whose only service was renewed since."""
    return digest(due(34), planned_for=TODAY + timedelta(days=3), **changes)


def elsewhere() -> Digest:
    """One about another account than the one the user acts for."""
    other = Visitor(1001, AGENCY, linked=2)
    return replace(digest(due(3), visitor=other), account=AGENCY.name)


def snoozed(days: int = 3) -> Digest:
    """One that is put off to a day."""
    owned = due(7), due(9, id=2, name="VPS S", domain="vps.example")
    until = TODAY + timedelta(days=days)
    return digest(*owned, pauses={
        of.id: Pause(1001, of.id, of.next_due_date, until, remind=True) for of in owned
    })  # fmt: skip


def quieter() -> Digest:
    """One of whose services each is heard of in another way."""
    owned = tuple(
        due(days, id=n, name=f"Hosting {n}", domain=f"strona-{n}.example")
        for n, days in enumerate((-1, 3, 7, 9), start=1)
    )
    return digest(*owned, pauses={
        2: Pause(1001, 2, owned[1].next_due_date, owned[1].next_due_date),
        3: Pause(1001, 3, None, None),
        4: Pause(1001, 4, owned[3].next_due_date, TODAY + timedelta(days=2), remind=True),
    })  # fmt: skip


def _quieting(number: int, t: Translator) -> Screen:
    what = quieter()
    return snooze_screens.quieting(t, what, what.items[number])


def proforma(number: int = 5, days: int = 3, **changes: Any) -> Proforma:
    """An unpaid proforma that expires in so many days."""
    made = Proforma(
        number, f"PRO-2026-{number:04}", InvoiceStatus.UNPAID, money("35.67"), money("35.67"),
        TODAY + timedelta(days=days),
    )  # fmt: skip
    return replace(made, **changes)


def with_offer(**changes: Any) -> Digest:
    """One as it is sent while there is an offer."""
    texts = {
        "en": "Business hosting: 20 % off in March.",
        "pl": "Hosting biznesowy: −20 % w marcu.",
    }
    ends = TODAY + timedelta(days=21)
    return replace(digest(due(3)), offer=banner(text=texts, ends=ends, **changes))


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "digest, one": lambda t: screens.digest(t, digest(due(3))),
    "digest, one overdue": lambda t: screens.digest(t, digest(due(-1))),
    "digest, one in the cart": lambda t: screens.digest(
        t, digest(due(3), in_cart=cart(renewal_line(1)))
    ),
    "digest, covered by credit": lambda t: screens.digest(
        t, replace(digest(due(3)), credit=money("300.00"))
    ),
    "digest, panel away": lambda t: screens.digest(
        t, replace(digest(due(3), due(9, id=2)), as_of=NOW, can_pay=False)
    ),
    "digest, everything": lambda t: screens.digest(t, mixed()),
    "digest, long": lambda t: screens.digest(t, many()),
    "digest, renewed": lambda t: screens.digest(t, renewed()),
    "digest, with an offer": lambda t: screens.digest(
        t, replace(with_offer(picture="https://host.example/spring.png"), offered=product())
    ),
    "digest, with a proforma": lambda t: screens.digest(
        t, digest(due(3), proformas=[proforma(), proforma(6, 1, status=InvoiceStatus.PAID)])
    ),
    "digest, put off": lambda t: screens.digest(t, snoozed()),
    "digest, quieter": lambda t: screens.digest(t, quieter()),
    "digest, as long as can be": lambda t: screens.digest(t, longest()),
    "not now": lambda t: snooze_screens.choices(t, digest(due(3))),
    "not now, quieter": lambda t: snooze_screens.choices(t, quieter()),
    "not now, many": lambda t: snooze_screens.choices(t, many()),
    "days": lambda t: snooze_screens.days(t, digest(due(3)), TODAY),
    "days of next month": lambda t: snooze_screens.days(
        t, digest(due(3)), TODAY + timedelta(days=30)
    ),
    "days of the last month": lambda t: snooze_screens.days(
        t, digest(due(3)), TODAY.replace(2030)
    ),
    **{
        f"quieting, {name}": partial(_quieting, number)
        for number, name in enumerate(("overdue", "muted", "never", "put off"))
    },
    "digest, of another account": lambda t: screens.digest(t, elsewhere()),
    "digest, in need": screens.short,
}
