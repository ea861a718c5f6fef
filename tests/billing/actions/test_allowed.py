"""What a panel or the rights of a link do not allow is refused by every action, for good."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import time

import pytest

from billing.actions.registry import Actions
from billing.rules.access.rights import Rights
from billing.rules.allowed import NOTHING, Allowed
from billing.rules.audit import Audited
from billing.rules.cycles import BillingCycle
from billing.rules.errors import CartChangedError, NotAllowedError
from billing.rules.services.service import ServiceStatus
from billing.rules.shop.catalog import ProductKind
from billing.rules.shop.quotes import Unavailable
from billing.views.account import ClientInfo
from billing.views.services import CancelWhen, ServiceFilter
from tests.billing.actions.company import (
    BANK,
    PL,
    CompanyAtWork,
    Folder,
    catalogue,
    make_company,
)
from tests.billing.actions.reminders.reminding import open_days
from tests.make import STAFF, banner, catalog
from tests.panels import limited
from tests.storage.company import service_row

MONTHLY = BillingCycle.MONTHLY
NO_ORDER = Allowed(order=False)
NO_CANCEL = Allowed(cancel=False)
NO_RENAME = Allowed(rename=False)


@dataclass(frozen=True, slots=True)
class Try:
    """Everything an attempt needs."""

    company: CompanyAtWork
    actions: Actions
    client: ClientInfo
    service: int


Attempt = Callable[[Try], Awaitable[object]]

ORDERS: Mapping[str, Attempt] = {
    "show the products": lambda t: t.actions.show_shop(t.client, ProductKind.PRODUCT),
    "show the add-ons": lambda t: t.actions.show_shop(t.client, ProductKind.ADDON),
    "show a product": lambda t: t.actions.show_product(t.client, t.company.number("vps")),
    "show an add-on": lambda t: t.actions.show_addon(t.client, PL, t.company.number("ip")),
    "show a service's add-ons": lambda t: t.actions.show_service_addons(t.client, PL, t.service),
    "find services for an add-on": lambda t: t.actions.find_fitting_services(
        t.client, PL, t.company.number("ip"), MONTHLY
    ),
    "check a name": lambda t: t.actions.check_name(t.client, t.company.number("vps"), "mine"),
    "add a product": lambda t: t.actions.add_product(
        t.client, PL, product_number=t.company.number("vps"), cycle=MONTHLY, name="mine"
    ),
    "add an add-on": lambda t: t.actions.add_addon(
        t.client, PL, product_number=t.company.number("ip"), cycle=MONTHLY, service_id=t.service
    ),
}
CANCELLATIONS: Mapping[str, Attempt] = {
    "request a cancellation": lambda t: t.actions.request_cancellation(
        t.client, t.service, when=CancelWhen.NOW, reason=""
    ),
    "withdraw a cancellation": lambda t: t.actions.withdraw_cancellation(t.client, t.service),
}
NAMES: Mapping[str, Attempt] = {
    "rename": lambda t: t.actions.rename_service(t.client, t.service, "Other"),
    "reset the name": lambda t: t.actions.rename_service(t.client, t.service, ""),
}
PAYMENTS: Mapping[str, Attempt] = {
    "list renewals": lambda t: t.actions.list_renewals(t.client, PL),
    "add a renewal": lambda t: t.actions.add_renewal(t.client, PL, t.service),
    "add all": lambda t: t.actions.add_all_due_soon(t.client, PL),
    "remove a renewal": lambda t: t.actions.remove_renewal(t.client, PL, t.service),
    "renew from the page": lambda t: t.actions.renew_from_page(t.client, t.service, PL),
    "drop from the page": lambda t: t.actions.drop_from_page(t.client, t.service, PL),
    "show renewal cycles": lambda t: t.actions.show_renewal_cycles(t.client, PL, t.service),
    "show the cart": lambda t: t.actions.show_cart(t.client, PL),
    "show a line's cycles": lambda t: t.actions.show_line_cycles(t.client, PL, 1),
    "change a cycle": lambda t: t.actions.change_cycle(t.client, PL, 1, MONTHLY),
    "remove a line": lambda t: t.actions.remove_line(t.client, PL, 1),
    "empty the cart": lambda t: t.actions.empty_cart(t.client, PL),
    "review the checkout": lambda t: t.actions.review_checkout(t.client, PL),
    "place an order": lambda t: t.actions.place_order(
        t.client, PL, revision=1, seal=1, gateway_number=BANK
    ),
    "send an order": lambda t: t.actions.send_order(t.client, PL, revision=1, seal=1),
    "withdraw an order": lambda t: t.actions.withdraw_order(t.client, 1),
    "pay from the balance": lambda t: t.actions.pay_from_balance(t.client, invoice_id=1, seal=1),
    "pay a proforma": lambda t: t.actions.pay_invoice(t.client, invoice_id=1, gateway_number=BANK),
    "cancel a proforma": lambda t: t.actions.cancel_invoice(t.client, 1),
    "renew what lapsed": lambda t: t.actions.renew_lapsed(t.client, 1, PL),
}
REFUSED = [
    pytest.param(allowed, code, attempt, id=name)
    for allowed, code, attempts in (
        (NO_ORDER, "order_not_allowed", ORDERS),
        (NO_CANCEL, "cancel_not_allowed", CANCELLATIONS),
        (NO_RENAME, "rename_not_allowed", NAMES),
    )
    for name, attempt in attempts.items()
]


def under(company: CompanyAtWork, allowed: Allowed, *, sweeps: bool = True) -> CompanyAtWork:
    """The same company with a panel that allows only this."""
    panel = limited(allowed, sweeps=sweeps)
    return make_company(company.database, company.clock, panel=panel)


async def state(company: CompanyAtWork, client: ClientInfo, service: int) -> tuple[object, ...]:
    """All that these actions could change."""
    async with company.database.work.reading() as uow:
        cart = await uow.carts.get(client.id)
        family = await uow.services.family(client.id, service)
        request = await uow.cancellations.open_for(client.id, service)
    return cart, family, request, await company.outbox()


@pytest.mark.parametrize(("allowed", "code", "attempt"), REFUSED)
@pytest.mark.parametrize("by_rights", [False, True], ids=["panel", "rights"])
async def test_what_is_not_allowed_is_refused_and_changes_nothing(
    company: CompanyAtWork, allowed: Allowed, code: str, attempt: Attempt, *, by_rights: bool
) -> None:
    anna = await company.client()
    service = (await company.ids())["S1"]
    await company.actions.rename_service(anna, service, "Mine")
    await company.actions.request_cancellation(
        anna, service, when=CancelWhen.PERIOD_END, reason=""
    )
    before = await state(company, anna, service)
    actions = company.actions if by_rights else under(company, allowed).actions
    client = replace(anna, rights=allowed) if by_rights else anna
    with pytest.raises(NotAllowedError) as refused:
        await attempt(Try(company, actions, client, service))
    assert refused.value.code == code
    assert await state(company, anna, service) == before


@pytest.mark.parametrize(("allowed", "code", "attempt"), REFUSED)
async def test_one_thing_that_is_not_allowed_takes_nothing_else_away(
    company: CompanyAtWork, allowed: Allowed, code: str, attempt: Attempt
) -> None:
    others = Allowed(order=not allowed.order, cancel=not allowed.cancel, rename=not allowed.rename)
    actions = under(company, others).actions
    service = (await company.ids())["S1"]
    assert code
    await attempt(Try(company, actions, await company.client(), service))


@pytest.mark.parametrize("name", [*ORDERS, *CANCELLATIONS, *NAMES, *PAYMENTS])
async def test_who_may_only_look_is_refused_everything_else(
    company: CompanyAtWork, name: str
) -> None:
    attempt = {**ORDERS, **CANCELLATIONS, **NAMES, **PAYMENTS}[name]
    anna, service = await company.client(), (await company.ids())["S1"]
    before = await state(company, anna, service)
    looker = replace(anna, rights=Rights.LOOK.allowed)
    with pytest.raises(NotAllowedError) as refused:
        await attempt(Try(company, company.actions, looker, service))
    assert refused.value.code == "access_limited"
    assert await state(company, anna, service) == before


async def _with_order(company: CompanyAtWork, *, renewal: bool) -> ClientInfo:
    """Put an order into the cart, and a renewal beside it."""
    anna = await company.client()
    await company.actions.add_product(
        anna, PL, product_number=company.number("vps"), cycle=MONTHLY, name="mine"
    )
    if renewal:
        await company.actions.add_renewal(anna, PL, (await company.ids())["S1"])
    return anna


async def test_an_order_in_the_cart_is_not_placed_once_it_is_not_allowed(
    company: CompanyAtWork,
) -> None:
    anna = await _with_order(company, renewal=False)
    confirmed = (await company.actions.show_cart(anna, PL)).quoted_cart
    actions = under(company, NO_ORDER).actions
    view = await actions.show_cart(anna, PL)
    assert not view.quoted_cart.quotes
    assert [p.reason for p in view.quoted_cart.problems] == [Unavailable.ORDER_NOT_ALLOWED]
    with pytest.raises(NotAllowedError, match="order_not_allowed"):
        await actions.review_checkout(anna, PL)
    with pytest.raises(NotAllowedError, match="order_not_allowed"):
        await actions.place_order(
            anna, PL, revision=confirmed.revision, seal=confirmed.seal, gateway_number=BANK
        )
    assert (await actions.list_invoices(anna, is_open=True)).count == 0
    assert (await actions.show_cart(anna, PL)).cart == view.cart


async def test_the_renewal_beside_it_can_still_be_bought(company: CompanyAtWork) -> None:
    anna = await _with_order(company, renewal=True)
    confirmed = (await company.actions.show_cart(anna, PL)).quoted_cart
    narrow = under(company, NO_ORDER)
    with pytest.raises(CartChangedError):
        await narrow.actions.place_order(
            anna, PL, revision=confirmed.revision, seal=confirmed.seal, gateway_number=BANK
        )
    placed = await narrow.place()
    assert [line.quote.service_id for line in placed.invoice.lines] == [
        (await company.ids())["S1"]
    ]
    left = await narrow.actions.show_cart(anna, PL)
    assert [problem.name for problem in left.quoted_cart.problems] == ["Hosting vps"]


async def test_the_public_still_sees_what_the_company_offers(company: CompanyAtWork) -> None:
    shop = await under(company, NO_ORDER).actions.show_shop(None, ProductKind.PRODUCT)
    assert shop.shelves


async def test_views_say_what_is_allowed_and_name_nothing_to_order(
    company: CompanyAtWork,
) -> None:
    anna, service = await company.client(), (await company.ids())["S1"]
    await company.publishes(catalogue(banners=(banner(product="vps"),)))
    actions = under(company, NOTHING).actions
    page = await actions.show_service(anna, service, PL)
    listed = await actions.list_services(anna, ServiceFilter())
    views = (
        page,
        listed,
        await actions.show_home(anna),
        await actions.show_cart(anna, PL),
        await actions.list_renewals(anna, PL),
    )
    assert [view.allowed for view in views] == [NOTHING] * 5
    assert await actions.show_allowed(None) == await actions.show_allowed(anna) == NOTHING
    assert not page.can_order_addons
    assert listed.banner is not None
    assert listed.banner_product is None


@pytest.mark.slow
@pytest.mark.parametrize(("allowed", "offered"), [(Allowed(), "start"), (NO_ORDER, None)])
async def test_a_reminder_offers_nothing_that_may_not_be_ordered(
    empty: str, allowed: Allowed, offered: str | None
) -> None:
    async with open_days(empty, panel=limited(allowed)) as days:
        await days.publish(catalog(banners=(banner(product="start"),)))
        await days.owns(await days.client(), 3)
        await days.goes_to(time(11))
        offer, product = days.last.offer, days.last.offered
    assert offer is not None
    assert (product.id if product else None) == offered


async def test_a_panel_that_ends_services_itself_is_left_alone(company: CompanyAtWork) -> None:
    anna, service = await company.client(), (await company.ids())["S1"]
    request = await company.actions.request_cancellation(
        anna, service, when=CancelWhen.PERIOD_END, reason=""
    )
    await company.actions.decide_cancellation(request.id, accept=True, by=STAFF)
    (other,) = await company.owns(service_row("S9"))
    await company.renew(other)
    company.passes(days=60)
    actions = under(company, Allowed(), sweeps=False).actions
    before = await state(company, anna, service)
    unpaid = await company.actions.list_invoices(anna, is_open=True)
    assert unpaid.count == 1
    assert await actions.end_cancelled() == await actions.expire_invoices() == 0
    assert await state(company, anna, service) == before
    assert await company.actions.list_invoices(anna, is_open=True) == unpaid
    assert await company.actions.end_cancelled() == await company.actions.expire_invoices() == 1


@pytest.mark.parametrize("accept", [True, False])
async def test_the_operator_does_not_decide_what_a_panel_decides_itself(
    company: CompanyAtWork, *, accept: bool
) -> None:
    anna, service = await company.client(), (await company.ids())["S1"]
    request = await company.actions.request_cancellation(
        anna, service, when=CancelWhen.NOW, reason=""
    )
    (order,) = await company.owns(service_row("S9", status=ServiceStatus.PENDING))
    before = await state(company, anna, service), await state(company, anna, order)
    actions = under(company, Allowed(), sweeps=False).actions
    with pytest.raises(NotAllowedError, match="panel_decides"):
        await actions.decide_cancellation(request.id, accept=accept, by=STAFF)
    with pytest.raises(NotAllowedError, match="panel_decides"):
        await actions.decide_order(order, accept=accept, by=STAFF)
    with pytest.raises(NotAllowedError, match="panel_has_rows"):
        await actions.load_company(Folder(catalogue(), (), (service_row("S8"),)), by=STAFF)
    assert "S8" not in await company.ids()
    assert (await state(company, anna, service), await state(company, anna, order)) == before
    assert not [entry for entry in await actions.list_audit() if entry.action is not Audited.LOAD]
    await company.actions.decide_cancellation(request.id, accept=accept, by=STAFF)
    await company.actions.decide_order(order, accept=accept, by=STAFF)


async def test_a_message_says_what_is_allowed_for_its_client(empty: str) -> None:
    async with open_days(empty, panel=limited(NO_ORDER)) as days:
        anna = await days.client()
        service = await days.owns(anna)
        request = await days.actions.request_cancellation(
            anna, service.id, when=CancelWhen.NOW, reason="", user_id=7
        )
        await days.actions.decide_cancellation(request.id, accept=False, by=STAFF)
        await days.actions.send_outbox()
        allowed = [message.allowed for message in days.post.notices if message.user_id]
    assert allowed == [NO_ORDER]
