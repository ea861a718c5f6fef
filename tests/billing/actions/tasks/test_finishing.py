"""The list of tasks, and what makes one of them done."""

from dataclasses import replace

import pytest

from billing.rules.audit import Actor, Audited
from billing.rules.errors import NotFoundError
from billing.rules.work import WorkKind
from billing.views.account import ClientInfo
from tests.billing.actions.company import CompanyAtWork, catalogue
from tests.billing.actions.tasks.test_opening import adds, needs, orders, pays
from tests.make import STAFF

OLGA, BASIA = Actor("olga"), Actor("basia")


async def audited(company: CompanyAtWork) -> list[tuple[str, str, str]]:
    """Who finished which task, and what it was."""
    return [
        (entry.actor.name, entry.subject, entry.note)
        for entry in await company.actions.list_audit()
        if entry.action is Audited.FINISH_TASK
    ]


async def test_a_task_is_done_once_and_says_by_whom(
    company: CompanyAtWork, anna: ClientInfo
) -> None:
    await adds(company, "ip", "S1")
    number = await pays(company)
    (listed,) = await company.actions.list_tasks()
    assert (listed.client_ref, listed.client_name) == (anna.ref, anna.name)
    task = listed.task
    first = await company.actions.finish_task(task.id, by=OLGA)
    company.passes(minutes=5)
    again = await company.actions.finish_task(task.id, by=BASIA)
    assert (first.was_done, again.was_done) == (False, True)
    assert again.task == first.task
    assert (again.task.done_by, again.task.done_at) == ("olga", task.opened_at)
    about = f"addon: Dodatek ip anna.example {number}"
    assert await audited(company) == [("olga", f"task {task.id}", about)]
    assert not await company.actions.list_tasks()


@pytest.mark.parametrize("number", [0, 1, 2**62])
async def test_there_is_no_such_task(company: CompanyAtWork, number: int) -> None:
    with pytest.raises(NotFoundError, match="no_such_task"):
        await company.actions.finish_task(number, by=OLGA)


async def test_the_list_with_what_is_done_begins_with_the_newest(company: CompanyAtWork) -> None:
    await needs(company, WorkKind.RENEWAL)
    number = (await company.ids())["S1"]
    for _ in range(55):
        await company.actions.record_transfer(
            (await company.renew(number)).invoice.number, by=STAFF
        )
    first = await company.actions.list_tasks()
    assert (len(first), first.has_next) == (50, True)
    oldest = next(iter(first)).task
    await company.actions.finish_task(oldest.id, by=OLGA)
    assert next(iter(await company.actions.list_tasks())).task.id > oldest.id
    everything = [
        one.task
        for page in (1, 2)
        for one in await company.actions.list_tasks(page, done_too=True)
    ]
    assert [task.id for task in everything] == sorted((t.id for t in everything), reverse=True)
    assert [task.id for task in everything if not task.is_open] == [oldest.id]


class TestAnOrder:
    """Deciding about it is what there is to do."""

    @pytest.mark.parametrize("accept", [True, False])
    async def test_is_done_once_it_is_decided(
        self, company: CompanyAtWork, *, accept: bool
    ) -> None:
        await orders(company, "ssl")
        await adds(company, "ip", "S1")
        await pays(company)
        (order,) = await company.actions.list_orders()
        await company.actions.decide_order(order.service.id, accept=accept, by=OLGA)
        (left,) = await company.actions.list_tasks()
        assert left.task.title == "Dodatek ip anna.example", "of another service"
        done = [
            (one.task.kind, one.task.done_by)
            for one in await company.actions.list_tasks(done_too=True)
            if not one.task.is_open
        ]
        assert done == [(WorkKind.ADDON, "olga"), (WorkKind.ORDER, "olga")]
        assert await audited(company) == [], "the decision is in the trail itself"

    async def test_waits_after_its_task_is_done_and_says_so(self, company: CompanyAtWork) -> None:
        await orders(company)
        await pays(company)
        (listed,) = await company.actions.list_tasks()
        finished = await company.actions.finish_task(listed.task.id, by=OLGA)
        (order,) = await company.actions.list_orders()
        assert (finished.order_waits, finished.task.service_id) == (True, order.service.id)
        await company.actions.decide_order(order.service.id, accept=True, by=BASIA)
        again = await company.actions.finish_task(listed.task.id, by=BASIA)
        assert (again.order_waits, again.task.done_by) == (False, "olga")

    async def test_whose_product_is_gone_from_the_catalogue_needs_work_as_by_default(
        self, company: CompanyAtWork
    ) -> None:
        await orders(company)
        placed = await company.place()
        products = company.catalog.products
        await company.publishes(replace(catalogue(), products=products[1:]))
        await company.actions.record_transfer(placed.invoice.number, by=STAFF)
        assert [one.task.kind for one in await company.actions.list_tasks()] == [WorkKind.ORDER]
