"""One cart, one group: which orders are services of their own, and whose the add-ons are.

Jan has the hosting 1 (product 2) with the add-on 2 (product 6).
Products 2 and 3 have both add-ons.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from billing.ports.connected import PanelUnreachableError
from billing.rules.services.service import ServiceKind, ServiceStatus
from billing.rules.shop.cart import LineKind
from billing.views.panel import SeenService
from bot.sandbox.faults import Fault
from bot.sandbox.panels.fossbilling.api import PanelApi
from bot.sandbox.panels.fossbilling.traps import Traps
from tests.bot.panels.fossbilling.odd_rows import Odd, OddApi
from tests.bot.panels.fossbilling.serving import Outside, outside
from tests.fakes import StillClock

SERVICE, ADDON, DOMAIN = ServiceKind.SERVICE, ServiceKind.ADDON, ServiceKind.DOMAIN
HOSTING, CARE, SPACE, SSL = 2, 3, 6, 7


def puts(there: Outside, number: int, product: int, *, main: bool = False, **config: Any) -> None:
    """An order of Jan's in the group of a cart, as the cart leaves it there."""
    like = there.api.world.order(1)
    there.api.world.data.orders.append(
        replace(
            like, id=number, product_id=product, group_id="77", group_master=int(main),
            title=f"Order {number}", period="1M", unpaid_invoice_id=None, meta={},
            config={"id": number, "product_id": product, **config},
        )
    )  # fmt: skip


async def seen(there: Outside) -> Mapping[str, SeenService]:
    """Jan's services, which are the same whether they are read alone or with everybody's."""
    account = await there.panel.reading.account("1")
    everybody = {one.client.ref: one async for one in there.panel.everything()}
    assert account is not None
    assert everybody["1"].snapshot == account.snapshot
    return {one.ref: one for one in account.snapshot.services}


@pytest.fixture(params=[True, False], ids=["hidden", "listed"])
async def there(request: pytest.FixtureRequest, clock: StillClock) -> Any:
    async with outside(OddApi(clock, traps=Traps(addons_hidden=request.param))) as panel:
        yield panel


async def test_a_second_hosting_of_a_cart_is_a_service_with_its_own_add_ons(
    there: Outside,
) -> None:
    puts(there, 20, HOSTING, main=True, price=1)
    puts(there, 21, SPACE, parent_id=HOSTING)
    puts(there, 22, HOSTING, price=1)
    puts(there, 23, SPACE, parent_id=HOSTING)
    puts(there, 24, CARE, price=1)
    puts(there, 25, SSL, parent_id=CARE)
    services = await seen(there)
    assert {ref: (one.kind, one.parent) for ref, one in services.items() if int(ref) >= 20} == {
        "20": (SERVICE, None), "21": (ADDON, (SERVICE, "20")),
        "22": (SERVICE, None), "23": (ADDON, (SERVICE, "22")),
        "24": (SERVICE, None), "25": (ADDON, (SERVICE, "24")),
    }  # fmt: skip
    assert services["22"].status is ServiceStatus.ACTIVE


async def test_what_staff_put_into_a_group_is_known_by_its_product(there: Outside) -> None:
    group = there.api.world.order(1).group_id
    made = []
    for product in (CARE, SSL):
        number = await there.http.write(
            "admin/order/create", client_id=1, product_id=product, period="1M", group_id=group,
            invoice_option="no-invoice",
        )  # fmt: skip
        made.append(str(number))
    services = await seen(there)
    assert services[made[0]].kind is SERVICE
    # It fits both; the leader is the first.
    assert (services[made[1]].kind, services[made[1]].parent) == (ADDON, (SERVICE, "1"))
    assert (services["2"].kind, services["2"].parent) == (ADDON, (SERVICE, "1"))


async def test_one_whose_leader_is_gone_stands_alone(there: Outside) -> None:
    puts(there, 20, HOSTING, main=True, price=1)
    puts(there, 22, HOSTING, price=1)
    puts(there, 23, SPACE, parent_id=HOSTING)
    there.api.world.data.orders[:] = [one for one in there.api.world.data.orders if one.id != 20]
    line = [
        {"title": "x", "price": 9, "type": "order", "rel_id": number, "task": "renew"}
        for number in (22, 23)
    ]
    await there.http.write("admin/invoice/prepare", client_id=1, items=line)
    services = await seen(there)
    assert (services["22"].kind, services["23"].parent) == (SERVICE, (SERVICE, "22"))


async def test_a_line_for_the_second_service_is_for_a_product(there: Outside) -> None:
    puts(there, 20, HOSTING, main=True, price=1)
    puts(there, 22, HOSTING, price=1)
    line = {"title": "x", "price": 9, "type": "order", "rel_id": 22, "task": "activate"}
    number = await there.http.write("admin/invoice/prepare", client_id=1, items=[line])
    account = await there.panel.reading.account("1")
    assert account is not None
    (bill,) = [one for one in account.snapshot.invoices if one.ref == str(number)]
    assert [(one.kind, one.service) for one in bill.lines] == [(LineKind.PRODUCT, (SERVICE, "22"))]


async def test_a_product_that_nobody_knows_any_more_is_an_add_on_as_before(
    there: Outside,
) -> None:
    assert isinstance(there.api, OddApi)
    there.api.odd.append(Odd("order", 2, "product_id", 99))
    assert (await seen(there))["2"].parent == (SERVICE, "1")


async def test_nobody_guesses_while_the_products_cannot_be_read(clock: StillClock) -> None:
    async with outside(PanelApi(clock, traps=Traps(addons_hidden=False))) as there:
        there.api.faults.add(Fault("admin/product/get_list", "500", count=None))
        with pytest.raises(PanelUnreachableError):
            await there.panel.reading.account("1")
        # Who has nothing that depends on them is read.
        assert await there.panel.reading.account("4") is not None
        there.api.faults.clear()
        known = await there.panel.reading.account("1")
        there.api.faults.add(Fault("admin/product/get_list", "500", count=None))
        assert await there.panel.reading.account("1") == known
