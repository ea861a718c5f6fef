"""Samples of the services list, a service's page and the questions about it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from billing.rules.allowed import EVERYTHING, NOTHING
from billing.rules.cycles import BillingCycle
from billing.rules.money import PartialSum
from billing.rules.services.service import Service, ServiceStatus, SuspendedFor
from billing.rules.shop.quotes import Taxation
from billing.rules.shop.renewals import Refusal, Renewability
from billing.views.services import (
    Cancellation,
    CancellationStatus,
    CancelWhen,
    DueRenewals,
    InvoiceRef,
    ListedService,
    Offer,
    ServiceFilter,
    ServiceList,
    ServicePage,
    Sort,
)
from handlers.buttons import OpenService
from handlers.chat.screens.origin import Origin
from handlers.chat.screens.screen import Screen
from handlers.services import addon_list, changes, filters, page, screens
from handlers.services.offer_page import offer_page
from locales.translator import Translator
from tests import make
from tests.make import TODAY

LONG = "Żółta <Łódź> & " * 12
PLACE = OpenService(1)
EVERY = tuple(ServiceStatus)


def in_days(days: int) -> date:
    """A date so many days from today."""
    return TODAY + timedelta(days=days)


def of_status(number: int, status: ServiceStatus, **changes: Any) -> Service:
    """A service in a status, due as far away as its number says."""
    given: dict[str, Any] = {
        "id": number,
        "status": status,
        "domain": f"strona-{number}.example",
        "next_due_date": in_days(number * 9 - 20),
    }
    return make.service(**(given | changes))


def listed(*given: Service | ListedService, **changes: Any) -> ServiceList:
    """A page of the list with these services on it, and as many in all."""
    counts: dict[ServiceStatus, int] = {}
    rows = [one if isinstance(one, ListedService) else ListedService(one) for one in given]
    for service in (row.service for row in rows):
        counts[service.status] = counts.get(service.status, 0) + 1
    made = ServiceList(
        service_filter=ServiceFilter(),
        services=tuple(rows[:5]),
        counts=counts,
        count=len(rows),
        page_size=5,
        today=TODAY,
        soon_days=14,
        taxation=make.VAT,
        allowed=EVERYTHING,
    )
    return replace(made, **changes)


def shown(owned: Service | None = None, *addons: Service, **changes: Any) -> ServicePage:
    """The page of a service that can be renewed."""
    made = ServicePage(
        service=owned or make.service(),
        parent=None,
        addons=addons,
        renewability=Renewability(),
        in_cart=False,
        today=TODAY,
        soon_days=14,
        taxation=make.VAT,
        can_order_addons=True,
        allowed=EVERYTHING,
        panel_url="https://panel.example.org/services/S-1",
        contact_url="https://example.org/contact",
    )
    return replace(made, **changes)


def suspended(reason: SuspendedFor) -> Service:
    """A service suspended for a reason, overdue."""
    return make.service(
        status=ServiceStatus.SUSPENDED, suspended_for=reason, next_due_date=in_days(-20)
    )


def cancellation(**changes: Any) -> Cancellation:
    """A request to cancel at the end of the period."""
    made = Cancellation(
        id=1,
        service_id=1,
        client_id=1,
        when=CancelWhen.PERIOD_END,
        reason="Zmieniam dostawcę",
        status=CancellationStatus.REQUESTED,
        requested_at=make.NOW,
        effective_on=in_days(12),
    )
    return replace(made, **changes)


def refused(refusal: Refusal, owned: Service | None = None, **changes: Any) -> ServicePage:
    """The page of a service that cannot be renewed."""
    return shown(
        owned, renewability=Renewability(refusal, changes.pop("opens_on", None)), **changes
    )


MIXED = tuple(of_status(n, status) for n, status in enumerate(EVERY, start=1))
OVERDUE = make.service(id=8, next_due_date=in_days(-2), label="Sklep", domain="sklep.example")
LONG_ONES = tuple(
    make.service(
        id=10_000_000 + n, name=LONG, label=LONG, domain=f"{'bardzo-' * 30}{n}.example",
        amount=make.money("123456789.99"), next_due_date=in_days(-400),
    )
    for n in range(8)
)  # fmt: skip
ADDONS = tuple(
    make.owned_addon(id=n, name=f"Dodatek {n}", next_due_date=in_days(n * 5 - 8))
    for n in range(2, 6)
)
LONG_ADDONS = tuple(
    make.owned_addon(id=n, name=LONG, amount=make.money("123456789.99")) for n in range(2, 32)
)
FREE = make.service(
    cycle=BillingCycle.FREE,
    amount=make.money("0"),
    first_amount=make.money("0"),
    next_due_date=None,
)
GIFT = replace(FREE, cycle=BillingCycle.ANNUALLY, next_due_date=in_days(12))
YEARLY_ADDON = make.owned_addon(cycle=BillingCycle.ANNUALLY, amount=make.money("77.00"))
ONCE = make.service(
    cycle=BillingCycle.ONE_TIME, next_due_date=None, status=ServiceStatus.COMPLETED
)
DUE = DueRenewals(2, PartialSum(make.money("128.00")))


def beside_panel(**changes: Any) -> ServicePage:
    """A service of a panel that can end it now only, and for good."""
    at_once = frozenset({CancelWhen.NOW})
    return replace(
        refused(Refusal.CANCELLATION_OPEN), ended_by_panel=at_once, final=at_once, **changes
    )


AGREED = cancellation(status=CancellationStatus.ACCEPTED)

OVER = (
    ServiceStatus.PENDING,
    ServiceStatus.TERMINATED,
    ServiceStatus.CANCELLED,
    ServiceStatus.FRAUD,
)


def over(status: ServiceStatus) -> Callable[[Translator], Screen]:
    """The page of a service that does not run."""
    found = refused(
        Refusal(str(status)), of_status(1, status), can_order_addons=False, panel_url=None
    )
    return lambda t: page.service(t, found, PLACE)


SAMPLES: dict[str, Callable[[Translator], Screen]] = {
    "list": lambda t: screens.services(t, listed(*MIXED, OVERDUE)),
    "list, with a banner": lambda t: screens.services(
        t,
        listed(
            *MIXED,
            banner=make.banner(ends=in_days(20), picture="https://example.org/spring.png"),
            banner_product=make.product(),
        ),
    ),
    "list, banner with a link": lambda t: screens.services(
        t, listed(*MIXED, banner=make.banner(url="https://example.org/offer"))
    ),
    "list, living": lambda t: screens.services(t, listed(*MIXED, OVERDUE, due=DUE)),
    "list, all": lambda t: screens.services(
        t, listed(*MIXED, service_filter=ServiceFilter(every=True))
    ),
    "list, due at a price not known yet": lambda t: screens.services(
        t, listed(OVERDUE, due=DueRenewals(2, PartialSum(make.money("0"), 2)))
    ),
    "list, ending": lambda t: screens.services(
        t,
        listed(
            ListedService(make.service(), is_ending=True, ends_on=in_days(12)),
            ListedService(make.service(id=2, domain="b.example"), is_ending=True),
            ListedService(make.service(id=3, domain="c.example"), is_asked_to_end=True),
        ),
    ),
    "list, equal names": lambda t: screens.services(
        t, listed(*(make.service(id=number) for number in range(1, 4)))
    ),
    "list, buttons open menus": lambda t: screens.menus(t, listed(*MIXED, OVERDUE)),
    "list, long names, buttons open menus": lambda t: screens.menus(
        t, listed(*LONG_ONES, service_filter=ServiceFilter(search=LONG))
    ),
    "offer, with a picture": lambda t: offer_page(
        t,
        Offer(
            make.banner(ends=in_days(20), picture="https://example.org/spring.png"),
            make.product(),
        ),
    ),
    "offer, long, not for this client": lambda t: offer_page(
        t, Offer(make.banner(text={"pl": LONG * 20}, ends=TODAY, picture="https://x.example/a"))
    ),
    "list, one": lambda t: screens.services(t, listed(make.service())),
    "list, none": lambda t: screens.services(t, listed()),
    "list, nothing allowed": lambda t: screens.services(
        t, listed(*MIXED, banner=make.banner(), allowed=NOTHING)
    ),
    "list, none and nothing allowed": lambda t: screens.services(t, listed(allowed=NOTHING)),
    "list, second page": lambda t: screens.services(
        t,
        listed(
            *MIXED,
            OVERDUE,
            service_filter=ServiceFilter(page=1, every=True),
            services=(ListedService(OVERDUE),),
        ),
    ),
    "list, of one status": lambda t: screens.services(
        t,
        listed(
            OVERDUE, service_filter=ServiceFilter(status=ServiceStatus.ACTIVE, sort=Sort.PRICE)
        ),
    ),
    "list, none of a status": lambda t: screens.services(
        t, listed(service_filter=ServiceFilter(status=ServiceStatus.FRAUD))
    ),
    "list, searched": lambda t: screens.services(
        t, listed(OVERDUE, service_filter=ServiceFilter(search="sklep"))
    ),
    "list, nothing found": lambda t: screens.services(
        t, listed(service_filter=ServiceFilter(search=LONG))
    ),
    "list, without tax": lambda t: screens.services(
        t, listed(*MIXED, taxation=Taxation(0, included=False))
    ),
    "list, long names": lambda t: screens.services(
        t,
        listed(
            *LONG_ONES,
            count=10_000,
            service_filter=ServiceFilter(page=900, search=LONG),
            banner=make.banner(text={"pl": LONG * 20}, ends=TODAY),
            banner_product=make.addon(name={"pl": LONG}),
        ),
    ),
    "list, long names and a banner": lambda t: screens.services(
        t,
        listed(
            *LONG_ONES,
            count=10_000,
            service_filter=ServiceFilter(page=900),
            banner=make.banner(text={"pl": LONG * 20}, ends=TODAY),
            banner_product=make.addon(name={"pl": LONG}),
        ),
    ),
    "filter": lambda t: filters.statuses(
        t, listed(*MIXED, OVERDUE, service_filter=ServiceFilter(status=ServiceStatus.ACTIVE))
    ),
    "order": lambda t: filters.sorts(t, Sort.NAME),
    "page": lambda t: page.service(t, shown(None, *ADDONS), PLACE),
    "page, overdue and suspended": lambda t: page.service(
        t, shown(suspended(SuspendedFor.NON_PAYMENT)), PLACE
    ),
    "page, suspended for abuse": lambda t: page.service(
        t, refused(Refusal.SUSPENDED, suspended(SuspendedFor.ABUSE)), PLACE
    ),
    "page, suspended otherwise": lambda t: page.service(
        t, refused(Refusal.SUSPENDED, suspended(SuspendedFor.OTHER)), PLACE
    ),
    "page, renamed and in the cart": lambda t: page.service(
        t, shown(make.service(label="Mój sklep"), in_cart=True), PLACE
    ),
    "page, on a proforma": lambda t: page.service(
        t, shown(invoice=InvoiceRef(3, "PRO-2026-03-0001", make.money("35.67"))), PLACE
    ),
    "page, not open yet": lambda t: page.service(
        t, refused(Refusal.NOT_OPEN_YET, opens_on=in_days(40)), PLACE
    ),
    "page, cancellation asked for": lambda t: page.service(
        t, refused(Refusal.CANCELLATION_OPEN, cancellation=cancellation()), PLACE
    ),
    "page, nothing allowed": lambda t: page.service(
        t, shown(None, *ADDONS, allowed=NOTHING), PLACE
    ),
    "page, cancelling and nothing allowed": lambda t: page.service(
        t,
        refused(Refusal.CANCELLATION_STANDS, cancellation=cancellation(), allowed=NOTHING),
        PLACE,
    ),
    "menu of actions, nothing allowed": lambda t: page.menu(t, shown(allowed=NOTHING)),
    "page, cancellation now": lambda t: page.service(
        t,
        refused(
            Refusal.CANCELLATION_OPEN,
            cancellation=cancellation(when=CancelWhen.NOW, effective_on=TODAY),
        ),
        PLACE,
    ),
    "page, cancellation accepted": lambda t: page.service(
        t, refused(Refusal.CANCELLATION_OPEN, cancellation=AGREED), PLACE
    ),
    "page, ending on a day not known yet": lambda t: page.service(
        t,
        refused(
            Refusal.CANCELLATION_OPEN,
            cancellation=cancellation(status=CancellationStatus.ACCEPTED, effective_on=None),
        ),
        PLACE,
    ),
    "page, add-on": lambda t: page.service(
        t,
        shown(make.owned_addon(), parent=make.service(), can_order_addons=False),
        OpenService(2, Origin.SERVICES, inside=True),
    ),
    "page, add-on from the renewals": lambda t: page.service(
        t,
        refused(Refusal.PARENT, make.owned_addon(), parent=make.service(), can_order_addons=False),
        OpenService(2, Origin.RENEWALS),
    ),
    "page, add-on of a service that leaves": lambda t: page.service(
        t,
        refused(Refusal.PARENT_CANCELLATION, make.owned_addon(), parent=make.service()),
        OpenService(2, Origin.SERVICES, inside=True),
    ),
    "page, free": lambda t: page.service(t, refused(Refusal.FREE, FREE), PLACE),
    "page, recurring at nothing": lambda t: page.service(t, refused(Refusal.FREE, GIFT), PLACE),
    "page, add-on that its service will not outlast": lambda t: page.service(
        t,
        refused(Refusal.PARENT_ENDS, make.owned_addon(), parent=make.service()),
        OpenService(2, Origin.SERVICES, inside=True),
    ),
    "page, add-on for a shorter cycle": lambda t: page.service(
        t,
        shown(YEARLY_ADDON, parent=make.service(), renewal=make.quote(service_id=2)),
        OpenService(2, Origin.SERVICES, inside=True),
    ),
    "page, paid once": lambda t: page.service(t, refused(Refusal.COMPLETED, ONCE), PLACE),
    **{f"page, {status}": over(status) for status in OVER},
    "page, long names": lambda t: page.service(
        t, shown(replace(LONG_ONES[0], id=1), *LONG_ADDONS), OpenService(1, Origin.RENEWALS)
    ),
    "all add-ons": lambda t: addon_list.addon_list(
        t, shown(replace(LONG_ONES[0], id=1), *LONG_ADDONS), Origin.SERVICES, 3
    ),
    "menu of actions": lambda t: page.menu(t, shown()),
    "menu of actions, cancelling": lambda t: page.menu(
        t, refused(Refusal.CANCELLATION_OPEN, cancellation=cancellation())
    ),
    "rename": lambda t: changes.ask_name(t, PLACE),
    "name reset": lambda t: changes.name_reset(t, PLACE),
    "cancel: when": lambda t: changes.ask_when(t, shown(None, *ADDONS), PLACE),
    "cancel: when, overdue": lambda t: changes.ask_when(t, shown(OVERDUE), PLACE),
    "cancel: why": lambda t: changes.ask_reason(t, 7, PLACE),
    "cancel: sure, at the end": lambda t: changes.confirm(
        t, shown(None, *ADDONS), CancelWhen.PERIOD_END, LONG * 4, draft=7, place=PLACE
    ),
    "cancel: sure, with the company's text": lambda t: changes.confirm(
        t,
        replace(shown(None, *ADDONS * 5), about_cancelling={"en": "<30 days> & gone. " * 50}),
        CancelWhen.PERIOD_END,
        LONG * 4,
        draft=7,
        place=PLACE,
    ),
    "cancel: sure, now": lambda t: changes.confirm(
        t, shown(), CancelWhen.NOW, "", draft=7, place=PLACE
    ),
    "cancel: when, the panel ends it": lambda t: changes.ask_when(t, beside_panel(), PLACE),
    "cancel: when, the panel and overdue": lambda t: changes.ask_when(
        t, beside_panel(service=OVERDUE), PLACE
    ),
    "cancel: sure, the panel ends it now": lambda t: changes.confirm(
        t, beside_panel(), CancelWhen.NOW, "", draft=7, place=PLACE
    ),
    "cancel: sure, a task for staff": lambda t: changes.confirm(
        t, beside_panel(), CancelWhen.PERIOD_END, "", draft=7, place=PLACE
    ),
    "cancel: the panel ends it": lambda t: changes.cancellation_requested(
        t, cancellation(when=CancelWhen.NOW, effective_on=TODAY), PLACE, at_once=True
    ),
    "page, the panel is ending it": lambda t: page.service(
        t, beside_panel(cancellation=cancellation(when=CancelWhen.NOW, effective_on=TODAY)), PLACE
    ),
    "page, ending is a task for staff": lambda t: page.service(
        t, beside_panel(cancellation=cancellation()), PLACE
    ),
    "cancel: asked for": lambda t: changes.cancellation_requested(t, cancellation(), PLACE),
    "cancel: asked for now": lambda t: changes.cancellation_requested(
        t, cancellation(when=CancelWhen.NOW, effective_on=TODAY), PLACE
    ),
    "cancel: withdrawn": lambda t: changes.cancellation_withdrawn(
        t, there_was_one=True, place=PLACE
    ),
    "cancel: nothing to withdraw": lambda t: changes.cancellation_withdrawn(
        t, there_was_one=False, place=PLACE
    ),
}
