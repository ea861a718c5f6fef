"""What was paid opens a task, once; the operator is told of it in one message a proforma."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from billing.rules.cycles import BillingCycle
from billing.rules.services.service import ServiceStatus, SuspendedFor
from billing.rules.work import PAID_WORK, WorkKind
from billing.views.account import ClientInfo
from billing.views.notices.operator import OrderPaid
from billing.views.notices.work import OpenedTask, TasksOpened
from tests.billing.actions.company import (
    CREDIT,
    PL,
    CompanyAtWork,
    addon_row,
    catalogue,
    make_company,
)
from tests.make import STAFF, TODAY
from tests.storage.company import service_row

MONTHLY = BillingCycle.MONTHLY
EVERYTHING = PAID_WORK
UNPAID = {
    "status": ServiceStatus.SUSPENDED,
    "suspended_for": SuspendedFor.NON_PAYMENT,
    "next_due_date": TODAY - timedelta(days=10),
}


async def needs(company: CompanyAtWork, *kinds: WorkKind) -> None:
    """Every product needs work after these from now on."""
    products = tuple(replace(one, needs_work=kinds) for one in company.catalog.products)
    await company.publishes(catalogue(products=products))


async def tasks(company: CompanyAtWork) -> list[tuple[WorkKind, str]]:
    """What is to be done, the oldest first."""
    listed = await company.actions.list_tasks()
    return [(one.task.kind, one.task.title) for one in listed]


async def told(company: CompanyAtWork) -> list[Sequence[OpenedTask]]:
    """The tasks in each message of them."""
    return [notice.tasks for _, notice in await company.notices(TasksOpened)]


async def orders(company: CompanyAtWork, *addons: str, name: str = "nowa.example") -> None:
    await company.actions.add_product(
        await company.client(), PL, product_number=company.number("start"), cycle=MONTHLY,
        name=name, addons=[(company.number(one), MONTHLY) for one in addons],
    )  # fmt: skip


async def adds(company: CompanyAtWork, addon: str, ref: str) -> None:
    await company.actions.add_addon(
        await company.client(), PL, product_number=company.number(addon), cycle=MONTHLY,
        service_id=(await company.ids())[ref],
    )  # fmt: skip


async def pays(company: CompanyAtWork) -> str:
    """Place what is in the cart and pay it; the proforma's number."""
    placed = await company.place()
    await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    return placed.invoice.number


async def test_by_default_a_product_an_add_on_and_a_reactivation_are_tasks(
    company: CompanyAtWork,
) -> None:
    (off,) = await company.owns(service_row("S9", domain="stara.example", **UNPAID))
    await orders(company)
    await adds(company, "ip", "S1")
    client = await company.client()
    for number in (off, (await company.ids())["S1"]):
        await company.actions.add_renewal(client, PL, number)
    await pays(company)
    assert await tasks(company) == [
        (WorkKind.ORDER, "Hosting start nowa.example"),
        (WorkKind.ADDON, "Dodatek ip anna.example"),
        (WorkKind.REACTIVATION, "Hosting start stara.example"),
    ]


@pytest.mark.parametrize("kind", EVERYTHING)
async def test_each_kind_alone(company: CompanyAtWork, kind: WorkKind) -> None:
    await company.owns(service_row("S9", domain="stara.example", **UNPAID))
    await needs(company, kind)
    await orders(company, "ssl")
    await adds(company, "ip", "S1")
    client, ids = await company.client(), await company.ids()
    for ref in ("S1", "A1", "S9"):
        await company.actions.add_renewal(client, PL, ids[ref])
    await pays(company)
    count = {WorkKind.ADDON: 2, WorkKind.RENEWAL: 3}.get(kind, 1)
    assert [one for one, _ in await tasks(company)] == [kind] * count


async def test_a_product_that_needs_no_work_opens_none(company: CompanyAtWork) -> None:
    await company.owns(service_row("S9", domain="stara.example", **UNPAID))
    await needs(company)
    await orders(company, "ssl")
    await adds(company, "ip", "S1")
    client, ids = await company.client(), await company.ids()
    for ref in ("S1", "S9"):
        await company.actions.add_renewal(client, PL, ids[ref])
    await pays(company)
    assert await tasks(company) == []
    assert await told(company) == []
    assert len(await company.notices(OrderPaid)) == 1, "the order waits all the same"


async def test_a_task_changes_nothing_else(company: CompanyAtWork) -> None:
    await needs(company, *EVERYTHING)
    number = (await company.ids())["S1"]
    placed = await company.renew(number, gateway=CREDIT)
    before = await company.service(number)
    ((_, notice),) = await company.notices(TasksOpened)
    await company.actions.finish_task(notice.tasks[0].task_id, by=STAFF)
    assert await company.service(number) == before
    assert (notice.number, notice.tasks[0].service.id) == (placed.invoice.number, number)


async def test_a_service_that_stays_suspended_is_not_to_be_switched_on(
    company: CompanyAtWork,
) -> None:
    long_ago = TODAY - timedelta(days=100)
    (off,) = await company.owns(service_row("S9", **UNPAID | {"next_due_date": long_ago}))
    await company.renew(off, gateway=CREDIT)
    assert (await company.service(off)).status is ServiceStatus.SUSPENDED
    assert await tasks(company) == []


async def test_what_is_paid_twice_opens_one_task(
    company: CompanyAtWork, twin: CompanyAtWork
) -> None:
    await adds(company, "ip", "S1")
    number = await pays(company)
    for one in (company, twin):
        await one.actions.record_transfer(number, by=STAFF)
        await one.actions.record_transfer(number, "5.00", reference="other", by=STAFF)
    assert len(await tasks(company)) == len(await told(company)) == 1


async def test_a_line_opens_no_second_task(company: CompanyAtWork) -> None:
    await adds(company, "ip", "S1")
    await pays(company)
    (listed,) = await company.actions.list_tasks()
    async with company.database.work.writing() as uow:
        assert await uow.tasks.open([listed.task, listed.task]) == ()
        await uow.commit()
    assert len(await tasks(company)) == 1


async def test_what_is_given_back_opens_none(company: CompanyAtWork) -> None:
    await needs(company, *EVERYTHING)
    number = (await company.ids())["S1"]
    placed = await company.renew(number)
    await company.becomes(number, status=ServiceStatus.TERMINATED)
    await company.actions.record_transfer(placed.invoice.number, by=STAFF)
    assert await tasks(company) == []


class TestTelling:
    async def test_the_tasks_of_a_proforma_are_one_message(self, company: CompanyAtWork) -> None:
        await needs(company, *EVERYTHING)
        await company.owns(addon_row("A2", product="ip", name="Add-on ip"))
        ids = await company.ids()
        placed = await company.renew(ids["S1"], ids["A1"], ids["A2"])
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        (together,) = await told(company)
        listed = await company.actions.list_tasks()
        assert [one.task_id for one in together] == [one.task.id for one in listed]
        assert {one.service.id for one in together} == {ids["S1"], ids["A1"], ids["A2"]}

    async def test_of_an_order_and_its_add_ons_its_own_message_speaks(
        self, company: CompanyAtWork
    ) -> None:
        await orders(company, "ssl")
        await pays(company)
        assert await company.alerts() == ["order_paid"]
        assert [kind for kind, _ in await tasks(company)] == [WorkKind.ORDER, WorkKind.ADDON]

    async def test_the_rest_of_that_proforma_has_a_message(self, company: CompanyAtWork) -> None:
        await orders(company, "ssl")
        await adds(company, "ip", "S1")
        await pays(company)
        assert await company.alerts() == ["order_paid", "tasks_opened"]
        assert [[one.kind for one in mine] for mine in await told(company)] == [[WorkKind.ADDON]]

    async def test_where_clients_have_no_credit_too(
        self, company: CompanyAtWork, anna: ClientInfo
    ) -> None:
        await adds(company, "ip", "S1")
        await pays(make_company(company.database, company.clock))
        assert [notice.client_id for _, notice in await company.notices(TasksOpened)] == [anna.id]
