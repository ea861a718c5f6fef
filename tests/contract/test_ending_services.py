"""A service is ended with what belongs to it, and with nothing else."""

from collections.abc import Collection
from typing import Any

import pytest

from billing.rules.payments.orders import OrderState
from billing.views.notices.panel import CallNeedsYou, NotCarriedOut
from tests.contract.companies import JAN, Beside
from tests.contract.troubles import Trouble
from tests.database import on_both_stores

HOSTING, CARE, SPACE = 2, 3, 6
DOMAIN = 1

pytestmark = on_both_stores


async def joins(company: Beside, product: int, parent: int = 1, **values: Any) -> int:
    """Another order in the group of one, as a cart with both leaves it there: not the master."""
    made = await company.panel.http.write(
        "admin/order/create",
        client_id=1,
        product_id=product,
        period=values.pop("period", "1M"),
        group_id=company.world.order(parent).group_id,
        activate=1,
        **values,
    )
    return int(made)


async def combines(company: Beside, *orders: int) -> int:
    """One open invoice for several renewals."""
    lines = [
        {"title": "x", "price": 49, "type": "order", "rel_id": number, "task": "renew"}
        for number in orders
    ]
    made = await company.panel.http.write(
        "admin/invoice/prepare", client_id=1, approve=1, items=lines
    )
    return int(made)


def status(company: Beside, *orders: int) -> list[str]:
    return [company.world.order(number).status for number in orders]


async def ends(company: Beside, name: str = "1", *, waiting: Collection[int] = ()) -> None:
    """Read what is there, then cancel and let it be done.

    `waiting` are orders that staff make wait for their setting up in between.
    """
    company.panel.reading.addons.finish()
    await company.reads_all()
    company.troubles.begin()
    await company.cancels(name, JAN)
    for number in waiting:
        company.world.order(number).status = "pending_setup"
    await company.settles()
    assert await company.calls() == []


async def told(company: Beside) -> str:
    (notice,) = await company.alerts()
    assert isinstance(notice, NotCarriedOut)
    return notice.trouble


class TestOneCart:
    async def test_a_domain_of_the_same_cart_stays(self, beside: Beside) -> None:
        """The panel would delete it at the registrar."""
        config = {
            "action": "register", "register_sld": "jan", "register_tld": ".pl",
            "register_years": 1,
        }  # fmt: skip
        domain = await joins(beside, DOMAIN, period="1Y", config=config)
        await ends(beside)
        assert status(beside, 1, 2, domain) == ["canceled", "canceled", "active"]
        assert beside.troubles.writes == ["order/cancel", "order/cancel"]
        assert await beside.alerts() == []

    async def test_a_second_service_of_the_same_cart_stays(self, beside: Beside) -> None:
        waiting = await joins(beside, CARE)
        beside.world.order(waiting).status = "pending_setup"
        running = await joins(beside, CARE)
        beside.world.product(CARE)["addons"] = []
        await ends(beside)
        assert status(beside, 1, 2) == ["canceled", "canceled"]
        assert status(beside, running, waiting) == ["active", "pending_setup"]
        assert await beside.alerts() == []

    async def test_an_addon_that_may_be_of_another_service_stays_and_is_told_of(
        self, beside: Beside
    ) -> None:
        """Two equal services of one cart: nothing says to which of them an add-on belongs."""
        config = {"domain": {"action": "owndomain", "owndomain_sld": "b", "owndomain_tld": ".pl"}}
        second = await joins(beside, HOSTING, config=config)
        await ends(beside)
        assert status(beside, 1, 2, second) == ["canceled", "active", "active"]
        assert await told(beside) == "order 2 (Dodatkowe 10 GB) may belong to order 1 and runs on"

    async def test_a_second_service_that_is_ended_tells_of_what_may_be_its_addon(
        self, beside: Beside
    ) -> None:
        second = await joins(beside, CARE)
        await ends(beside, str(second))
        assert status(beside, 1, 2, second) == ["active", "active", "canceled"]
        assert await told(beside) == (
            f"order 2 (Dodatkowe 10 GB) may belong to order {second} and runs on"
        )

    async def test_an_addon_that_the_product_has_no_more_stays_and_is_told_of(
        self, beside: Beside
    ) -> None:
        beside.world.product(HOSTING)["addons"] = []
        await ends(beside)
        assert status(beside, 1, 2) == ["canceled", "active"]
        assert await told(beside) == "order 2 (Dodatkowe 10 GB) may belong to order 1 and runs on"


class TestNeverSetUp:
    """The panel deletes such a service, and nothing names its add-ons afterwards.

    Clients cannot end one that waits, but ours may have run when we read it last.
    """

    def there(self, company: Beside) -> set[int]:
        return {one.id for one in company.world.data.orders}

    @pytest.mark.parametrize("trouble", [None, *Trouble])
    async def test_a_service_goes_after_its_addons(
        self, beside: Beside, trouble: Trouble | None
    ) -> None:
        second = await joins(beside, SPACE)
        if trouble:
            beside.troubles.first = {"admin/order/delete": trouble}
        await ends(beside, waiting=[1, 2, second])
        assert not {1, 2, second} & self.there(beside)
        assert beside.troubles.writes == ["order/delete"] * 3
        assert not [one for one in await beside.alerts() if isinstance(one, NotCarriedOut)]

    async def test_an_addon_that_runs_is_ended_before_the_service_is_gone(
        self, beside: Beside
    ) -> None:
        number = await combines(beside, 1, 2)
        await ends(beside, waiting=[1])
        assert 1 not in self.there(beside)
        assert status(beside, 2) == ["canceled"]
        assert beside.world.invoice(number).status == "canceled"
        assert beside.troubles.writes == ["invoice/update", "order/cancel", "order/delete"]

    async def test_what_may_belong_to_it_is_told_of_although_it_is_gone(
        self, beside: Beside
    ) -> None:
        number = await combines(beside, 1, 3)
        beside.world.product(HOSTING)["addons"] = []
        await ends(beside, waiting=[1])
        assert 1 not in self.there(beside)
        assert status(beside, 2) == ["active"]
        assert await told(beside) == (
            f"invoice {number} stays open; "
            "order 2 (Dodatkowe 10 GB) may belong to order 1 and runs on"
        )


class TestInvoices:
    async def test_that_are_about_more_stay_open_and_are_told_of(self, beside: Beside) -> None:
        """Cancelling one would take away what is to be paid for the other."""
        number = await combines(beside, 3, 4)
        await ends(beside, "3")
        assert status(beside, 3, 4) == ["canceled", "active"]
        assert beside.world.invoice(4).status == "canceled"
        assert beside.world.invoice(number).status == "unpaid"
        assert await told(beside) == f"invoice {number} stays open; its payment revives order 3"

    async def test_about_a_service_and_its_addon_are_closed(self, beside: Beside) -> None:
        number = await combines(beside, 1, 2)
        await ends(beside)
        assert beside.world.invoice(number).status == "canceled"
        assert await beside.alerts() == []

    @pytest.mark.parametrize("trouble", [None, Trouble.LOST])
    async def test_that_were_closed_before_a_refusal_are_told_of(
        self, beside: Beside, trouble: Trouble | None
    ) -> None:
        if trouble:
            beside.troubles.first = {"admin/invoice/update": trouble}
        beside.troubles.instead = {
            "admin/invoice/update": lambda: beside.api.denied.add("order.manage")
        }
        await ends(beside, "3")
        alerts = await beside.alerts()
        assert [one.trouble for one in alerts if isinstance(one, NotCarriedOut)] == [
            "not_permitted, and done before: invoice 4"
        ]
        (refusal,) = [one for one in alerts if isinstance(one, CallNeedsYou)]
        assert (refusal.error, refusal.is_refused) == ("not_permitted", True)
        assert status(beside, 3) == ["active"]

    async def test_of_an_order_that_were_closed_before_a_refusal_are_told_of(
        self, beside: Beside
    ) -> None:
        await beside.puts("care", name="Opieka", ref=JAN)
        page = await beside.orders(JAN)
        await beside.settles()
        beside.troubles.instead = {
            "admin/invoice/update": lambda: beside.api.denied.add("order.manage")
        }
        await beside.core.actions.withdraw_order(await beside.client(JAN), page.order.id)
        await beside.settles()
        told = [one.trouble for one in await beside.alerts() if isinstance(one, NotCarriedOut)]
        assert told == ["not_permitted, and done before: invoice 21"]
        shown = await beside.core.actions.show_order(await beside.client(JAN), page.order.id)
        assert (shown.order.state, shown.order.refusal) == (OrderState.PLACED, "not_permitted")


async def test_an_addon_that_cannot_be_ended_leaves_its_service_ended(beside: Beside) -> None:
    """To refuse would tell the client that their service goes on."""
    await beside.cancels("1", JAN)
    await beside.takes(1)
    assert status(beside, 1, 2) == ["canceled", "active"]
    beside.api.denied.add("order.manage")
    await beside.settles()
    assert await told(beside) == "not_permitted, and done before: cancel 1"
    assert await beside.calls() == []
