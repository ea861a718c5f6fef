"""What clients do, with the same outcome whoever owns their services."""

import asyncio
from datetime import date

import pytest

from billing.actions.services.list_services import PAGE_SIZE
from billing.rules.payments.invoices import Invoice, InvoiceStatus
from billing.rules.services.service import ServiceStatus
from billing.views.services import ServiceFilter
from tests.contract.companies import ANNUALLY, FREE, JAN, MONTHLY, ONCE, Beside, Company
from tests.database import on_both_stores
from tests.make import STAFF

ACTIVE = ServiceStatus.ACTIVE

pytestmark = [on_both_stores, pytest.mark.slow]


async def ordered(company: Company, ref: str = JAN) -> list[Invoice]:
    """The invoices of what was ordered here."""
    return [one for one in await company.invoices(ref) if one.order_id]


def amounts(invoices: list[Invoice]) -> list[str]:
    return sorted(str(one.gross) for one in invoices)


async def test_one_renewal_is_one_invoice_and_one_period(company: Company) -> None:
    await company.puts_renewals("4", ref=JAN)
    await company.buys(ref=JAN)
    assert (await company.service("4", JAN)).next_due_date == date(2027, 1, 18)
    (invoice,) = await ordered(company)
    assert (invoice.status, str(invoice.gross)) == (InvoiceStatus.PAID, "49.00 PLN")


async def test_several_renewals_are_each_renewed_once(company: Company) -> None:
    await company.puts_renewals("1", "2", "4", ref=JAN)
    await company.buys(ref=JAN)
    services = await company.services(JAN)
    assert services["1"].next_due_date == services["2"].next_due_date == date(2028, 6, 16)
    assert services["4"].next_due_date == date(2027, 1, 18)
    # One invoice here, one for each service there.
    invoices = await ordered(company)
    assert amounts(invoices) in (["338.00 PLN"], ["199.00 PLN", "49.00 PLN", "90.00 PLN"])
    assert {one.status for one in invoices} == {InvoiceStatus.PAID}


async def test_an_addon_with_a_cycle_belongs_to_its_service(company: Company) -> None:
    await company.puts_addon("space", "1", ANNUALLY, ref=JAN)
    await company.buys(ref=JAN)
    (made,) = await company.made(JAN)
    assert made.parent_id == (await company.service("1", JAN)).id
    assert (made.status, made.cycle, made.next_due_date) == (ACTIVE, ANNUALLY, date(2027, 11, 28))
    assert amounts(await ordered(company)) == ["90.00 PLN"]


async def test_a_new_product_with_addons_is_one_invoice_with_setup_fees(company: Company) -> None:
    addons = [("space", MONTHLY), ("ssl", ONCE)]
    await company.puts("start", ANNUALLY, name="nowa.example", addons=addons, ref=JAN)
    await company.buys(ref=JAN)
    hosting, *added = await company.made(JAN)
    assert (hosting.domain, hosting.status) == ("nowa.example", ACTIVE)
    assert hosting.next_due_date == date(2027, 11, 28)
    assert {one.parent_id for one in added} == {hosting.id}
    dates = {one.product_id: one.next_due_date for one in added}
    assert dates == {"space": date(2026, 12, 28), "ssl": None}
    # 199 and 49, 9 and 5, 80.
    assert amounts(await ordered(company)) == ["342.00 PLN"]


async def test_a_cart_of_everything(company: Company) -> None:
    await company.puts_renewals("4", ref=JAN)
    await company.puts_addon("ssl", "3", ONCE, ref=JAN)
    await company.puts("start", name="nowa.example", addons=[("space", MONTHLY)], ref=JAN)
    await company.buys(ref=JAN)
    assert (await company.service("4", JAN)).next_due_date == date(2027, 1, 18)
    made = await company.made(JAN)
    assert {one.product_id: one.status for one in made} == dict.fromkeys(
        ("start", "space", "ssl"), ACTIVE
    )
    assert amounts(await ordered(company)) in (["162.90 PLN"], ["113.90 PLN", "49.00 PLN"])


async def test_what_costs_nothing_needs_no_payment(company: Company) -> None:
    await company.puts("trial", FREE, name="Próba", ref=JAN)
    await company.confirms(JAN)
    await company.settles()
    (made,) = await company.made(JAN)
    assert (made.status, made.next_due_date) == (ACTIVE, None)
    assert not [one for one in await ordered(company) if one.is_open]


async def test_a_second_transfer_with_the_same_reference_is_booked_once(company: Company) -> None:
    await company.puts_renewals("4", ref=JAN)
    await company.confirms(JAN)
    await company.settles()
    (invoice,) = await ordered(company)
    await company.core.actions.record_transfer(invoice.number, reference="T-1", by=STAFF)
    await company.core.actions.record_transfer(invoice.number, reference="T-1", by=STAFF)
    await company.settles()
    assert (await company.service("4", JAN)).next_due_date == date(2027, 1, 18)


async def test_a_cancelled_service_is_over_at_once(company: Company) -> None:
    await company.cancels("3", JAN)
    await company.settles()
    assert (await company.service("3", JAN)).status is ServiceStatus.CANCELLED
    assert (await company.service("4", JAN)).status is ACTIVE


async def test_addons_of_a_cancelled_service_end_with_it(company: Company) -> None:
    await company.cancels("1", JAN)
    await company.settles()
    services = await company.services(JAN)
    assert {services[name].status for name in ("1", "2")} == {ServiceStatus.CANCELLED}


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        (ServiceFilter(), {"1", "3", "4"}),
        (ServiceFilter(search="jan.ex"), {"1"}),
        (ServiceFilter(status=ACTIVE), {"1", "3", "4"}),
        (ServiceFilter(status=ServiceStatus.SUSPENDED), set()),
        (ServiceFilter(page=7), {"1", "3", "4"}),
    ],
)
async def test_the_list_of_services(
    company: Company, asked: ServiceFilter, names: set[str]
) -> None:
    page = await company.core.actions.list_services(await company.client(JAN), asked)
    assert {one.service.ref for one in page.services} == names


async def test_a_list_of_two_pages(company: Company) -> None:
    for number in range(PAGE_SIZE):
        await company.puts("trial", FREE, name=f"Próba {number}", ref=JAN)
    await company.confirms(JAN)
    await company.settles()
    client = await company.client(JAN)
    pages = [
        await company.core.actions.list_services(client, ServiceFilter(page=page))
        for page in (0, 1, 7)
    ]
    assert [page.service_filter.page for page in pages] == [0, 1, 1]
    first, second, last = ([one.service.id for one in page.services] for page in pages)
    # Three there were before, and an add-on is shown with its service.
    assert (len(first), len(second)) == (PAGE_SIZE, 3)
    assert second == last
    mains = {one.id for one in (await company.services(JAN)).values() if one.parent_id is None}
    assert {*first, *second} == mains


async def test_month_ends_differ_by_design(company: Company) -> None:
    """Here the anchor day is kept: 28 February. A FOSSBilling runs over into March."""
    await company.puts_renewals("5")
    await company.buys()
    due = (await company.service("5")).next_due_date
    kept, overflows = date(2027, 2, 28), date(2027, 3, 3)
    assert due == (overflows if isinstance(company, Beside) else kept)


async def test_two_people_who_confirm_at_once_make_one_order(company: Company) -> None:
    await company.puts_renewals("4", ref=JAN)
    await asyncio.gather(company.confirms(JAN), company.confirms(JAN))
    await company.settles()
    await company.pays(ref=JAN)
    assert len(await ordered(company)) == 1
    assert (await company.service("4", JAN)).next_due_date == date(2027, 1, 18)
