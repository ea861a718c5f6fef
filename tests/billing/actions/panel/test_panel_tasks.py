"""Work after what a connected panel has carried out."""

from dataclasses import replace

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import ServiceKind, ServiceStatus, SuspendedFor
from billing.rules.work import WorkKind
from billing.views.notices.work import ProformaPaid, TasksOpened
from tests.billing.actions.company import PL, catalogue, make_company
from tests.billing.actions.panel.company import Connected
from tests.make import STAFF

MONTHLY = BillingCycle.MONTHLY
S1 = (ServiceKind.SERVICE, "S1")


async def needs(beside: Connected, *kinds: WorkKind) -> None:
    """Every product needs work after these from now on."""
    company = beside.company
    products = tuple(replace(one, needs_work=kinds) for one in company.catalog.products)
    loading = make_company(company.database, company.clock)
    await loading.publishes(catalogue(products=products))


async def is_suspended(beside: Connected) -> None:
    services = (await beside.account()).services
    services[S1] = replace(
        services[S1], status=ServiceStatus.SUSPENDED, suspended_for=SuspendedFor.NON_PAYMENT
    )


async def tasks(beside: Connected) -> list[tuple[WorkKind, str]]:
    listed = await beside.company.actions.list_tasks()
    return [(one.task.kind, one.task.title) for one in listed]


async def pays_a_renewal(beside: Connected) -> str:
    """Order a renewal and pay it; the panel has it recorded. The proforma's number."""
    page = await beside.orders_a_renewal()
    await beside.works()
    (bill,) = (await beside.shown(page)).invoices
    await beside.company.actions.record_transfer(bill.number, by=STAFF)
    return bill.number


@pytest.mark.parametrize("by_itself", [True, False])
async def test_a_service_that_the_panel_switches_on_itself_needs_nobody(
    beside: Connected, *, by_itself: bool
) -> None:
    await is_suspended(beside)
    beside.panel.leaves_off = not by_itself
    await pays_a_renewal(beside)
    assert await tasks(beside) == [], "it is not carried out yet"
    await beside.works()
    reactivation = (WorkKind.REACTIVATION, "Hosting start anna.example")
    assert await tasks(beside) == ([] if by_itself else [reactivation])


@pytest.mark.parametrize("kinds", [(), (WorkKind.RENEWAL,)])
async def test_a_renewal_is_a_task_where_the_product_says_so(
    beside: Connected, kinds: tuple[WorkKind, ...]
) -> None:
    await needs(beside, *kinds)
    await pays_a_renewal(beside)
    await beside.works()
    assert [kind for kind, _ in await tasks(beside)] == list(kinds)


async def test_an_order_and_an_add_on_are_told_once_in_one_message(beside: Connected) -> None:
    client, actions = await beside.client(), beside.company.actions
    await actions.add_product(
        client, PL, product_number=beside.company.number("vps"), cycle=MONTHLY, name="Serwer",
        addons=[],
    )  # fmt: skip
    await actions.add_addon(
        client, PL, product_number=beside.company.number("ip"), cycle=MONTHLY,
        service_id=(await beside.company.ids())["S1"],
    )  # fmt: skip
    page = await beside.order()
    await beside.works()
    (bill,) = (await beside.shown(page)).invoices
    await actions.record_transfer(bill.number, by=STAFF)
    for _ in range(3):
        await beside.works(minutes=5)
    listed = await actions.list_tasks()
    assert [(one.task.kind, one.task.domain) for one in listed] == [
        (WorkKind.ORDER, "Serwer"),
        (WorkKind.ADDON, "anna.example"),
    ]
    ((_, told),) = await beside.company.notices(TasksOpened)
    assert [one.task_id for one in told.tasks] == [one.task.id for one in listed]
    assert len(await beside.company.notices(ProformaPaid)) == 1


async def test_another_reading_opens_nothing_again(beside: Connected) -> None:
    await needs(beside, WorkKind.RENEWAL)
    await pays_a_renewal(beside)
    await beside.works()
    (listed,) = await beside.company.actions.list_tasks()
    await beside.company.actions.finish_task(listed.task.id, by=STAFF)
    await beside.orders_a_renewal("A1")
    await beside.works()
    assert await tasks(beside) == []


async def test_what_was_ordered_here_and_paid_in_the_panel_is_a_task(beside: Connected) -> None:
    await needs(beside, WorkKind.RENEWAL)
    await beside.orders_a_renewal()
    await beside.works()
    beside.panel.pays_there(await beside.account(), await beside.bill())
    await beside.orders_a_renewal("A1")
    await beside.works()
    assert len(await tasks(beside)) == 1


async def test_so_is_what_the_panel_pays_from_the_balance_at_once(beside: Connected) -> None:
    await needs(beside, WorkKind.RENEWAL)
    beside.panel.spends_balance = True
    (await beside.account()).balance = 5000
    await beside.orders_a_renewal()
    await beside.works()
    assert len(await tasks(beside)) == 1


async def test_what_was_paid_there_before_is_history(beside: Connected) -> None:
    await needs(beside, WorkKind.RENEWAL)
    await pays_a_renewal(beside)
    await beside.works()
    old = replace(await beside.bill(), ref="OLD", order_ref="elsewhere")
    (await beside.account()).bills.append(old)
    await beside.orders_a_renewal("A1")
    await beside.works()
    assert len(await tasks(beside)) == 1
