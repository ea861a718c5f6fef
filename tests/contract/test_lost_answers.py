"""Whatever goes wrong with whichever call to the panel, everything is done once.

A purchase is made again and again, and each time another call meets something else: it never
arrives, its answer is lost, or we are killed around it.
"""

from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from billing.rules.payments.invoices import InvoiceStatus
from billing.rules.payments.orders import OrderState
from billing.rules.services.service import ServiceStatus
from tests.contract.companies import JAN, MONTHLY, ONCE, Beside, load_clients, open_beside
from tests.contract.troubles import Trouble
from tests.database import Store, database_while, on_both_stores

RENEWED = "2027-01-18 12:00:00"

ON_BOTH = (Trouble.LOST, Trouble.KILLED_AFTER)
"""Those that leave most to be found out; the soak meets all of them on both stores."""

WRITES = [
    *((Store.SQLITE, trouble) for trouble in Trouble),
    *((Store.POSTGRESQL, trouble) for trouble in ON_BOTH),
]


async def fills(company: Beside) -> None:
    """A renewal, an add-on of a known service, a new service with an add-on."""
    await company.puts_renewals("4", ref=JAN)
    await company.puts_addon("ssl", "3", ONCE, ref=JAN)
    await company.puts("start", name="nowa.example", addons=[("space", MONTHLY)], ref=JAN)


async def buys_everything(company: Beside) -> None:
    await fills(company)
    company.troubles.begin()
    await company.buys(ref=JAN)


async def everything_is_there_once(company: Beside) -> None:
    """One order for each new thing, one invoice for them, one for the renewal, two payments."""
    assert await company.calls() == []
    world = company.world
    new = [one for one in world.data.orders if one.id > 15]
    assert Counter(one.product_id for one in new) == {2: 1, 6: 1, 7: 1}
    assert {one.status for one in new} == {"active"}
    assert {one.invoice_option for one in new if one.period} == {"issue-invoice"}
    made = [one for one in world.data.invoices if one.id > 20]
    assert Counter(number for one in made for number in one.orders()) == dict.fromkeys(
        [4, *(one.id for one in new)], 1
    )
    assert len(made) == len(world.data.transactions) == 2
    assert {one.status for one in made} == {"paid"}
    assert str(world.order(4).expires_at) == RENEWED
    ours = [one for one in await company.invoices(JAN) if one.order_id]
    assert {one.status for one in ours} == {InvoiceStatus.PAID}
    assert len(ours) == 2
    page = await company.core.actions.show_order(await company.client(JAN), 1)
    assert page.order.state is OrderState.PLACED
    assert {one.status for one in await company.made(JAN)} == {ServiceStatus.ACTIVE}


@on_both_stores
async def test_without_trouble(beside: Beside) -> None:
    await buys_everything(beside)
    await everything_is_there_once(beside)
    assert Counter(beside.troubles.writes) == {
        "order/create": 3, "invoice/prepare": 1, "order/update": 2,
        "invoice/renewal_invoice": 1, "invoice/mark_as_paid": 2,
    }  # fmt: skip
    assert beside.troubles.most_at_once == 1


@pytest.mark.slow
@pytest.mark.parametrize(("store", "trouble"), WRITES)
async def test_at_every_write(empty: str, store: Store, trouble: Trouble) -> None:
    writes = await numbers_of_calls(empty, only_writes=True)
    assert len(writes) == 9
    for number in writes:
        await meets(store, number, trouble)


@pytest.mark.soak
@pytest.mark.timeout(3600)
@on_both_stores
@pytest.mark.parametrize("trouble", Trouble)
async def test_at_every_call(empty: str, store: Store, trouble: Trouble) -> None:
    for number in await numbers_of_calls(empty, only_writes=False):
        await meets(store, number, trouble)


async def numbers_of_calls(url: str, *, only_writes: bool) -> list[int]:
    """The calls of the same purchase without trouble, from the first."""
    async with open_beside(url) as company:
        await buys_everything(company)
        troubles = company.troubles
        return [
            number
            for number, call in enumerate(troubles.calls)
            if not only_writes or troubles.is_write(call)
        ]


async def meets(store: Store, number: int, trouble: Trouble) -> None:
    with TemporaryDirectory() as folder:
        async with database_while(store, Path(folder), load_clients) as url:
            await _meets(url, number, trouble)


async def _meets(url: str, number: int, trouble: Trouble) -> None:
    async with open_beside(url) as company:
        await fills(company)
        company.troubles.begin()
        company.troubles.at = {number: trouble}
        await company.buys(ref=JAN)
        assert company.troubles.met == [(number, trouble)]
        await everything_is_there_once(company)
